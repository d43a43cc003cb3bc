import Counts
import Feeds
import Glibc
import Signals
import Support
import Testing

/// A followed file, what came of it, and what was reported.
private struct Followed {
  let folder: TemporaryFolder
  let inbox = Inbox()
  let events = Heard<FollowFeed.Event>()
  let feed: FollowFeed
  var path: String { folder.path + "/counts" }

  init(_ beginning: FollowFeed.Beginning, content: String? = nil) throws {
    folder = try TemporaryFolder()
    if let content { folder.write(content, to: "counts") }
    feed = FollowFeed(path: folder.path + "/counts", from: beginning, everyMilliseconds: 10)
    feed.start(receive: inbox.receiver, report: events.add)
  }

  func write(_ text: String) { folder.write(text, to: "counts") }

  func hasHeard(_ event: FollowFeed.Event) async throws -> Bool {
    try await eventually { events.all.contains(event) }
  }

  func has(_ names: [String]) async throws -> Bool {
    _ = try await eventually { inbox.detectors.count >= names.count }
    return inbox.detectors == names
  }
}

@Suite("Following a file")
struct FollowFeedTests {
  @Test("What is appended arrives, half a line when its rest has come")
  func append() async throws {
    let followed = try Followed(.beginning, content: line("a") + "\n")
    defer { followed.feed.stop() }
    #expect(try await followed.has(["a"]))
    followed.write(line("b") + "\n" + line("c").dropLast(5))
    #expect(try await followed.has(["a", "b"]))
    try await Task.sleep(for: .milliseconds(60))
    #expect(followed.inbox.errors == [])
    followed.write(line("c").suffix(5) + "\n")
    #expect(try await followed.has(["a", "b", "c"]))
    #expect(followed.inbox.errors == [])
  }

  @Test("From the end, nothing old is read, nor the rest of a line whose beginning is old")
  func fromEnd() async throws {
    let followed = try Followed(.end, content: line("a") + "\n" + line("b").dropLast(5))
    defer { followed.feed.stop() }
    let position = line("a").utf8.count + 1 + line("b").utf8.count - 5
    #expect(try await followed.hasHeard(.opened(position: position)))
    followed.write(line("b").suffix(5) + "\n" + line("c") + "\n")
    #expect(try await followed.has(["c"]))
    #expect(followed.inbox.errors == [])
  }

  @Test("From the end of whole lines, the next line is read")
  func fromEndOfLine() async throws {
    let followed = try Followed(.end, content: line("a") + "\n")
    defer { followed.feed.stop() }
    #expect(try await followed.hasHeard(.opened(position: line("a").utf8.count + 1)))
    followed.write(line("b") + "\n")
    #expect(try await followed.has(["b"]))
  }

  @Test("A missing file is waited for, said once, and read whole when it comes")
  func missing() async throws {
    let followed = try Followed(.end)
    defer { followed.feed.stop() }
    let waiting = FollowFeed.Event.waiting(
      .cannotOpen(path: followed.path, reason: "No such file or directory"))
    #expect(try await followed.hasHeard(waiting))
    try await Task.sleep(for: .milliseconds(60))
    followed.write(line("a") + "\n")
    #expect(try await followed.has(["a"]))
    #expect(followed.events.all == [waiting, .opened(position: 0)])
  }

  @Test("After rotation the old file is read to its end, late lines included, then the new one")
  func rotation() async throws {
    let followed = try Followed(.beginning, content: line("a") + "\n")
    defer { followed.feed.stop() }
    #expect(try await followed.has(["a"]))
    #expect(rename(followed.path, followed.path + ".1") == 0)
    followed.folder.write(line("b") + "\n", to: "counts.1")
    #expect(try await followed.has(["a", "b"]))
    // Its last line was never ended: with a new file in its place it never will be.
    followed.folder.write(line("c"), to: "counts.1")
    followed.write(line("d") + "\n")
    #expect(try await followed.has(["a", "b", "c", "d"]))
    #expect(followed.events.all == [.opened(position: 0), .rotated, .opened(position: 0)])
    followed.write("nonsense\n")
    #expect(try await eventually { followed.inbox.errors.map(\.line) == [2] })
  }

  @Test("A truncated file is read anew; the half line before is lost and said so")
  func truncation() async throws {
    let followed = try Followed(.beginning, content: line("a") + "\n" + line("b") + "\n{\"v\"")
    defer { followed.feed.stop() }
    #expect(try await followed.has(["a", "b"]))
    #expect(truncate(followed.path, 0) == 0)
    #expect(try await followed.hasHeard(.truncated(bytes: 4)))
    followed.write(line("c") + "\n")
    #expect(try await followed.has(["a", "b", "c"]))
    #expect(followed.inbox.errors == [])
  }

  @Test("A directory in the file's place is reported, and the file taken when it is there")
  func directory() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/counts"
    mkdir(path, 0o700)
    let (inbox, events) = (Inbox(), Heard<FollowFeed.Event>())
    let feed = FollowFeed(path: path, from: .beginning, everyMilliseconds: 10)
    feed.start(receive: inbox.receiver, report: events.add)
    defer { feed.stop() }
    #expect(try await eventually { events.all == [.waiting(.notAFile(path: path))] })
    rmdir(path)
    folder.write(line("a") + "\n", to: "counts")
    #expect(try await eventually { inbox.detectors == ["a"] })
  }

  @Test("While the receiver is busy nothing is read; after a stop nothing more comes")
  func backPressureAndStop() async throws {
    let followed = try Followed(.beginning)
    followed.inbox.change(to: .hold)
    followed.write(line("a") + "\n")
    #expect(try await eventually { followed.inbox.offers == 1 })
    followed.write(line("b") + "\n")
    try await Task.sleep(for: .milliseconds(60))
    #expect(followed.inbox.offers == 1)
    followed.inbox.release()
    #expect(try await eventually { followed.inbox.offers == 2 })
    let stopped = Heard<Bool>()
    followed.feed.stop { stopped.add(true) }
    #expect(try await eventually { stopped.all == [true] })
    followed.inbox.release()
    followed.write(line("c") + "\n")
    try await Task.sleep(for: .milliseconds(60))
    #expect(followed.inbox.detectors == ["a", "b"])
  }

  @Test(
    "Every line arrives once and in order, however it is written and rotated",
    arguments: 1...4 as ClosedRange<UInt64>)
  func random(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let followed = try Followed(.beginning)
    defer { followed.feed.stop() }
    let names = (0..<300).map { "D\($0)" }
    for (position, name) in names.enumerated() {
      let text = line(name) + "\n"
      let cut = Int.random(in: 0...text.utf8.count, using: &generator)
      followed.write(String(text.prefix(cut)))
      if Int.random(in: 0...3, using: &generator) == 0 {
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...25, using: &generator)))
      }
      followed.write(String(text.dropFirst(cut)))
      // A name that is used again must not be the one that was just left: one rotation at a time.
      if position % 60 == 59 {
        #expect(rename(followed.path, followed.path + ".\(position)") == 0)
        followed.write("")
        let rotations = position / 60 + 1
        let hasRotated = try await eventually {
          followed.events.all.count { $0 == .rotated } == rotations
        }
        #expect(hasRotated)
      }
    }
    #expect(try await followed.has(names))
    #expect(followed.inbox.errors == [])
  }
}
