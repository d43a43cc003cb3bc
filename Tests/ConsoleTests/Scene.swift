import Signals
import Support

@testable import Console

/// A junction whose traffic and stages a test plays second by second.
struct Scene {
  let site: Intersection
  var watch: JunctionWatch
  var now = Moment(
    monotonic: Instant(milliseconds: 0), utc: UTC(milliseconds: 1_795_478_400_000))
  var cycle: UInt32 = 0
  var timeInCycle = 0.0
  var plan: TimingPlan?
  var source = ControlSource.central
  var faults: UInt16 = 0
  /// Queue and flow of each lane group, in its order; trust is 1 but where `blind` says otherwise.
  var queues: [Double]
  var flows: [Double]
  var blind: [Int] = []

  init(_ site: Intersection = Sample.fourArm()) {
    self.site = site
    watch = JunctionWatch(site)
    queues = site.laneGroups.map { _ in 5 }
    flows = site.laneGroups.map { $0.lanes == 2 ? 300 : 100 }
  }

  var second: JunctionSecond {
    JunctionSecond(
      at: now, report: nil,
      laneGroups: site.laneGroups.indices.map { position in
        .init(
          queue: queues[position], approaching: 0, flow: flows[position],
          trust: blind.contains(position) ? 0 : 1)
      })
  }

  func report(stage: Int, _ state: SubState, for seconds: Double) -> CabinetReport {
    let lamps = site.signalGroups.indices.map { group -> Lamp in
      state == .green ? site.stages[stage].lamp(of: group) : .red
    }
    return CabinetReport(
      at: now, source: source, stage: stage, subState: state, timeInState: Tenths(seconds: seconds),
      leastLeft: .seconds(3), mostLeft: .seconds(9), nextStage: (stage + 1) % site.stages.count,
      cycleNumber: cycle, timeInCycle: Tenths(seconds: timeInCycle), activeSequence: 7,
      leaseLeft: 100, criticalFaults: faults, otherFaults: 0, lamps: lamps, plan: plan)
  }

  /// Plays one second.
  mutating func play(stage: Int, _ state: SubState = .green, for seconds: Double) {
    let seen = second
    watch.look(
      at: JunctionSecond(
        at: now, report: report(stage: stage, state, for: seconds), laneGroups: seen.laneGroups),
      level: .isolated, cause: "no neighbours", why: Why(text: "A is held"), isOrder: cycle % 2 == 1
    )
    now = now.advanced(bySeconds: 1)
    timeInCycle += 1
  }

  /// Plays rounds of all stages with these greens and five seconds of change between them.
  mutating func rounds(
    _ count: Int, greens: [Int],
    each: (inout Scene, _ stage: Int, _ second: Int) -> Void = {
      _, _, _ in
    }
  ) {
    for _ in 0..<count {
      cycle += 1
      timeInCycle = 0
      for (stage, green) in greens.enumerated() {
        for second in 0..<green {
          each(&self, stage, second)
          play(stage: stage, for: Double(second))
        }
        for second in 0..<5 { play(stage: stage, .allRed, for: Double(second)) }
      }
    }
  }

  var kinds: [TroubleKind] { watch.picture?.troubles.map(\.kind) ?? [] }
}
