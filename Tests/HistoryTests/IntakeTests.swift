import Signals
import Testing

@testable import History

@Suite("The space in which records wait")
struct IntakeTests {
  private func intake(records: Int = 10, bytes: Int = 1 << 20) -> Intake {
    var options = HistoryOptions()
    options.recordLimit = records
    options.byteLimit = bytes
    return Intake(path: "h.db", options: options)
  }

  private func events(_ count: Int) -> [HistoryEvent] {
    (0..<count).map { .decision(Events.decision(Int64($0))) }
  }

  private func wake(_ verdict: Intake.Verdict) -> Intake.Wake? {
    if case .taken(let wake) = verdict { wake } else { nil }
  }

  @Test("The first record wakes the writer later, further ones not again")
  func wakesOnce() {
    let intake = intake()
    #expect(wake(intake.offer(events(1), onCommitted: nil)) == .later)
    #expect(wake(intake.offer(events(1), onCommitted: nil)) == Intake.Wake.none)
  }

  @Test("Somebody who waits wakes it now, though it would have come later anyway")
  func urgent() {
    let intake = intake()
    _ = intake.offer(events(1), onCommitted: nil)
    #expect(wake(intake.offer(events(1)) { _ in }) == .soon)
    #expect(wake(intake.offer(events(1)) { _ in }) == Intake.Wake.none)
  }

  @Test("What arrives while a batch is written asks for another visit, and is not forgotten")
  func arrivalsMeanwhile() {
    let intake = intake()
    _ = intake.offer(events(2), onCommitted: nil)
    let batch = intake.take(limit: 100)
    #expect(intake.settle(batch, committed: 2, misfits: 0, lost: 0) == .none, "nothing is left")

    _ = intake.offer(events(1), onCommitted: nil)
    let second = intake.take(limit: 100)
    #expect(wake(intake.offer(events(1), onCommitted: nil)) == .later)
    #expect(intake.settle(second, committed: 1, misfits: 0, lost: 0) == .none, "it was asked for")
  }

  @Test("What arrived while nobody could write is asked for when that is over")
  func afterSleep() {
    let intake = intake()
    _ = intake.offer(events(1), onCommitted: nil)
    let batch = intake.take(limit: 100)
    _ = intake.offer(events(1), onCommitted: nil)
    // The visit that this asked for finds that a retry is due later.
    intake.sleep()
    #expect(intake.settle(batch, committed: 1, misfits: 0, lost: 0) == .later)
  }

  @Test(
    "A batch is of about the limit, of whole groups, in order", arguments: [1, 2, 3, 4, 7, 100])
  func batches(limit: Int) {
    let intake = intake(records: 100)
    let groups = [3, 1, 1, 5, 2].map(events)
    for group in groups { _ = intake.offer(group, onCommitted: nil) }
    var taken: [[HistoryEvent]] = []
    while case let batch = intake.take(limit: limit), !batch.isEmpty {
      let records = batch.reduce(0) { $0 + $1.events.count }
      let last = batch.last?.events.count ?? 0
      #expect(records - last < limit, "the last group was the one to reach the limit")
      taken += batch.map(\.events)
    }
    #expect(taken == groups)
  }

  @Test("Records that are being written still take space, until it is known what became of them")
  func inFlight() {
    let intake = intake(records: 4)
    _ = intake.offer(events(4), onCommitted: nil)
    let batch = intake.take(limit: 100)
    #expect(wake(intake.offer(events(1), onCommitted: nil)) == nil)
    _ = intake.settle(batch, committed: 4, misfits: 0, lost: 0)
    #expect(wake(intake.offer(events(1), onCommitted: nil)) == .later)
    #expect(intake.status.waiting == 1)
  }

  @Test("Exactly as many records as are allowed are taken, by number and by bytes")
  func bounds() {
    let byNumber = intake(records: 3)
    #expect(wake(byNumber.offer(events(3), onCommitted: nil)) == .later)
    #expect(wake(byNumber.offer(events(1), onCommitted: nil)) == nil)
    let size = events(1)[0].bytes
    let byBytes = intake(bytes: 2 * size)
    #expect(wake(byBytes.offer(events(2), onCommitted: nil)) == .later)
    #expect(wake(byBytes.offer(events(1), onCommitted: nil)) == nil)
    #expect(byBytes.status.waitingBytes == 2 * size)
  }

  @Test("Losses are told once, summed up")
  func losses() {
    let intake = intake(records: 1)
    _ = intake.offer(events(1), onCommitted: nil)
    var firsts: [Bool] = []
    for _ in 0..<3 {
      if case .lost(let error, let first) = intake.offer(events(1), onCommitted: nil) {
        #expect(error.problem == .overflow)
        firsts.append(first)
      }
    }
    #expect(firsts == [true, false, false])
    #expect(intake.takeLosses().records == 3)
    #expect(intake.takeLosses().records == 0)
    #expect(intake.status.lost == 3)
  }

  @Test("A record's size covers its texts", arguments: 1...3)
  func size(seed: UInt64) {
    for event in Events.random(300, seed: seed) {
      let written = "\(event)".unicodeScalars.count
      #expect(event.bytes >= 256)
      if case .decision(let decision) = event {
        #expect(event.bytes >= decision.body.utf8.count + decision.intersection.utf8.count)
      }
      // The largest texts of the sample are some 200 bytes in 4 places.
      #expect(event.bytes < 256 + 4 * 200 + 16 * 24 + written)
    }
    let plan = HistoryEvent.plan(Events.plan(1))
    #expect(plan.bytes > 256 + 2 * MemoryLayout<PlanEntry>.stride)
  }
}
