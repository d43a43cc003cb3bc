import Signals

/// A plan that a cabinet runs or is about to.
struct Programme: Sendable {
  /// The plan, with greens that its stages allow.
  let plan: TimingPlan
  /// The order it came with; `nil` for the cabinet's own.
  var order: PlanOrder?
  /// What the block "active" repeats: the order as it came, or the own plan in its form.
  var registers: [UInt16]

  init(order: PlanOrder, registers: [UInt16]) {
    plan = order.plan
    self.order = order
    self.registers = registers
  }

  /// Plan `number` of the site as the cabinet's own, its greens brought within the limits of its
  /// stages.
  init(own number: Int, of intersection: Intersection) {
    let named = intersection.plans[number]
    let entries = named.plan.entries.map { entry in
      let stage = intersection.stages[entry.stage]
      let shortest = max(stage.shortestGreen, Tenths(1))
      let green = min(max(entry.green, shortest), max(stage.maximumGreen, shortest))
      return PlanEntry(stage: entry.stage, green: green)
    }
    plan = TimingPlan(entries: entries, cycle: named.plan.cycle, offset: named.plan.offset)
    registers = Programme.registers(of: plan, id: UInt16(clamping: number + 1))
  }

  /// The same plan as the cabinet's own, when nobody vouches for it any more.
  func disowned() -> Programme {
    var copy = self
    copy.order = nil
    copy.registers = Self.registers(of: plan, id: 0)
    return copy
  }

  private static func registers(of plan: TimingPlan, id: UInt16) -> [UInt16] {
    PlanOrder(epoch: 0, sequence: 0, planID: id, plan: plan, leaseSeconds: 0).registers
  }

  /// The position after `position`, and after the last one the first.
  func next(after position: Int) -> Int { (position + 1) % plan.entries.count }

  func stage(_ position: Int) -> Int { plan.entries[position].stage }
}

/// Where a cabinet is in what it runs. Times are tenths of the monotonic scale.
struct Course: Sendable {
  /// What kind of lamps are shown.
  enum Show: Sendable {
    case stages
    case flash
    case allRed
  }

  /// Now.
  var tick: Int64
  var show = Show.stages
  var programme: Programme
  /// Entry that is green, or that the change under way leads to.
  var position = 0
  /// Stage that is green, or that ends while a change is under way.
  var stage: Int
  var subState = SubState.green
  /// Since when `subState` lasts, and until when.
  var since: Int64
  var ends: Int64
  /// Since when `stage` is green.
  var greenSince: Int64
  var cycleSince: Int64
  var cycleNumber: UInt32 = 0
  /// Greens of this round, which may differ from the plan's to come back into step.
  var greens: [Tenths]

  init(programme: Programme, tick: Int64) {
    self.tick = tick
    self.programme = programme
    stage = programme.stage(0)
    since = tick
    ends = tick
    greenSince = tick
    cycleSince = tick
    greens = programme.plan.entries.map(\.green)
  }

  /// Stage that is green or that the change under way leads to.
  var stageToCome: Int { programme.stage(position) }

  var isGreen: Bool { show == .stages && subState == .green }
  var isChanging: Bool { show == .stages && subState != .green }
}

/// What follows the entry that runs.
struct Successor {
  var programme: Programme
  var position: Int
  var isTakeover = false
  /// A stage that follows itself runs on without a change when another plan takes over in it, and
  /// in a plan of one stage.
  var runsOn: Bool { isTakeover || programme.plan.entries.count == 1 }
}
