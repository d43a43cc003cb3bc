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

  @Test("A week later under the time-of-day plan: the history tells which day was which")
  func regimes() throws {
    var trouble = Recording.Trouble(isThere: false)
    try recording.run(.stage, seconds: 2400, trouble)
    (trouble.isHandedOver, trouble.daysLater) = (true, 7)
    try recording.run(.stage, seconds: 2400, trouble)
    let date = try #require(UTC(rfc3339: "1970-01-02T00:00:00Z"))
    let midnight = try #require(try DayReplay.midnight(of: date, in: recording.path))
    let compared = try DayReplay(
      path: recording.path, midnight: midnight, days: 8, junctions: [],
      options: ReplayOptions(program: Recording.program)
    ).compared()
    #expect(compared.gaps == [] && compared.days.count == 8)
    for junction in 0..<2 {
      let (first, last) = (compared.days[0][junction], compared.days[7][junction])
      #expect(first.adaptive > 0.95 * (first.adaptive + first.fixed) && first.adaptive > 2000)
      #expect(last.fixed > 0.95 * (last.adaptive + last.fixed) && last.fixed > 2000)
      #expect(compared.days[3][junction].adaptive + compared.days[3][junction].fixed == 0)
    }
    let delay = JunctionDay.values(of: .delay, on: compared.days[0], and: compared.days[7])
    #expect(try #require(delay).one != delay?.other)
    // The first day of several is the day by itself.
    let alone = try day().junctions.map(\.control.adaptive.day)
    for (one, series) in zip(alone, compared.days[0]) {
      #expect(abs(try #require(one) - series.adaptive) < 0.01)
    }
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
