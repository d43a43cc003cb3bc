import Dispatch
import Signals
import Testing

@testable import History

@Suite("Many threads write, none waits")
struct ConcurrencyTests {
  let files = TemporaryHistory()

  @Test("Records of many threads are all there, each thread's in its order")
  func manyThreads() async throws {
    let writer = try files.writer()
    let outcomes = Gathered<HistoryOutcome>()
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for tick: Int64 in 0..<400 {
        let event = HistoryEvent.decision(Events.decision(tick, of: "J\(thread)"))
        if tick % 50 == 0 {
          writer.append([event]) { outcomes.add($0) }
        } else {
          writer.append(event)
        }
      }
    }
    let closing = await writer.closed()
    #expect(closing == .complete)
    #expect(writer.status.committed == 3200)
    #expect(outcomes.all == Array(repeating: .committed, count: 64))
    let reader = try HistoryReader(path: files.path)
    for thread in 0..<8 {
      let ticks = try reader.decisions(in: Events.always("J\(thread)"), limit: .max).map(\.tick)
      #expect(ticks == Array(0..<400))
    }
  }

  @Test("Appending takes no notice of a database that is locked for long")
  func neverWaits() async throws {
    var options = HistoryOptions.quick
    options.lockMilliseconds = 3000
    let writer = try files.writer(options)
    let other = try files.connection()
    try other.execute("BEGIN IMMEDIATE")
    // The writer's queue now waits for the lock.
    writer.append([.decision(Events.decision(0))]) { _ in }
    let clock = ContinuousClock()
    let elapsed = clock.measure {
      for tick: Int64 in 1...1000 { writer.append(.decision(Events.decision(tick))) }
      _ = writer.status
      writer.prune(olderThan: 1, at: UTC(milliseconds: 0))
    }
    #expect(elapsed < .milliseconds(1500), "half of the time for which the queue waits")
    #expect(writer.status.committed == 0)
    try other.execute("ROLLBACK")
    #expect(await eventually { writer.status.committed == 1001 })
    await writer.closed()
  }

  @Test("Two writers of one file get in each other's way without losing anything")
  func twoWriters() async throws {
    // Each waits for the other as long as writers of the daemon do.
    var patient = HistoryOptions.quick
    patient.lockMilliseconds = 10_000
    let first = try files.writer(patient)
    let second = try files.writer(patient)
    for tick: Int64 in 0..<300 {
      first.append(.decision(Events.decision(tick, of: "first")))
      second.append(.decision(Events.decision(tick, of: "second")))
    }
    let closings = [await first.closed(), await second.closed()]
    #expect(closings == [.complete, .complete])
    let reader = try HistoryReader(path: files.path)
    #expect(try reader.decisions(in: Events.always("first"), limit: .max).count == 300)
    #expect(try reader.decisions(in: Events.always("second"), limit: .max).count == 300)
  }

  @Test("A writer that is let go without being closed still writes what it took")
  func letGo() async throws {
    do {
      let writer = try files.writer()
      writer.append(.decision(Events.decision(1)))
    }
    let reader = try HistoryReader(path: files.path)
    #expect(
      await eventually {
        (try? reader.decisions(in: Events.always("J001"), limit: 9).count) == 1
      })
  }

  @Test("What a report's receiver appends is written too")
  func appendFromReport() async throws {
    let writer = try files.writer()
    let second = Gathered<HistoryOutcome>()
    writer.append([.decision(Events.decision(1))]) { _ in
      writer.append([.decision(Events.decision(2))]) { second.add($0) }
    }
    #expect(await eventually { second.all == [.committed] })
    await writer.closed()
  }

  @Test("Waiting for the writer on its own queue stops the process instead of hanging it")
  func misuse() async {
    await #expect(processExitsWith: .failure) { [path = files.path as String] in
      let writer = try HistoryWriter(path: path) { _ in }
      writer.append([]) { _ in _ = try? writer.nextEpoch() }
      try await Task.sleep(for: .seconds(20))
    }
  }
}
