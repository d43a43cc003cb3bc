import Counts
import Phrases
import Signals
import Simulation
import Support
import Testing

@testable import History
@testable import Replay

@Suite("What was recorded otherwise is found")
struct DifferenceTests {
  let recording = Recording()

  /// A count in the middle, ten vehicles more.
  private func flip(tick: Int64) throws {
    let id = try recording.number(
      """
      SELECT c.id FROM counts c JOIN intersections i ON i.id = c.intersection
      WHERE i.name = 'J001' AND c.tick = \(tick) AND c.detector = 'J001.E.T'
      """)
    #expect(id > 0)
    try recording.sql(
      """
      UPDATE counts SET line = replace(line, '"count":', '"count":1') WHERE id = \(id)
      """)
  }

  @Test("One flipped count: the first decision that saw it, in words, at its own junction alone")
  func flippedCount() throws {
    try recording.run(.second, seconds: 300, Recording.Trouble(isThere: false))
    #expect(try recording.replay().isIdentical)
    try flip(tick: 150)
    let result = try recording.replay()
    #expect(!result.isIdentical)
    #expect(result.junctions.map { $0.differing > 0 } == [true, false])
    let first = try #require(result.firstDifference)
    #expect(first.junction == "J001")
    #expect((150...165).contains(first.tick))
    #expect(first.at == Recording.utc(Double(first.tick - 1)).rfc3339)
    #expect(first.recorded != first.now)
    #expect(first.words.text(.english).hasPrefix("J001 at 1970-01-01T"))
    #expect(first.words.text(.english).contains("recorded "))
  }

  @Test("A decision that was altered, removed or added is told with its tick")
  func alteredDecision() throws {
    try recording.run(.stage, seconds: 300, Recording.Trouble(isThere: false))
    let id = try recording.number("SELECT max(id) FROM decisions WHERE body LIKE '%\"plan\"%'")
    let tick = try recording.number("SELECT tick FROM decisions WHERE id = \(id)")
    try recording.sql(
      """
      CREATE TEMP TABLE kept AS SELECT * FROM decisions WHERE id = \(id);
      UPDATE decisions SET level = 3 WHERE id = \(id)
      """)
    var first = try #require(try recording.replay().firstDifference)
    #expect(first.tick == tick)
    #expect(first.field == "the rung of the ladder")
    #expect(first.recorded == "timeOfDay" && first.now == "isolated")

    try recording.sql(
      """
      UPDATE decisions SET level = 1, body = json_replace(body, '$.plan.entries[0].green', 1)
      WHERE id = \(id)
      """)
    first = try #require(try recording.replay().firstDifference)
    #expect(first.tick == tick && first.field == "the plan")
    #expect(first.recorded.contains(" 0.1 s") && !first.now.contains(" 0.1 s"))

    try recording.sql("DELETE FROM decisions WHERE id = \(id)")
    first = try #require(try recording.replay().firstDifference)
    #expect(first.tick == tick && first.field == "a decision" && first.recorded == "none")
  }

  @Test("Only what lies inside the span is compared, on the state that came before it")
  func span() throws {
    try recording.run(.second, seconds: 400, Recording.Trouble(isThere: false))
    let whole = try recording.replay()
    let inside = try recording.replay {
      $0.from = Recording.utc(150)
      $0.until = Recording.utc(250)
    }
    #expect(whole.isIdentical && inside.isIdentical)
    #expect(inside.decisions > 0 && inside.decisions < whole.decisions / 2)
    #expect(inside.junctions.map(\.ticks) == [251, 251], "from the session's begin to its end")
    try flip(tick: 100)
    let later = try recording.replay { $0.from = Recording.utc(101) }
    #expect(!later.isIdentical, "what came before the span is not forgotten")
    let earlier = try recording.replay { $0.until = Recording.utc(90) }
    #expect(earlier.isIdentical, "what came after the span is not looked at")
    #expect(throws: ReplayError.self) {
      _ = try recording.replay {
        $0.from = Recording.utc(1e6); $0.until = Recording.utc(2e6)
      }
    }
  }
}

@Suite("Another configuration")
struct ChangedConfigurationTests {
  let recording = Recording()

  @Test("The same sites given again are no other configuration")
  func same() throws {
    try recording.run(.stage, seconds: 300)
    let result = try recording.replay { $0.sites = Recording.sites(.stage) }
    #expect(result.isIdentical && !result.isChanged && result.estimate == nil)
  }

  @Test("A changed value of one site: other decisions there, none at the other junction")
  func value() throws {
    try recording.run(.stage, seconds: 600, Recording.Trouble(isThere: false))
    let sites = [Recording.sites(.stage)[0].saturating("N.T", at: 1800)]
    let result = try recording.replay { $0.sites = sites }
    #expect(result.isChanged && !result.isIdentical)
    #expect(result.junctions.map(\.isChanged) == [true, false])
    #expect(result.junctions.map(\.isComparable) == [true, true])
    #expect(result.junctions[0].differing > 0 && result.junctions[1].differing == 0)
    #expect(result.junctions[0].otherPlans <= result.junctions[0].differing)
    #expect(result.firstDifference?.junction == "J001")
    let estimate = try #require(result.estimate)
    #expect(estimate.recorded != estimate.new)
    #expect(estimate.recorded.score.performance.due > 300)
  }

  @Test("Another pace: the model alone tells, of the demand that was counted")
  func pace() throws {
    try recording.run(.cycle, seconds: 1800, Recording.Trouble(isThere: false))
    let result = try recording.replay { $0.pace = .second }
    #expect(result.isChanged && !result.isIdentical)
    #expect(result.junctions.allSatisfy { !$0.isComparable && $0.decisions == 0 })
    let estimate = try #require(result.estimate)
    // 4 × 500 + 4 × 120 enter the first junction in an hour, 3 × 620 the second.
    let hourly = Double(estimate.recorded.score.performance.due) * 3600 / estimate.seconds
    #expect((3400...5300).contains(hourly), "\(hourly)")
    #expect(estimate.recorded.score.performance.due == estimate.new.score.performance.due)
    #expect(estimate.new.score.performance.delay < estimate.recorded.score.performance.delay)
    // What the street's cabinets told and what the model's do is alike under the same configuration.
    for (junction, model) in zip(result.junctions, estimate.recorded.stages) {
      for (street, model) in zip(junction.stages.stages, model.stages) {
        #expect(street.runs > 5)
        #expect(abs(street.mean - model.mean) < 0.5 * street.mean, "\(street) \(model)")
      }
    }
  }
}

@Suite("What cannot be replayed is said")
struct GapTests {
  let recording = Recording()

  private func gap() throws -> ReplayGap {
    let result = try recording.replay()
    #expect(result.gaps.count == 1)
    return try #require(result.gaps.first)
  }

  @Test("A count that is missing")
  func missingCount() throws {
    try recording.run(.stage, seconds: 200, Recording.Trouble(isThere: false))
    try recording.sql("DELETE FROM counts WHERE detector = 'J001.N.T' AND tick = 100")
    #expect(try gap().reason == "of 8 count records of a tick the history has 7")
    #expect(try gap().at == Recording.utc(99).rfc3339)
    #expect(try recording.replay().isIdentical, "up to there nothing differs")
  }

  @Test("Readings that are missing, and such that are damaged")
  func readings() throws {
    try recording.run(.stage, seconds: 200, Recording.Trouble(isThere: false))
    try recording.sql(
      """
      UPDATE readings SET body = zeroblob(length(body))
      WHERE id = (SELECT max(id) FROM readings WHERE session = 1)
      """)
    #expect(try gap().reason == "the readings cannot be read: they are damaged")
    try recording.sql(
      "DELETE FROM readings WHERE session = 1 AND first_tick > 50 AND first_tick < 99")
    #expect(try gap().reason.hasPrefix("the readings of ticks "))
    #expect(try gap().junction == "J001")
  }

  @Test("A configuration that was altered is not taken for what was recorded")
  func configuration() throws {
    try recording.run(.stage, seconds: 60)
    try recording.sql("UPDATE configurations SET body = replace(body, '3300', '3301')")
    let error = #expect(throws: ReplayError.self) { _ = try recording.replay() }
    #expect(error?.description.contains("configuration is damaged") == true)
  }

  @Test("Another version of the program, unless that is what is asked")
  func version() throws {
    try recording.run(.stage, seconds: 100)
    let error = #expect(throws: ReplayError.self) {
      _ = try recording.replay { $0.program = "1.2.4" }
    }
    #expect(error?.description.contains("recorded by greensplit 1.2.3, this is 1.2.4") == true)
    let result = try recording.replay {
      $0.program = "1.2.4"
      $0.takesOtherPrograms = true
    }
    #expect(result.isIdentical)
  }

  @Test("A history without sessions: what is missing in it")
  func oldHistory() throws {
    try recording.run(.stage, seconds: 60)
    try recording.sql("DELETE FROM readings; DELETE FROM sessions")
    let error = #expect(throws: ReplayError.self) { _ = try recording.replay() }
    #expect(error?.description.contains("readings are missing") == true)
    try recording.sql("DELETE FROM decisions")
    let empty = #expect(throws: ReplayError.self) { _ = try recording.replay() }
    #expect(empty?.description.hasSuffix("nothing was recorded") == true)
  }
}
