import Counts
import Feeds
import Glibc
import Support
import Testing

@Suite("Reading a file or a pipe to its end")
struct StreamFeedTests {
  private func end(of feed: StreamFeed, into inbox: Inbox) async throws -> StreamFeed.End? {
    let ends = Heard<StreamFeed.End>()
    feed.start(receive: inbox.receiver, ended: ends.add)
    #expect(try await eventually { !ends.all.isEmpty })
    return ends.all.first
  }

  @Test("Every line of a large file arrives in order, and progress reaches its size")
  func wholeFile() async throws {
    let folder = try TemporaryFolder()
    let names = (0..<20_000).map { "D\($0)" }
    folder.write(names.map(line).joined(separator: "\n"), to: "counts")
    let size = folder.read("counts").count
    let (inbox, steps, ends) = (Inbox(), Heard<StreamFeed.Progress>(), Heard<StreamFeed.End>())
    let feed = try StreamFeed(path: folder.path + "/counts")
    feed.start(receive: inbox.receiver, progress: steps.add, ended: ends.add)
    #expect(try await eventually(within: 60) { ends.all == [.finished] })
    #expect(inbox.detectors == names)
    #expect(inbox.errors == [])
    #expect(inbox.batches.allSatisfy { $0.origin == .file(path: folder.path + "/counts") })
    let bytes = steps.all.map(\.bytes)
    #expect(bytes == bytes.sorted())
    #expect(bytes.last == size)
    #expect(steps.all.allSatisfy { $0.total == size })
    #expect(steps.all.count == (size + 65_535) / 65_536)
  }

  @Test("Bad lines are reported with their number, the rest is kept")
  func badLines() async throws {
    let folder = try TemporaryFolder()
    folder.write("\(line("a"))\nnonsense\n\(line("b"))\n{}", to: "counts")
    let inbox = Inbox()
    #expect(
      try await end(of: StreamFeed(path: folder.path + "/counts"), into: inbox) == .finished)
    #expect(inbox.detectors == ["a", "b"])
    #expect(Set(inbox.errors.map(\.line)) == [2, 4])
  }

  @Test("Nothing is read on until the receiver has taken what was read")
  func backPressure() async throws {
    let folder = try TemporaryFolder()
    folder.write((0..<5000).map { line("D\($0)") }.joined(separator: "\n"), to: "counts")
    let (inbox, ends) = (Inbox(.hold), Heard<StreamFeed.End>())
    try StreamFeed(path: folder.path + "/counts").start(receive: inbox.receiver, ended: ends.add)
    #expect(try await eventually { inbox.offers == 1 })
    try await Task.sleep(for: .milliseconds(100))
    #expect(inbox.offers == 1)
    inbox.release()
    #expect(try await eventually { inbox.offers == 2 })
    inbox.change(to: .accept)
    inbox.release()
    #expect(try await eventually { ends.all == [.finished] })
    #expect(inbox.records.count == 5000)
  }

  @Test("An overloaded receiver is asked again with the same batch")
  func overload() async throws {
    let folder = try TemporaryFolder()
    folder.write(line("a") + "\n", to: "counts")
    let inbox = Inbox(.overloadFirst(3))
    #expect(
      try await end(of: StreamFeed(path: folder.path + "/counts"), into: inbox) == .finished)
    #expect(inbox.detectors == ["a"])
    #expect(inbox.offers == 4)
  }

  @Test("A file that is missing or a directory is named")
  func cannotOpen() {
    let missing = #expect(throws: FeedError.self) { try StreamFeed(path: "/nowhere/counts") }
    #expect(
      missing?.description == "/nowhere/counts: cannot be opened: No such file or directory")
    #expect(throws: FeedError.notAFile(path: "/tmp")) { try StreamFeed(path: "/tmp") }
  }

  @Test("Lines come through a pipe as they are written, half a line waits")
  func pipe() async throws {
    var ends: [Int32] = [0, 0]
    #expect(Glibc.pipe(&ends) == 0)
    for end in ends { #expect(fcntl(end, F_SETFD, FD_CLOEXEC) == 0) }
    let (input, output) = (ends[0], ends[1])
    defer { close(input) }
    let (inbox, heard) = (Inbox(), Heard<StreamFeed.End>())
    try StreamFeed(descriptor: input).start(receive: inbox.receiver, ended: heard.add)
    func say(_ text: String) { #expect(write(output, text, text.utf8.count) == text.utf8.count) }
    say(line("a") + "\n" + line("b").dropLast(7))
    #expect(try await eventually { inbox.detectors == ["a"] })
    try await Task.sleep(for: .milliseconds(50))
    #expect(inbox.errors == [])
    say(line("b").suffix(7) + "\n" + line("c"))
    #expect(try await eventually { inbox.detectors == ["a", "b"] })
    close(output)
    #expect(try await eventually { heard.all == [.finished] })
    #expect(inbox.detectors == ["a", "b", "c"])
    #expect(inbox.batches.allSatisfy { $0.origin == .pipe })
    #expect(fcntl(input, F_GETFD) >= 0, "standard input stays open")
  }

  @Test("Standard input may be a file, or nothing at all")
  func otherInputs() async throws {
    let folder = try TemporaryFolder()
    folder.write(line("a") + "\n", to: "counts")
    for (path, expected) in [(folder.path + "/counts", ["a"]), ("/dev/null", [])] {
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      let inbox = Inbox()
      #expect(try await end(of: StreamFeed(descriptor: descriptor), into: inbox) == .finished)
      #expect(inbox.detectors == expected)
      close(descriptor)
    }
  }

  @Test("A named pipe outlives its writers")
  func namedPipe() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    let (inbox, ends) = (Inbox(), Heard<StreamFeed.End>())
    let feed = try StreamFeed(path: path)
    feed.start(receive: inbox.receiver, ended: ends.add)
    for name in ["a", "b", "c"] {
      folder.write(line(name) + "\n", to: "pipe")
      #expect(try await eventually { inbox.detectors.last == name })
    }
    #expect(ends.all.isEmpty)
    feed.stop()
    #expect(try await eventually { ends.all == [.stopped] })
  }

  @Test("After a stop nothing more is read, in whatever state it was")
  func stop() async throws {
    var ends: [Int32] = [0, 0]
    #expect(Glibc.pipe(&ends) == 0)
    for end in ends { #expect(fcntl(end, F_SETFD, FD_CLOEXEC) == 0) }
    defer { for end in ends { close(end) } }
    let (inbox, heard) = (Inbox(.hold), Heard<StreamFeed.End>())
    let feed = try StreamFeed(descriptor: ends[0])
    feed.start(receive: inbox.receiver, ended: heard.add)
    let text = line("a") + "\n"
    write(ends[1], text, text.utf8.count)
    #expect(try await eventually { inbox.offers == 1 })
    feed.stop()
    feed.stop()
    #expect(try await eventually { heard.all == [.stopped] })
    inbox.release()
    write(ends[1], text, text.utf8.count)
    try await Task.sleep(for: .milliseconds(50))
    #expect(inbox.offers == 1)
  }

  @Test("A receiver that answers twice does not make it read twice")
  func doubleAnswer() async throws {
    let folder = try TemporaryFolder()
    let names = (0..<5000).map { "D\($0)" }
    folder.write(names.map(line).joined(separator: "\n"), to: "counts")
    let (inbox, ends) = (Inbox(), Heard<StreamFeed.End>())
    try StreamFeed(path: folder.path + "/counts").start(
      receive: { batch, done in
        inbox.receiver(batch, done)
        done(.accepted)
        done(.overloaded)
      }, ended: ends.add)
    #expect(try await eventually { !ends.all.isEmpty })
    #expect(inbox.detectors == names)
    #expect(ends.all == [.finished])
  }
}
