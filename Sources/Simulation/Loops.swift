import Signals

/// Vehicles that crossed one loop of a cabinet.
public struct LoopCount: Sendable, Equatable {
  /// Position of the junction.
  public let junction: Int
  /// Number of the loop among the cabinet's detectors, from 1.
  public let loop: Int
  /// Vehicles.
  public let vehicles: Int
}

/// The cabinets' own loops at the stop lines. They miss nobody: what is wrong with cameras is not wrong
/// with them.
struct Loops: Sendable {
  private struct Loop: Sendable {
    let junction: Int
    let number: Int
    let lanes: [Int]
    var counted = 0
  }

  private var loops: [Loop] = []

  init(_ network: RoadNetwork) {
    for (position, junction) in network.junctions.enumerated() {
      var taken = Array(repeating: 0, count: junction.laneGroups.count)
      for detector in junction.detectors {
        let group = network.groups[network.group(detector.laneGroup, of: position)]
        let first = taken[detector.laneGroup]
        taken[detector.laneGroup] += detector.lanes
        for (place, number) in detector.loops.enumerated() {
          // One a lane from the first on; where there are fewer they reach over several.
          let own = (0..<detector.lanes).filter {
            $0 * detector.loops.count / detector.lanes == place
          }
          loops.append(
            Loop(
              junction: position, number: number,
              lanes: own.map { group.lanes.lowerBound + (first + $0) % group.lanes.count }))
        }
      }
    }
  }

  mutating func take(of lanes: [Lane]) -> [LoopCount] {
    loops.indices.map { position in
      let crossed = loops[position].lanes.reduce(0) { $0 + lanes[$1].crossed }
      defer { loops[position].counted = crossed }
      return LoopCount(
        junction: loops[position].junction, loop: loops[position].number,
        vehicles: crossed - loops[position].counted)
    }
  }
}
