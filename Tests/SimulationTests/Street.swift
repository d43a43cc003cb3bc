import Signals
import Simulation

/// Small junctions and runs that the tests of the model share.
enum Street {
  /// One approach from the west with one lane group "W", under signal group 0; signal group 1 is
  /// the cross street, of which nobody comes.
  static func single(
    id: String = "J1", lanes: Int = 1, length: Double = 2100, saturationFlow: Double = 1800,
    movements: [Movement] = [Movement(turn: .through, signalGroup: 0, share: 1)],
    detectors: [Detector] = [], upstream: [UpstreamLink] = []
  ) -> Intersection {
    junction(
      id: id,
      approaches: [Approach(name: "W", heading: 90, speed: 14)],
      signalGroups: [
        SignalGroup(name: "W", kind: .vehicle, conflicts: [1]),
        SignalGroup(name: "cross", kind: .vehicle, conflicts: [0]),
      ],
      laneGroups: [
        LaneGroup(
          name: "W", approach: 0, lanes: lanes, length: length, saturationFlow: saturationFlow,
          movements: movements, upstream: upstream)
      ],
      stages: [stage("A", green: [0]), stage("B", green: [1])], detectors: detectors)
  }

  /// West-east straight on under signal group 0 with priority over the left turn from the east,
  /// lane group 1, under signal group 1.
  static func opposedLeft() -> Intersection {
    junction(
      id: "J1",
      approaches: [
        Approach(name: "W", heading: 90, speed: 14), Approach(name: "E", heading: 270, speed: 14),
      ],
      signalGroups: [
        SignalGroup(name: "W.T", kind: .vehicle, conflicts: [1, 2]),
        SignalGroup(name: "E.L", kind: .vehicle, conflicts: [0, 2], givesWayTo: [0]),
        SignalGroup(name: "cross", kind: .vehicle, conflicts: [0, 1]),
      ],
      laneGroups: [
        LaneGroup(
          name: "W.T", approach: 0, lanes: 1, length: 2100, saturationFlow: 1800,
          movements: [Movement(turn: .through, signalGroup: 0, share: 1)]),
        LaneGroup(
          name: "E.L", approach: 1, lanes: 1, length: 2100, saturationFlow: 1800,
          movements: [Movement(turn: .left, signalGroup: 1, share: 1)]),
      ],
      stages: [stage("A", green: [0], permissive: [1]), stage("B", green: [2])])
  }

  /// One approach from the west whose lanes those straight on, under signal group 0, share with those
  /// turning right: under signal group 2, which is green in both stages, or held by no signal.
  static func shared(right share: Double, arrow: Bool, lanes: Int = 1) -> Intersection {
    var groups = [
      SignalGroup(name: "W.T", kind: .vehicle, conflicts: [1]),
      SignalGroup(name: "cross", kind: .vehicle, conflicts: [0]),
    ]
    if arrow { groups.append(SignalGroup(name: "W.R", kind: .vehicle, conflicts: [])) }
    let own = arrow ? [2] : []
    return junction(
      id: "J1", approaches: [Approach(name: "W", heading: 90, speed: 14)], signalGroups: groups,
      laneGroups: [
        LaneGroup(
          name: "W", approach: 0, lanes: lanes, length: 2100, saturationFlow: 1800,
          movements: [
            Movement(turn: .through, signalGroup: 0, share: 1 - share),
            Movement(turn: .right, signalGroup: own.first, share: share),
          ])
      ],
      stages: [stage("A", green: [0] + own), stage("B", green: [1] + own)],
      detectors: [Detector(id: "cam", laneGroup: 0, lanes: lanes, view: 80)])
  }

  /// "J1" with a road to "J2", 280 m on.
  static func pair(share: Double = 1, length: Double = 70) -> [Intersection] {
    [
      single(id: "J1"),
      single(
        id: "J2", length: length,
        upstream: [
          UpstreamLink(intersection: "J1", laneGroup: "W", share: share, travelTime: 20)
        ]),
    ]
  }

  static func stage(_ name: String, green: [Int], permissive: [Int] = []) -> Stage {
    Stage(
      name: name, green: green, permissive: permissive, minimumGreen: .seconds(5),
      maximumGreen: .seconds(90), yellow: .seconds(3), allRed: .seconds(2))
  }

  /// Stages A and B in turn.
  static func plan(_ a: Int, _ b: Int) -> TimingPlan {
    TimingPlan(entries: [
      PlanEntry(stage: 0, green: .seconds(a)), PlanEntry(stage: 1, green: .seconds(b)),
    ])
  }

  private static func junction(
    id: String, approaches: [Approach], signalGroups: [SignalGroup], laneGroups: [LaneGroup],
    stages: [Stage], detectors: [Detector] = []
  ) -> Intersection {
    Intersection(
      id: id, name: id, timeZoneMinutes: 480, approaches: approaches, signalGroups: signalGroups,
      laneGroups: laneGroups, crossings: [], stages: stages,
      changes: ChangeTable(Array(repeating: Array(repeating: .zero, count: 2), count: 2)),
      detectors: detectors,
      limits: Limits(
        minimumCycle: .seconds(30), maximumCycle: .seconds(180), longestRed: .seconds(150)),
      plans: [NamedPlan(name: "day", plan: plan(40, 40))],
      schedule: [ScheduleEntry(fromMinute: 0, plan: 0)],
      control: ControlSettings(pace: .second, sequence: .fixed, lease: .seconds(60)))
  }
}

extension VehicleDemand {
  /// The same flow at all times at a lane group, veh/h.
  static func constant(
    _ flow: Double, at laneGroup: Int = 0, of junction: Int = 0
  ) -> VehicleDemand {
    VehicleDemand(junction: junction, laneGroup: laneGroup, profile: FlowProfile(constant: flow))
  }
}

extension TrafficModel {
  /// A model of one junction and constant flows.
  init(
    _ junctions: [Intersection], _ vehicles: [VehicleDemand], pedestrians: [PedestrianDemand] = [],
    seed: UInt64 = 1, step: Tenths = .seconds(1), measureFrom: Double = 0,
    faults: CountFaults = CountFaults()
  ) throws {
    self.init(
      try RoadNetwork(junctions),
      demand: TrafficDemand(vehicles: vehicles, pedestrians: pedestrians),
      settings: ModelSettings(step: step, seed: seed, measureFrom: measureFrom, faults: faults))
  }

  /// Moves on until `time` under plans that run round and round.
  mutating func run(until time: Double, under clocks: [PlanClock]) {
    while self.time < time { advance(under: clocks.map { $0.lamps(at: self.time) }) }
  }

  /// Moves on until `time` under lamps that stay.
  mutating func run(until time: Double, under lamps: [[Lamp]]) {
    while self.time < time { advance(under: lamps) }
  }
}
