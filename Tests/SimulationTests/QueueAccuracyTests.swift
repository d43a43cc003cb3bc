import Signals
import Simulation
import Testing

@Suite("Estimated queues against those of the traffic model")
struct QueueAccuracyTests {
  private static let root =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

  private func scenario(_ name: String) throws -> Scenario {
    try ScenarioFile.read("\(Self.root)/simulations/\(name).yaml").get()
  }

  /// All seeds together.
  private func accuracy(_ scenario: Scenario, _ pace: Pace, seeds: ClosedRange<UInt64>) throws
    -> QueueAccuracy
  {
    var sum = QueueAccuracy(of: scenario.network)
    for seed in seeds { sum += try #require(scenario.queueAccuracy(at: pace, seed: seed)) }
    return sum
  }

  @Test(
    "In view a vehicle and a half off at most, beyond it a fifth of the queue up to what finds room",
    arguments: ["rush-hour", "oversaturated"], Pace.allCases)
  func marks(name: String, pace: Pace) throws {
    let found = try accuracy(scenario(name), pace, seeds: 1...1)
    #expect(found.inView.ticks > 10_000 && found.beyond.ticks > 20)
    #expect(found.inView.meanError <= 1.5, "\(found.inView)")
    #expect(found.beyond.relativeError <= 0.2, "\(found.beyond)")
    for group in found.groups {
      #expect(group.inView.meanError <= 1.5, "\(group.name): \(group.inView)")
    }
  }

  @Test(
    "The same on streets that platoons come along", arguments: ["arterial", "t-junction-school"])
  func platoons(name: String) throws {
    let found = try accuracy(scenario(name), .second, seeds: 1...1)
    #expect(found.inView.meanError <= 1.5, "\(found.inView)")
    #expect(found.beyond.relativeError <= 0.2, "\(found.beyond)")
  }

  @Test("With cameras that miss a tenth and double a tenth, in view a vehicle and a half at most")
  func noise() throws {
    let noisy = try scenario("rush-hour").failing(CountFaults(missRate: 0.1, doubleRate: 0.1))
    let found = try accuracy(noisy, .second, seeds: 1...1)
    #expect(found.inView.meanError <= 1.5, "\(found.inView)")
  }

  @Test("Cameras that count at the stop line alone tell queues in view within three vehicles")
  func countsAlone() throws {
    let scenario = try scenario("rush-hour")
    let found = try #require(scenario.queueAccuracy(at: .cycle, seesVehicles: false))
    #expect(found.inView.meanError <= 3, "\(found.inView)")
  }

  @Test("A tally tells error, direction and share")
  func tally() {
    var tally = QueueAccuracy.Tally()
    tally.add(3, truth: 5)
    tally.add(6, truth: 5)
    #expect(tally.ticks == 2 && tally.meanError == 1.5 && tally.meanExcess == -0.5)
    #expect(tally.relativeError == 0.3)
  }
}
