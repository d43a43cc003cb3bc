import Counts
import Feeds
import Glibc
import Support
import Testing

@Suite("Programs that connect to a Unix socket")
struct SocketFeedTests {
  /// A connection to the socket at `path`.
  private func connection(_ path: String) -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let code = withUnsafeBytes(of: &address) { bytes in
      bytes.baseAddress.map {
        connect(descriptor, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
      }
    }
    precondition(code == 0, "a connection to \(path)")
    return descriptor
  }

  private func mode(of path: String) -> mode_t {
    var found = stat()
    #expect(stat(path, &found) == 0)
    return found.st_mode & 0o777
  }

  private func say(_ text: String, to descriptor: Int32) {
    #expect(write(descriptor, text, text.utf8.count) == text.utf8.count)
  }

  @Test("each say lines of their own, as often as they come and go")
  func lines() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/counts.sock"
    let (feed, inbox) = (try SocketFeed(path: path), Inbox())
    feed.start(receive: inbox.receiver)
    defer { feed.stop() }
    #expect(mode(of: path) == 0o666)
    let (one, other) = (connection(path), connection(path))
    say(String(line("a").prefix(20)), to: one)
    say(line("b") + "\nnonsense\n", to: other)
    #expect(try await eventually { inbox.detectors == ["b"] && inbox.errors.map(\.line) == [2] })
    say(line("a").dropFirst(20) + "\n" + line("c"), to: one)
    #expect(try await eventually { inbox.detectors == ["b", "a"] })
    close(one)
    #expect(try await eventually { inbox.detectors == ["b", "a", "c"] })
    close(other)
    let late = connection(path)
    say(line("d") + "\n", to: late)
    #expect(try await eventually { inbox.detectors.last == "d" })
    close(late)
    #expect(inbox.batches.allSatisfy { $0.origin == .socket(path: path) })
  }

  @Test("beyond the limit wait until one has gone")
  func limit() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/counts.sock"
    let (feed, inbox) = (try SocketFeed(path: path), Inbox())
    feed.start(receive: inbox.receiver)
    defer { feed.stop() }
    let many = (0..<40).map { _ in connection(path) }
    for (number, one) in many.enumerated() { say(line("D\(number)") + "\n", to: one) }
    #expect(try await eventually { inbox.records.count == 32 })
    try await Task.sleep(for: .milliseconds(100))
    #expect(inbox.records.count == 32)
    for one in many.prefix(32) { close(one) }
    #expect(try await eventually { inbox.records.count == 40 })
    for one in many.dropFirst(32) { close(one) }
  }

  @Test("find the socket of a daemon that ended put aside, that of one that runs left alone")
  func stale() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/counts.sock"
    let first = try SocketFeed(path: path)
    #expect(throws: FeedError.cannotOpen(path: path, reason: "another program listens there")) {
      try SocketFeed(path: path)
    }
    first.stop()
    #expect(access(path, F_OK) != 0)
    // As after a crash: the socket is there and nobody listens.
    let left = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    _ = withUnsafeBytes(of: &address) { bytes in
      bytes.baseAddress.map {
        bind(left, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
      }
    }
    close(left)
    #expect(access(path, F_OK) == 0)
    try SocketFeed(path: path).stop()
    folder.write("mine", to: "counts.sock")
    #expect(throws: FeedError.self) { try SocketFeed(path: path) }
    #expect(folder.read("counts.sock") == Array("mine".utf8))
  }
}
