/// One arm of the junction (进口道), seen by the traffic that comes in.
public struct Approach: Sendable, Equatable, Codable {
  /// Name in the site file, such as "N".
  public let name: String

  /// Direction of travel towards the junction, degrees clockwise from north, 0 ..< 360.
  public let heading: Double

  /// Free-flow speed, m/s.
  public let speed: Double

  /// An arm; `heading` in degrees, `speed` in m/s.
  public init(name: String, heading: Double, speed: Double) {
    self.name = name
    self.heading = heading
    self.speed = speed
  }
}

/// Where a vehicle leaves the junction, seen from where it came in.
public enum Turn: String, Sendable, CaseIterable, Codable {
  /// Back where it came from (掉头).
  case uTurn = "u-turn"
  /// To the left (左转).
  case left
  /// Straight on (直行).
  case through
  /// To the right (右转).
  case right
}

/// One stream of a lane group: a turn and the signal group that lets it go.
public struct Movement: Sendable, Equatable, Codable {
  /// Where it goes.
  public let turn: Turn

  /// Position of its signal group; `nil` for a turn that no signal holds (right turn on red ball).
  public let signalGroup: Int?

  /// Share of the lane group's vehicles, 0 ... 1; the shares of a lane group add up to 1.
  public let share: Double

  /// A stream with `share` of its lane group's vehicles, held by `signalGroup`.
  public init(turn: Turn, signalGroup: Int?, share: Double) {
    self.turn = turn
    self.signalGroup = signalGroup
    self.share = share
  }
}

/// Lanes of one approach that drivers choose among freely (车道组): one queue.
///
/// A lane that several streams share is one lane group with several movements: whoever waits for
/// red holds up those behind.
public struct LaneGroup: Sendable, Equatable, Codable {
  /// Name in the site file, such as "N.through".
  public let name: String

  /// Position of its arm in the intersection's `approaches`.
  public let approach: Int

  /// Number of lanes.
  public let lanes: Int

  /// Length from the stop line back to where the queue would block others, m.
  public let length: Double

  /// Saturation flow (饱和流量) of all its lanes together, pcu/h of effective green.
  public let saturationFlow: Double

  /// Its streams, at least one.
  public let movements: [Movement]

  /// What a vehicle second of delay counts here relative to others; 1 by default.
  public let weight: Double

  /// Where its vehicles come from, if junctions of the same network are upstream.
  public let upstream: [UpstreamLink]

  /// A queue of an approach; units as the properties say.
  public init(
    name: String, approach: Int, lanes: Int, length: Double, saturationFlow: Double,
    movements: [Movement], weight: Double = 1, upstream: [UpstreamLink] = []
  ) {
    self.name = name
    self.approach = approach
    self.lanes = lanes
    self.length = length
    self.saturationFlow = saturationFlow
    self.movements = movements
    self.weight = weight
    self.upstream = upstream
  }

  /// Road taken by one standing vehicle and the gap before the next, m per pcu (HCM default 7.6 m;
  /// methods.md C9 uses 7 m for passenger cars).
  public static let spacing = 7.0

  /// Vehicles that find room between the stop line and the end of `length`.
  public var storage: Double { length * Double(lanes) / Self.spacing }
}

/// A lane group of a neighbouring junction whose departures arrive here.
public struct UpstreamLink: Sendable, Equatable, Codable {
  /// Identifier of the junction upstream.
  public let intersection: String

  /// Name of its lane group.
  public let laneGroup: String

  /// Share of that lane group's departures that arrives in this one, 0 ... 1.
  public let share: Double

  /// Free-flow travel time from stop line to stop line, s.
  public let travelTime: Double

  /// `share` of the departures of `laneGroup` of `intersection` arrives after `travelTime` seconds.
  public init(intersection: String, laneGroup: String, share: Double, travelTime: Double) {
    self.intersection = intersection
    self.laneGroup = laneGroup
    self.share = share
    self.travelTime = travelTime
  }
}

/// A pedestrian crossing (人行横道).
public struct Crossing: Sendable, Equatable, Codable {
  /// Name in the site file.
  public let name: String

  /// Position of its pedestrian signal group.
  public let signalGroup: Int

  /// Length from kerb to kerb, m.
  public let length: Double

  /// Steady green for stepping off (行人绿灯).
  public let walk: Tenths

  /// Time for those who have stepped off to reach the other side (行人清空).
  public let clearance: Tenths

  /// A crossing of `length` metres with its pedestrian times.
  public init(name: String, signalGroup: Int, length: Double, walk: Tenths, clearance: Tenths) {
    self.name = name
    self.signalGroup = signalGroup
    self.length = length
    self.walk = walk
    self.clearance = clearance
  }
}

/// A camera's view of one lane group, as count records name it.
public struct Detector: Sendable, Equatable, Codable {
  /// Identifier in count records (`det`).
  public let id: String

  /// Position of the lane group it sees.
  public let laneGroup: Int

  /// Number of the lane group's lanes it sees, at least 1.
  public let lanes: Int

  /// How far back from the stop line it sees, m; 0 if it counts at the stop line alone.
  public let view: Double

  /// Numbers, among the cabinet's own detectors, of the loops at the stop lines of these very lanes, from
  /// 1; what they count in sum is set against what it counts.
  public let loops: [Int]

  /// A view of `lanes` lanes of `laneGroup`, `view` metres deep.
  public init(id: String, laneGroup: Int, lanes: Int, view: Double, loops: [Int] = []) {
    self.id = id
    self.laneGroup = laneGroup
    self.lanes = lanes
    self.view = view
    self.loops = loops
  }

  /// Reads a detector; one of a time that knew of no loops has none.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      id: try fields.decode(String.self, forKey: .id),
      laneGroup: try fields.decode(Int.self, forKey: .laneGroup),
      lanes: try fields.decode(Int.self, forKey: .lanes),
      view: try fields.decode(Double.self, forKey: .view),
      loops: try fields.decodeIfPresent([Int].self, forKey: .loops) ?? [])
  }

  /// How count records name loop number `loop` of the junction's cabinet.
  public static func loopName(_ loop: Int) -> String { "loop \(loop)" }
}
