public import Phrases
public import Signals

/// Why junctions do not make a network.
public enum NetworkError: WordedError, Equatable {
  /// Two junctions have the same identifier.
  case repeatedJunction(String)
  /// Two detectors have the same identifier, so that their records could not be told apart.
  case repeatedDetector(String)
  /// A lane group says it is fed by one that the upstream junction does not have.
  case unknownUpstream(laneGroup: String, upstream: String, known: [String])
  /// The lane groups downstream claim more vehicles than leave this one.
  case sharesAboveOne(laneGroup: String, sum: Double)
}

extension NetworkError {
  /// For the person who must act.
  public var words: Phrase {
    switch self {
    case .repeatedJunction(let id):
      Phrase(
        "junction \(id) is there twice; each needs an identifier of its own",
        "路口 \(id) 出现两次；每个应有各自的标识")
    case .repeatedDetector(let id):
      Phrase(
        "detector \(id) is there twice; each needs an identifier of its own",
        "检测器 \(id) 出现两次；每个应有各自的标识")
    case .unknownUpstream(let laneGroup, let upstream, let known):
      Phrase(
        "\(laneGroup): upstream \(upstream) does not exist; its junction has "
          + known.joined(separator: ", "),
        "\(laneGroup)：上游 \(upstream) 不存在；该路口现有 " + known.joined(separator: ", "))
    case .sharesAboveOne(let laneGroup, let sum):
      Phrase(
        "\(laneGroup): the lane groups downstream take \(sum) of its departures; at most 1 in all",
        "\(laneGroup)：下游车道组共取其驶出车辆的 \(sum)；合计至多为 1")
    }
  }
}

/// Junctions and the roads between them, with every lane group numbered through.
public struct RoadNetwork: Sendable {
  /// The junctions, in the order in which lamps and scores are given.
  public let junctions: [Intersection]

  let groups: [Group]
  let signals: [Signal]
  let lanes: [LanePlace]
  let crossings: [CrossingPlace]

  /// A road to a lane group downstream.
  struct Link: Sendable {
    let group: Int
    let share: Double
    let travelTime: Double
  }

  struct Stream: Sendable {
    let turn: Turn
    /// Position in `signals`; `nil` if no signal holds it.
    let signal: Int?
    let share: Double
  }

  struct Group: Sendable {
    let junction: Int
    let laneGroup: Int
    let name: String
    let lanes: Range<Int>
    let speed: Double
    /// From the entry to the stop line at free flow, s.
    let freeFlow: Double
    /// Saturation headway of one lane, s.
    let headway: Double
    /// Vehicles that find room in one lane.
    let room: Int
    let streams: [Stream]
    let downstream: [Link]
  }

  struct LanePlace: Sendable {
    let group: Int
    /// Its number within the lane group.
    let number: Int
  }

  struct Signal: Sendable {
    let junction: Int
    let kind: SignalGroup.Kind
    /// Positions in `signals` of those it gives way to.
    let givesWayTo: [Int]
    /// Lanes with streams that it gives way to.
    let opposingLanes: [Int]
    /// Crossings that it gives way to.
    let opposingCrossings: [Int]
  }

  struct CrossingPlace: Sendable {
    let junction: Int
    let crossing: Int
    let signal: Int
  }

  /// A network of `junctions`; links from junctions that are not among them are entries.
  ///
  /// - Throws: What does not fit together.
  public init(_ junctions: [Intersection]) throws(NetworkError) {
    for (position, junction) in junctions.enumerated() {
      guard !junctions[..<position].contains(where: { $0.id == junction.id }) else {
        throw .repeatedJunction(junction.id)
      }
    }
    let detectors = junctions.flatMap { $0.detectors.map(\.id) }.sorted()
    if let pair = zip(detectors, detectors.dropFirst()).first(where: { $0.0 == $0.1 }) {
      throw .repeatedDetector(pair.0)
    }
    let links = try RoadNetwork.links(between: junctions)
    var builder = NetworkBuilder()
    for position in junctions.indices { builder.add(junctions[position], at: position, links) }
    self.junctions = junctions
    groups = builder.groups
    lanes = builder.lanes
    crossings = builder.crossings
    signals = builder.signals
  }

  /// Position of a lane group among all of the network.
  func group(_ laneGroup: Int, of junction: Int) -> Int {
    junctions[..<junction].reduce(laneGroup) { $0 + $1.laneGroups.count }
  }

  /// The roads that leave each lane group of the network.
  private static func links(between junctions: [Intersection]) throws(NetworkError) -> [[Link]] {
    var first: [Int] = []
    for junction in junctions { first.append((first.last ?? 0) + junction.laneGroups.count) }
    first = [0] + first
    var links = [[Link]](repeating: [], count: first[junctions.count])
    for (position, junction) in junctions.enumerated() {
      for (number, laneGroup) in junction.laneGroups.enumerated() {
        for upstream in laneGroup.upstream {
          guard let from = junctions.firstIndex(where: { $0.id == upstream.intersection }) else {
            continue
          }
          let known = junctions[from].laneGroups.map(\.name)
          guard let source = known.firstIndex(of: upstream.laneGroup) else {
            throw .unknownUpstream(
              laneGroup: "\(junction.id).\(laneGroup.name)",
              upstream: "\(upstream.intersection).\(upstream.laneGroup)", known: known)
          }
          links[first[from] + source].append(
            Link(
              group: first[position] + number, share: upstream.share,
              travelTime: upstream.travelTime))
        }
      }
    }
    try checkShares(of: junctions, links)
    return links
  }

  private static func checkShares(
    of junctions: [Intersection], _ links: [[Link]]
  ) throws(NetworkError) {
    var position = 0
    for junction in junctions {
      for laneGroup in junction.laneGroups {
        let sum = links[position].reduce(0) { $0 + $1.share }
        // Shares of a file have few digits; beyond their rounding they are wrong.
        guard sum <= 1.000_001 else {
          throw .sharesAboveOne(laneGroup: "\(junction.id).\(laneGroup.name)", sum: sum)
        }
        position += 1
      }
    }
  }
}
