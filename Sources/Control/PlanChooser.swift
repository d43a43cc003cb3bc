import Demand
import Optimisation
import Safety
import Signals

/// Plans to try in order, and why.
struct Choice: Sendable {
  /// The most desirable first; the first that passes the safety check is sent.
  let plans: [TimingPlan]

  /// Those behind them, which are made only if all of them fail, as they seldom do.
  var others: @Sendable () -> [TimingPlan] = { [] }

  /// One sentence for people.
  let text: String

  /// Cost over the horizon, weighted vehicle-seconds; `nil` without a prediction.
  var cost: Double?

  /// The best choice that was not taken.
  var alternative: Reason.Alternative?
}

/// Decides, at the pace of its junction, which plan would be best.
struct PlanChooser: Sendable {
  /// How long before the end of a cycle or a stage the next one is decided: long enough for two
  /// tries over a slow link, short enough to know what is coming.
  static let lead = Tenths.seconds(4)

  private let site: Intersection
  private var horizon: HorizonChooser

  init(for site: Intersection) {
    self.site = site
    horizon = HorizonChooser(for: site)
  }

  /// The plan that would be best now; `nil` while it is not the time to decide.
  mutating func choose(_ meeting: Meeting, demand: DemandEstimate) -> Choice? {
    guard isTime(meeting) else { return nil }
    let reference = site.timeOfDayPlan(at: meeting.at.utc).plan
    switch site.control.pace {
    case .cycle:
      return chooseCycle(meeting, demand: demand, reference: reference)
    case .stage, .second:
      return horizon.choose(meeting, demand: demand, reference: reference)
    }
  }

  /// What is waited for while `choose` gives nothing.
  func waitingFor(_ meeting: Meeting) -> String {
    switch site.control.pace {
    case .cycle: "The next cycle is decided shortly before it begins."
    case .stage: "The next stage is decided shortly before it begins."
    case .second: "A change is under way."
    }
  }

  /// Whether what is decided now comes neither too soon nor too late.
  func isTime(_ meeting: Meeting) -> Bool {
    isTime(meeting.report, entry: meeting.circumstances.entry, of: meeting.circumstances.running)
  }

  /// Whether it is the time to decide, while entry `entry` of the plan `running` runs.
  func isTime(_ report: CabinetReport, entry: Int, of running: TimingPlan) -> Bool {
    guard report.subState == .green else { return false }
    let left = report.greenLeft(of: running.entries[entry].green)
    switch site.control.pace {
    case .second: return true
    case .stage: return left <= Self.lead
    case .cycle:
      // A last green may be shorter than two tries take.
      return running.entries[(entry + 1)...].reduce(left) { $0 + $1.green } <= Self.lead
    }
  }
}
