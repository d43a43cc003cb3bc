import Control
import Signals
import Simulation

/// What failing cameras cost: delay of one scenario under every pace, with so many cameras dead, and with
/// each way to fail (`docs/camera-failures.md`).
struct CameraBench {
  let scenario: Scenario
  let seeds: ClosedRange<UInt64>

  private static let shares = [0, 10, 20, 30, 40, 50, 60, 80, 100]

  /// Days on which the cost of noise is measured: it scatters by some percent from day to day.
  private static let noisyDays: ClosedRange<UInt64> = 1...24

  /// All tables, as Markdown.
  func tables(progress: (Double) -> Void) -> String {
    let detectors = scenario.network.junctions.flatMap { $0.detectors.map(\.id) }
    let faults = Self.kinds(of: scenario)
    let steps = Double(Self.shares.count + faults.count + Pace.allCases.count)
    var done = 0.0
    let fixed = mean(.fixedPlan) { _ in CountFaults() }
    var dead = header("cameras dead", fixed)
    for share in Self.shares {
      dead += row("\(share) %", fixed) { seed in
        CountFaults(
          outages: Self.choose(share, of: detectors, seed: seed).map { .init(detector: $0) })
      }
      done += 1
      progress(done / steps)
    }
    var kinds = header("what is wrong", fixed)
    for (name, fault) in faults {
      kinds += row(name, fixed) { _ in fault }
      done += 1
      progress(done / steps)
    }
    var noise = "| 10 % missed, 10 % doubled | costs | standard error |\n|---|---|---|\n"
    for pace in Pace.allCases {
      let cost = noiseCost(of: .paced(pace))
      noise += "| \(pace.rawValue) | \(cost.mean) % | \(cost.error) % |\n"
      done += 1
      progress(done / steps)
    }
    return dead + "\n" + kinds + "\n" + noise
  }

  /// What ten percent of noise costs, a share of delay: mean of the differences over the same days with and
  /// without, and its standard error, percent.
  private func noiseCost(of contender: Contender) -> (mean: String, error: String) {
    let noise = CountFaults(missRate: 0.1, doubleRate: 0.1)
    let costs = Self.noisyDays.compactMap { seed -> Double? in
      let delays = [CountFaults(), noise].compactMap {
        scenario.failing($0).run(contender, seed: seed)?.score.performance.delay
      }
      return delays.count == 2 ? 100 * (delays[1] / delays[0] - 1) : nil
    }
    let count = Double(costs.count)
    let mean = costs.reduce(0, +) / count
    let variance = costs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    return (decimal(mean, places: 1), decimal((variance / count).squareRoot(), places: 1))
  }

  private func header(_ first: String, _ fixed: Double) -> String {
    let paces = Pace.allCases.map { "\($0.rawValue)" }.joined(separator: " | ")
    return "| \(first) | \(paces) | of the fixed plan's \(decimal(fixed, places: 1)) s |\n"
      + "|---|---|---|---|---|\n"
  }

  /// Mean delay of each pace, s, and each as a share of the fixed plan's.
  private func row(
    _ name: String, _ fixed: Double, _ faults: (UInt64) -> CountFaults
  ) -> String {
    let delays = Pace.allCases.map { pace in mean(.paced(pace), faults) }
    let shares = delays.map { decimal(100 * $0 / fixed, places: 0) }
    let cells = delays.map { decimal($0, places: 1) }.joined(separator: " | ")
    return "| \(name) | \(cells) | \(shares.joined(separator: ", ")) % |\n"
  }

  private func mean(_ contender: Contender, _ faults: (UInt64) -> CountFaults) -> Double {
    let delays = seeds.compactMap { seed in
      scenario.failing(faults(seed)).run(contender, seed: seed)?.score.performance.delay
    }
    return delays.reduce(0, +) / Double(max(1, delays.count))
  }

  /// A share of the detectors in percent, others for each seed.
  private static func choose(_ share: Int, of detectors: [String], seed: UInt64) -> [String] {
    var random = SeededGenerator(seed: seed)
    let count = (detectors.count * share + 50) / 100
    return Array(detectors.shuffled(using: &random).prefix(count))
  }

  /// Ways to fail, from ten minutes after the begin on.
  private static func kinds(of scenario: Scenario) -> [(String, CountFaults)] {
    let junction = scenario.network.junctions[0]
    let busiest = junction.detectors[0]
    let arm = junction.detectors.filter {
      junction.laneGroups[$0.laneGroup].approach
        == junction.laneGroups[busiest.laneGroup].approach
    }
    let from = scenario.begin + 600
    func fails(_ detectors: [Detector], _ kind: CountFaults.Outage.Kind) -> CountFaults {
      CountFaults(outages: detectors.map { .init(detector: $0.id, from: from, kind: kind) })
    }
    return [
      ("nothing", CountFaults()),
      ("5 % missed", CountFaults(missRate: 0.05)),
      ("10 % missed, 10 % doubled", CountFaults(missRate: 0.1, doubleRate: 0.1)),
      ("20 % missed", CountFaults(missRate: 0.2)), ("50 % missed", CountFaults(missRate: 0.5)),
      ("10 % doubled", CountFaults(doubleRate: 0.1)),
      ("one camera silent", fails([busiest], .silent)),
      ("one camera frozen", fails([busiest], .frozen)),
      ("one camera stuck on", fails([busiest], .stuck)),
      ("one camera blind", fails([busiest], .blind)),
      ("one arm silent", fails(arm, .silent)), ("one arm frozen", fails(arm, .frozen)),
      ("one arm stuck on", fails(arm, .stuck)), ("one arm blind", fails(arm, .blind)),
      ("one arm 60 s behind", fails(arm, .shifted(-60))),
      ("one arm 60 s ahead", fails(arm, .shifted(60))),
      ("all cameras 60 s behind", fails(junction.detectors, .shifted(-60))),
      ("all cameras frozen", fails(junction.detectors, .frozen)),
      ("all cameras silent", fails(junction.detectors, .silent)),
    ]
  }
}
