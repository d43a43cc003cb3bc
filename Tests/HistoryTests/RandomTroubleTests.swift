import Signals
import Testing

@testable import History

@Suite("Whatever comes between, the database ends as the records that were called committed")
struct RandomTroubleTests {
  let files = TemporaryHistory()

  /// What a test does next to a writer.
  private enum Step: CaseIterable {
    case append, appendGroup, lock, unlock, shrink, grow, prune, pause
  }

  /// The writer under test, what stands in its way, and what it was given.
  private struct Scene {
    let writer: HistoryWriter
    let other: Connection
    let outcomes = Gathered<(ticks: [Int64], outcome: HistoryOutcome)>()
    var isLocked = false
    var given: [Int64] = []
    var groups = 0
  }

  @Test("Locks, full disks and pruning in any order lose nothing", arguments: 1...8)
  func randomSteps(seed: UInt64) async throws {
    var options = HistoryOptions.quick
    options.lockMilliseconds = 5
    options.pageLimit = 100_000
    var random = SeededGenerator(seed: seed)
    var scene = Scene(writer: try files.writer(options), other: try files.connection())
    for _ in 0..<120 {
      let step = Step.allCases.randomElement(using: &random) ?? .pause
      try await take(step, in: &scene, &random)
    }
    if scene.isLocked { try scene.other.execute("ROLLBACK") }
    scene.writer.setPageLimit(100_000)
    #expect(await eventually { scene.writer.status.waiting == 0 })
    await scene.writer.closed()

    let read = try HistoryReader(path: files.path)
      .decisions(in: Events.always("J001"), limit: .max).map(\.tick)
    #expect(read == scene.given, "each once, in order")
    let status = scene.writer.status
    #expect(status.committed == scene.given.count)
    #expect(status.waitingBytes == 0)
    #expect((status.lost, status.misfits) == (0, 0))
    let told = scene.outcomes.all
    #expect(told.count == scene.groups, "everybody who waited was told")
    #expect(told.allSatisfy { $0.outcome == .committed })
    #expect(told.map(\.ticks).flatMap { $0 } == told.map(\.ticks).flatMap { $0 }.sorted())
    #expect(try files.connection().text("PRAGMA integrity_check") == "ok")
  }

  private func take(
    _ step: Step, in scene: inout Scene, _ random: inout SeededGenerator
  ) async throws {
    switch step {
    case .append:
      let ticks = next(Int.random(in: 1...30, using: &random), in: &scene)
      for event in events(ticks, &random) { scene.writer.append(event) }
    case .appendGroup:
      let ticks = next(Int.random(in: 1...30, using: &random), in: &scene)
      let outcomes = scene.outcomes
      scene.groups += 1
      scene.writer.append(events(ticks, &random)) { outcomes.add((ticks, $0)) }
    case .lock:
      // While the writer commits the lock may not be had; then this step does nothing.
      guard !scene.isLocked else { return }
      scene.isLocked = (try? scene.other.execute("BEGIN IMMEDIATE")) != nil
    case .unlock:
      if scene.isLocked { try scene.other.execute("ROLLBACK") }
      scene.isLocked = false
    case .shrink: scene.writer.setPageLimit(1)
    case .grow: scene.writer.setPageLimit(100_000)
    case .prune: scene.writer.prune(olderThan: 365, at: Events.moment(0).utc)
    case .pause: try await Task.sleep(for: .milliseconds(Int.random(in: 0...25, using: &random)))
    }
  }

  private func next(_ count: Int, in scene: inout Scene) -> [Int64] {
    let first = Int64(scene.given.count)
    let ticks = Array(first..<first + Int64(count))
    scene.given += ticks
    return ticks
  }

  private func events(_ ticks: [Int64], _ random: inout SeededGenerator) -> [HistoryEvent] {
    ticks.map { tick in
      let body = String(repeating: "b", count: Int.random(in: 0...500, using: &random))
      return .decision(Events.decision(tick, body: body))
    }
  }
}
