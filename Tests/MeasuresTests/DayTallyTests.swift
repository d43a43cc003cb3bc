import Counts
import Demand
import Signals
import Support
import Testing

@testable import Measures

/// Ticks of a cabinet that runs stages A to D round and round.
private struct Street {
  let junction = Sample.fourArm()
  /// Local midnight of the day of `Sample.moment(0)`, which is 08:00 there.
  let midnight = Sample.moment(-8 * 3600).utc
  var tally: DayTally
  private var second = 0
  private var estimator: DemandEstimator

  init() {
    tally = DayTally(of: junction, midnight: midnight)
    estimator = DemandEstimator(for: junction)
  }

  /// One tick at which the cabinet says so of itself; `nil` if it says nothing.
  mutating func tick(_ report: CabinetReport?) {
    let at = Sample.moment(Double(second))
    estimator.advance(with: [], to: at, stage: nil)
    tally.pass(
      DayTick(
        at: at, number: Int64(second), report: report, junction: junction,
        demand: estimator.estimate(at: at)))
    second += 1
  }

  /// A stage that is green for `green` seconds and then changes for 5 s.
  mutating func run(_ stage: Int, green: Int, source: ControlSource = .central) {
    for passed in 0..<(green + 5) {
      let isGreen = passed < green
      tick(
        .sample(
          at: Double(second), source: source, stage: stage,
          subState: isGreen ? .green : .yellow,
          timeInState: .seconds(isGreen ? passed : passed - green), of: junction))
    }
  }
}

@Suite("How greens end")
struct StageEndingTests {
  private let junction = Sample.fourArm()

  @Test("Longest, shortest and early greens of our plans, and those of the cabinet's own")
  func endings() {
    var street = Street()
    let stage = junction.stages[0]
    let longest = stage.maximumGreen.count / 10
    let shortest = stage.shortestGreen.count / 10
    street.run(0, green: longest)
    street.run(0, green: shortest)
    street.run(0, green: shortest + 3)
    street.run(0, green: shortest + 3)
    street.run(0, green: shortest + 3, source: .timeOfDay)
    street.run(0, green: shortest + 3, source: .manual)
    let ended = street.tally.endings.stages[0]
    #expect(ended.endings.map { $0[8] } == [1, 1, 2, 1])
    #expect(ended.greens[8].below == 5)
    #expect(ended.greens[8].above == Double(longest + shortest + 3 * (shortest + 3)))
  }

  @Test("Stages between two that follow each other were passed over")
  func skipped() {
    var street = Street()
    for stage in [0, 1, 2, 0, 3, 0, 2] { street.run(stage, green: 20) }
    // 2 to 0 passes 3 over, 0 to 3 both 1 and 2, 0 to 2 only 1.
    #expect(street.tally.endings.stages.map { $0.skipped[8] } == [0, 2, 1, 1])
  }
}

@Suite("Measures of a day")
struct DayTallyTests {
  @Test("Of an hour of which too little is known nothing is said, and why")
  func unknown() throws {
    var street = Street()
    for _ in 0..<10 { street.run(0, green: 30) }
    let measures = street.tally.measures()
    #expect(measures.recorded.hours[8] == 349)
    #expect(measures.manual.interventions.day == nil)
    #expect(measures.manual.interventions.hours.allSatisfy { $0 == nil })
    #expect(measures.manual.interventions.missing == .notRecorded)
    #expect(measures.peakHours == [] && measures.coordination == [])
    #expect(measures.laneGroups.allSatisfy { $0.vehicles.missing == .notCounted })
    #expect(measures.detectors.allSatisfy { $0.uptime.day == nil && $0.uptime.missing != nil })
  }

  @Test("Interventions are times at which somebody began, in the hour in which he did")
  func manual() {
    var street = Street()
    for round in 0..<60 {
      street.run(0, green: 30, source: (20..<25).contains(round) ? .manual : .central)
      street.run(2, green: 30, source: (22..<40).contains(round) ? .manual : .timeOfDay)
    }
    let manual = street.tally.measures().manual
    // Rounds 20 and 21 begin one each, 22 to 24 are one, 25 to 39 begin one each.
    #expect(manual.interventions.hours[8] == 18)
    #expect(manual.seconds.hours[8] == Double((5 + 18) * 35))
    #expect(manual.interventions.hours[7] == nil)
    #expect(manual.interventions.day == 18)
  }

  @Test("A cabinet that is not heard of is not taken to go on")
  func silence() {
    var street = Street()
    for _ in 0..<30 { street.run(0, green: 30) }
    for _ in 0..<2000 { street.tick(nil) }
    #expect(street.tally.recorded[8] == 1049)
  }
}

@Suite("A figure of a day")
struct FigureTests {
  @Test("What is missing is null beside its reason, and the day is of the hours that are known")
  func missing() {
    var hours: Hourly<Ratio> = Array(repeating: .failure(.notRecorded), count: Figure.hours)
    hours[7] = .success(Ratio(above: 30, below: 10))
    hours[8] = .success(Ratio(above: 10, below: 30))
    hours[9] = .success(Ratio(above: 0, below: 0))
    let figure = hours.figure(least: 1, empty: .nobodyCame)
    #expect(figure.day == 1)
    #expect(figure.hours[7] == 3 && figure.hours[9] == nil)
    #expect(figure.missing == .nobodyCame)
  }

  @Test("Where all is known no reason is given")
  func known() {
    let hours: Hourly<Double> = (0..<Figure.hours).map { .success(Double($0)) }
    #expect(hours.sums.day == 276)
    #expect(hours.sums.missing == nil)
  }
}
