import Demand
import Optimisation
import Safety
import Signals

/// The stages to come by the rolling horizon, at pace `stage` and `second`.
struct HorizonChooser: Sendable {
  /// Stages of the horizon's plan that go into the cabinet's list; what follows them would be
  /// decided anew before it ran in any case.
  private static let decidedStages = 4

  private let control: ControlSettings
  private var solver: HorizonSolver

  init(for site: Intersection) {
    control = site.control
    solver = HorizonSolver(
      laneGroups: site.laneGroups.count, stages: site.stages.count, steps: horizonSteps)
  }

  /// The plan that would be best now, and behind it, in case somebody would wait too long, the one
  /// that serves all who wait as soon as may be.
  mutating func choose(
    _ meeting: Meeting, demand: DemandEstimate, reference: TimingPlan
  ) -> Choice {
    let problem = horizonProblem(
      meeting, demand: demand, reference: reference, control: control)
    let best = solver.solve(problem)
    let composer = PlanComposer(junction: meeting.junction, reference: reference)
    let takeover = control.pace.takeover
    let (pace, earliestEnd) = (control.pace, problem.earliestEnd)
    let head = head(best, meeting)
    return Choice(
      plans: [composer.first(beginningWith: head, takeover: takeover)],
      others: {
        let urgent = meeting.urgentHead(pace, endsIn: earliestEnd, reference: reference)
        return composer.others(beginningWith: head, takeover: takeover)
          + composer.plans(beginningWith: urgent, takeover: takeover)
      },
      text: describe(best, head, meeting) + letOut(problem, meeting, demand)
        + blocked(problem, meeting, demand) + " "
        + demand.longestQueues(at: meeting.junction),
      cost: best.cost.total,
      alternative: alternative(to: best, of: problem, meeting))
  }

  /// What holding the running stage longer would have cost, told when it ends at the first moment:
  /// the choice that people ask about.
  private mutating func alternative(
    to best: HorizonPlan, of problem: HorizonProblem, _ meeting: Meeting
  ) -> Reason.Alternative? {
    guard control.pace == .second, best.endsIn == problem.earliestEnd,
      let other = solver.alternative(to: best, of: problem)
    else { return nil }
    let held = other.endsIn.map { "\($0 - problem.earliestEnd) s more" } ?? "to the horizon's end"
    let name = meeting.junction.stages[meeting.report.stage].name
    return Reason.Alternative(text: "hold stage \(name) \(held)", cost: other.cost.total)
  }

  /// The decided stages as entries of a plan: at pace `second` from the running one on, at pace
  /// `stage` from the one to come.
  private func head(_ best: HorizonPlan, _ meeting: Meeting) -> [PlanEntry] {
    let followers = best.entries.dropFirst().prefix(Self.decidedStages).map { entry in
      let stage = meeting.junction.stages[entry.stage]
      let planned = Tenths.seconds(entry.green - flashSteps(of: stage))
      let green = min(stage.maximumGreen, max(stage.shortestGreen, planned))
      return PlanEntry(stage: entry.stage, green: green)
    }
    guard control.pace == .second else { return Array(followers) }
    return [meeting.running(endsIn: best.endsIn)] + followers
  }

  /// Who fills a short road, where the running green ends for that.
  private func letOut(
    _ problem: HorizonProblem, _ meeting: Meeting, _ demand: DemandEstimate
  ) -> String {
    guard control.pace == .second, problem.latestEnd == problem.earliestEnd else { return "" }
    let junction = meeting.junction
    let names = fullRoads(demand, at: junction).map { junction.laneGroups[$0].name }
    guard !names.isEmpty else { return "" }
    return " Let out first, for it fills the road from the junction upstream: "
      + "\(names.joined(separator: ", "))."
  }

  /// Who stands though he has right of way.
  private func blocked(
    _ problem: HorizonProblem, _ meeting: Meeting, _ demand: DemandEstimate
  ) -> String {
    guard control.pace == .second else { return "" }
    let names = blockedExits(meeting, demand, startLoss: problem.startLoss)
      .map { meeting.junction.laneGroups[$0].name }
    guard !names.isEmpty else { return "" }
    return " Stands on green, as before a full road: \(names.joined(separator: ", "))."
  }

  /// One sentence about `best`, of which `head` goes into the cabinet's list.
  private func describe(
    _ best: HorizonPlan, _ head: [PlanEntry], _ meeting: Meeting
  ) -> String {
    let stages = meeting.junction.stages
    let now = stages[meeting.report.stage].name
    let follower = head.dropFirst(control.pace == .second ? 1 : 0).first
      .map { "then stage \(stages[$0.stage].name) for \($0.green)" }
    let endsIn = best.endsIn.map { max(0, $0 - flashSteps(of: stages[meeting.report.stage])) }
    guard control.pace == .second else {
      return "After stage \(now): \(follower ?? "nothing is waiting"); "
        + "\(decimal(best.cost.total, places: 0)) vehicle-seconds ahead."
    }
    let end =
      switch endsIn {
      case .some(0): "Stage \(now) ends now"
      case .some(let steps): "Stage \(now) goes on for \(steps) s"
      case .none: "Stage \(now) goes on"
      }
    return "\(end)\(follower.map { ", \($0)" } ?? ""); "
      + "\(decimal(best.cost.total, places: 0)) vehicle-seconds ahead."
  }
}

extension Meeting {
  /// The running stage with its whole green, if it ends in so many steps; `nil` for not in sight.
  fileprivate func running(endsIn: Int?) -> PlanEntry {
    let stage = junction.stages[report.stage]
    let planned =
      endsIn.map { report.timeInState + .seconds(max(0, $0 - flashSteps(of: stage))) }
      ?? stage.maximumGreen
    return PlanEntry(
      stage: report.stage, green: min(stage.maximumGreen, max(stage.shortestGreen, planned)))
  }

  /// What serves all who wait as soon as may be, the running stage ending in `endsIn` steps.
  fileprivate func urgentHead(
    _ pace: Pace, endsIn: Int, reference: TimingPlan
  ) -> [PlanEntry] {
    let urgent = urgentStages(self, reference: reference)
    return pace == .second ? [running(endsIn: endsIn)] + urgent : urgent
  }
}
