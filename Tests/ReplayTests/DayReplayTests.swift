import Counts
import Measures
import Signals
import Testing

@testable import Replay

@Suite("Measures of a recorded day")
struct DayReplayTests {
  let recording = Recording()

  private func day(_ junctions: [String] = [], workers: Int = 1) throws -> DayMeasures {
    var options = ReplayOptions(program: Recording.program)
    options.workers = workers
    let date = try #require(UTC(rfc3339: "1970-01-02T00:00:00Z"))
    let midnight = try #require(try DayReplay.midnight(of: date, in: recording.path))
    return try DayReplay(
      path: recording.path, midnight: midnight, junctions: junctions, options: options
    ).measures()
  }

  @Test("Greens are those of the replay's own tally, and end each in one way")
  func greens() throws {
    try recording.run(.stage, seconds: 2400, Recording.Trouble(isThere: false))
    let day = try day()
    #expect(day.begin == "1970-01-01T16:00:00.000Z")
    #expect(day.gaps == [])
    for (measured, tallied) in zip(day.junctions, try recording.replay().junctions) {
      #expect(measured.junction == tallied.junction)
      for (stage, tally) in zip(measured.stages, tallied.stages.stages) {
        let greens = try #require(stage.greens.hours[7])
        // The last one may still run when the record ends.
        #expect(abs(greens - Double(tally.runs)) <= 1)
        #expect(abs(try #require(stage.meanGreen.hours[7]) - tally.mean) < 2)
        let ended = [stage.maxOut, stage.minimum, stage.early, stage.fixedPlan]
        #expect(ended.compactMap { $0.hours[7] }.reduce(0, +) == greens)
      }
    }
  }

  @Test("What was counted and what arrived agrees with the traffic that the model was given")
  func traffic() throws {
    try recording.run(.second, seconds: 3000, Recording.Trouble(isThere: false))
    let day = try day()
    let through = try #require(day.junctions[0].laneGroups.first { $0.name == "N.T" })
    #expect(abs(try #require(through.vehicles.hours[7]) - 500) < 100)
    #expect((0.1...1).contains(try #require(through.saturation.hours[7])))
    #expect((0.05...1).contains(try #require(through.arrivalsOnGreen.hours[7])))
    #expect(through.delay.hours[8] == nil && through.delay.missing == .notRecorded)
    #expect(day.junctions[0].detectors.allSatisfy { $0.uptime.hours[7] == 1 })
    #expect(day.junctions[0].manual.interventions.hours[7] == 0)
  }

  @Test("Dead cameras and a lost link take from what is known")
  func troubled() throws {
    try recording.run(.stage, seconds: 2400)
    let day = try day()
    let uptimes = day.junctions[1].detectors.compactMap { $0.uptime.hours[7] }
    #expect(uptimes.count == 8)
    // Two minutes of forty, of five cameras.
    #expect(uptimes.count { (0.9..<0.99).contains($0) } == 5)
    #expect(try #require(day.junctions[0].recorded.hours[7]) < 2399)
  }

  @Test("One junction alone is the same as among others, on any number of threads")
  func chosen() throws {
    try recording.run(.cycle, seconds: 1900, Recording.Trouble(isThere: false))
    let all = try day(workers: 3)
    #expect(try day().junctions == all.junctions)
    #expect(try day(["J002"]).junctions == [all.junctions[1]])
    #expect(throws: ReplayError.self) { try day(["J003"]) }
  }
}
