import Safety
import Signals

/// A cabinet that takes plans, and what a plan meets there.
struct Meeting: Sendable {
  /// The junction under the stricter of both limits.
  let junction: Intersection

  /// What the cabinet last said of itself.
  let report: CabinetReport

  /// What a plan meets.
  let circumstances: Circumstances

  /// The tick.
  let at: Moment

  /// What a plan meets according to `image`; `nil` while the cabinet takes no plans or too little is
  /// known of it.
  ///
  /// - Parameters:
  ///   - image: The process image of this tick.
  ///   - waits: How long each signal group has not been green.
  ///   - lastOrder: When the plan before was sent.
  init?(_ image: ProcessImage, waits: [Tenths], lastOrder: Instant?) {
    guard let report = image.report, let junction = image.junction, let running = report.plan,
      report.source.offersControl, let entry = report.runningEntry(at: junction)
    else { return nil }
    self.junction = junction
    self.report = report
    at = image.at
    circumstances = Circumstances(
      stage: report.stage, subState: report.subState, timeInState: report.timeInState, red: waits,
      running: running, entry: entry,
      sinceLastPlan: lastOrder.map { Tenths(seconds: image.at.monotonic.seconds(since: $0)) })
  }

  /// The entry that runs.
  var entry: PlanEntry { circumstances.running.entries[circumstances.entry] }

  /// The entry that follows it.
  var following: PlanEntry {
    let entries = circumstances.running.entries
    return entries[(circumstances.entry + 1) % entries.count]
  }

  /// Green left to the running entry.
  var greenLeft: Tenths { report.greenLeft(of: entry.green) }

  /// What is left of the running plan's cycle: what is left of the running entry, and the entries behind it.
  var restOfCycle: [PlanEntry] {
    [PlanEntry(stage: entry.stage, green: greenLeft)]
      + circumstances.running.entries[(circumstances.entry + 1)...]
  }
}

extension CabinetReport {
  /// What is left of the running green, which the plan has for `planned`: a cabinet that comes back into step with
  /// its offset runs it shorter or longer, and tells it.
  func greenLeft(of planned: Tenths) -> Tenths {
    guard subState == .green else { return .zero }
    let left = max(leastLeft ?? .zero, planned - timeInState)
    return max(.zero, min(mostLeft ?? left, left))
  }
}

extension TimingPlan {
  /// Whether sending this plan would change nothing that matters before it is decided on anew: the
  /// stage that runs or comes next, and its green, are the running plan's already.
  func means(the running: TimingPlan, from meeting: Meeting) -> Bool {
    guard meeting.report.source == .central, let first = entries.first else { return false }
    switch takeover {
    case .cycleStart: return entries == running.entries && cycle == running.cycle
    case .stageBoundary: return first == meeting.following
    case .now:
      guard first.green == meeting.entry.green else { return false }
      return entries.count < 2 || entries[1] == meeting.following
    }
  }
}
