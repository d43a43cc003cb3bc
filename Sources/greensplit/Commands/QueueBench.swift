import Control
import Signals
import Simulation

/// How far estimated queues are off the traffic model's in one scenario (`docs/detector-health.md`).
struct QueueBench {
  let scenario: Scenario
  let seeds: ClosedRange<UInt64>

  /// A table for cameras that see vehicles, and one for those that count at the stop line, as Markdown.
  func tables(progress: (Double) -> Void) -> String {
    let runs = Double(2 * Pace.allCases.count * seeds.count)
    var done = 0.0
    var text = ""
    for seesVehicles in [true, false] {
      text += text.isEmpty ? "" : "\n"
      text +=
        "| \(seesVehicles ? "counts and vehicles in view" : "counts alone") | in view: mean error, "
        + "vehicles | estimate less truth | beyond: error, % of the queue | estimate less truth | "
        + "ticks in view, beyond |\n|---|---|---|---|---|---|\n"
      for pace in Pace.allCases {
        var sum = QueueAccuracy(of: scenario.network)
        for seed in seeds {
          let run = scenario.queueAccuracy(at: pace, seesVehicles: seesVehicles, seed: seed)
          if let run { sum += run }
          done += 1
          progress(done / runs)
        }
        text += row("\(pace.rawValue)", sum.inView, sum.beyond)
        for group in sum.groups {
          text += row("\(pace.rawValue): \(group.name)", group.inView, group.beyond)
        }
      }
    }
    return text
  }

  private func row(
    _ name: String, _ inView: QueueAccuracy.Tally, _ beyond: QueueAccuracy.Tally
  ) -> String {
    let cells = [
      name, decimal(inView.meanError, places: 2), decimal(inView.meanExcess, places: 2),
      decimal(100 * beyond.relativeError, places: 1), decimal(beyond.meanExcess, places: 2),
      "\(inView.ticks), \(beyond.ticks)",
    ]
    return "| \(cells.joined(separator: " | ")) |\n"
  }
}
