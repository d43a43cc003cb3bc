import Cabinets
import Control
import Counts
import Glibc
import Junctions
import Locking
import Signals
import Simulation
import Support

@testable import History
@testable import Replay

/// The history of a simulated run of two junctions, one upstream of the other, in a folder of its own.
final class Recording {
  /// Version of the program that records.
  static let program = "1.2.3"

  /// Local time at which every run begins, seconds since midnight.
  static let begin = 25_200.0

  private let folder: String
  /// The history.
  let path: String

  init() {
    var template = Array("/tmp/greensplit-replay-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "no temporary directory")
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    path = "\(folder)/history.db"
  }

  deinit {
    for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
    rmdir(folder)
  }

  /// What is wrong in a run.
  struct Trouble {
    /// Cameras that fall silent, and requests to cabinets that fail.
    var isThere = true
    /// Seconds after which a second daemon takes over.
    var restart: Int?
    /// Whether persons override both junctions now and then.
    var isOverridden = false
    /// Whether a person hands both junctions over to their time-of-day plans for all of the run.
    var isHandedOver = false
    /// Days that pass before the run begins.
    var daysLater = 0
  }

  /// Records a run of so many seconds.
  func run(_ pace: Pace, seconds: Int = 1200, _ trouble: Trouble = Trouble()) throws {
    let sites = Self.sites(pace)
    let begin = Self.begin + Double(trouble.daysLater) * 86_400
    let scenario = Scenario(
      name: "recorded", begin: begin, length: Double(seconds), seed: 11,
      network: try RoadNetwork(sites), demand: Self.demand,
      faults: trouble.isThere ? Self.outages : CountFaults())
    var history = try SimulatedHistory(path, program: Self.program)
    var loop = ClosedLoop(
      scenario.network, model: scenario.model(), isControlled: true, step: scenario.step,
      interval: scenario.cameraInterval, epoch: history.epoch,
      wire: trouble.isThere ? TroubledWire() : nil, hear: history.hear)
    for second in 0..<seconds {
      if second == trouble.restart {
        loop.end()
        try history.close()
        history = try SimulatedHistory(path, program: Self.program)
        loop.restart(epoch: history.epoch, hear: history.hear)
      }
      if trouble.isOverridden, second % 150 == 60 { wish(second, in: &loop) }
      if trouble.isHandedOver, second == 0 { handOver(from: begin, seconds, in: &loop) }
      loop.runSecond()
    }
    loop.end()
    try history.close()
  }

  /// A person wants something else of each junction for two minutes, of another kind each time.
  private func wish(_ second: Int, in loop: inout ClosedLoop) {
    let plan = [25, 12, 30, 12].enumerated().map {
      PlanEntry(stage: $0.offset, green: .seconds($0.element))
    }
    let actions: [Override.Action] = [.stage(1), .plan(plan), .handOver, .dayPlan(0), .stage(2)]
    for junction in 0..<2 {
      let begin = simulatedMoment(Self.begin + Double(second), timeZoneMinutes: 480)
      loop.override(
        junction,
        by: [
          Override(
            id: "1-\(second)", action: actions[(second / 150 + junction) % actions.count],
            who: "王", reason: "勤务", begins: begin,
            ready: begin.advanced(bySeconds: Double(second % 4) * 10),
            ends: begin.advanced(bySeconds: 120))
        ])
    }
  }

  private func handOver(from begin: Double, _ seconds: Int, in loop: inout ClosedLoop) {
    let now = simulatedMoment(begin, timeZoneMinutes: 480)
    for junction in 0..<2 {
      loop.override(
        junction,
        by: [
          Override(
            id: "1-\(junction)", action: .handOver, who: "王", reason: "对比", begins: now,
            ends: now.advanced(bySeconds: Double(seconds)))
        ])
    }
  }

  /// Replays it.
  func replay(_ change: (inout ReplayOptions) -> Void = { _ in }) throws -> ReplayResult {
    var options = ReplayOptions(program: Self.program)
    change(&options)
    return try HistoryReplay(path: path, options: options).compare()
  }

  /// Whoever changes the file behind greensplit's back.
  func sql(_ statement: String) throws {
    try Connection(path: path, access: .readWrite, patience: 5000).execute(statement)
  }

  func number(_ query: String) throws -> Int64 {
    try Connection(path: path, access: .readOnly, patience: 5000).integer(query)
  }

  /// The moment so many seconds after the begin.
  static func utc(_ seconds: Double) -> UTC {
    simulatedMoment(begin + seconds, timeZoneMinutes: 480).utc
  }

  // MARK: The street

  static func sites(_ pace: Pace) -> [Intersection] {
    let second = Sample.fourArm(id: "J002", pace: pace, sequence: .skip)
    return [
      Sample.fourArm(pace: pace, sequence: .skip),
      second.fed(
        [
          "W.T": UpstreamLink(
            intersection: "J001", laneGroup: "W.T", share: 0.8, travelTime: 25),
          "W.L": UpstreamLink(
            intersection: "J001", laneGroup: "W.T", share: 0.1, travelTime: 25),
        ]),
    ]
  }

  /// Lane groups of a sample junction alternate between through and left.
  private static var demand: TrafficDemand {
    TrafficDemand(
      vehicles: (0..<2).flatMap { junction in
        (0..<8).compactMap { laneGroup -> VehicleDemand? in
          // What the western arm of the second junction gets comes from the first.
          if junction == 1, laneGroup >= 6 { return nil }
          let flow = laneGroup % 2 == 0 ? 500.0 : 120
          return VehicleDemand(
            junction: junction, laneGroup: laneGroup, profile: FlowProfile(constant: flow))
        }
      })
  }

  /// One lane group blind for a while, and later more than half of a junction.
  private static var outages: CountFaults {
    let first = CountFaults.Outage(detector: "J001.N.T", from: begin + 200, until: begin + 320)
    let many = ["N.T", "N.L", "E.T", "E.L", "S.T"].map {
      CountFaults.Outage(detector: "J002.\($0)", from: begin + 400, until: begin + 520)
    }
    return CountFaults(missRate: 0.1, doubleRate: 0.02, outages: [first] + many)
  }
}

/// A wire to cabinets of which the first cannot be reached for a while, and both refuse every ninth write.
final class TroubledWire: CabinetWire {
  private let state = Guarded((requests: [0, 0], writes: 0))

  func carry(
    _ request: CabinetRequest, to position: Int,
    answer: (CabinetRequest) -> Result<[UInt16], RegisterException>
  ) -> Result<[UInt16], CabinetFailure> {
    let (number, write) = state.withLock { state -> (Int, Int) in
      state.requests[position] += 1
      if case .write = request { state.writes += 1 }
      return (state.requests[position], state.writes)
    }
    if position == 0, (900..<910).contains(number) { return .failure(.timedOut) }
    if case .write = request, write % 9 == 0 { return .failure(.exception(code: 4)) }
    return answer(request).mapError { .exception(code: $0.rawValue) }
  }
}

extension Intersection {
  /// The same junction whose lane groups of these names are fed from upstream.
  func fed(_ links: [String: UpstreamLink]) -> Intersection {
    with(
      laneGroups: laneGroups.map { group in
        LaneGroup(
          name: group.name, approach: group.approach, lanes: group.lanes, length: group.length,
          saturationFlow: group.saturationFlow, movements: group.movements, weight: group.weight,
          upstream: links[group.name].map { [$0] } ?? [])
      })
  }

  /// The same junction with other lane groups, or a longest red of its own.
  func with(laneGroups: [LaneGroup]? = nil, longestRed: Tenths? = nil) -> Intersection {
    Intersection(
      id: id, name: name, timeZoneMinutes: timeZoneMinutes, approaches: approaches,
      signalGroups: signalGroups, laneGroups: laneGroups ?? self.laneGroups, crossings: crossings,
      stages: stages, changes: changes, detectors: detectors,
      limits: longestRed.map {
        Limits(
          minimumCycle: limits.minimumCycle, maximumCycle: limits.maximumCycle, longestRed: $0)
      } ?? limits, plans: plans, schedule: schedule, control: control)
  }

  /// The same junction whose lane group `name` discharges at `flow`, pcu/h.
  func saturating(_ name: String, at flow: Double) -> Intersection {
    with(
      laneGroups: laneGroups.map { group in
        guard group.name == name else { return group }
        return LaneGroup(
          name: group.name, approach: group.approach, lanes: group.lanes, length: group.length,
          saturationFlow: flow, movements: group.movements, weight: group.weight,
          upstream: group.upstream)
      })
  }
}
