public import Signals

/// What a reader of results must know of a junction to name and draw what happened there.
public struct JunctionOutline: Sendable, Equatable, Codable {
  /// One queue.
  public struct LaneGroup: Sendable, Equatable, Codable {
    /// Name of the lane group.
    public let name: String
    /// Name of its approach.
    public let approach: String
    /// Number of lanes.
    public let lanes: Int
    /// Saturation flow of all its lanes, pcu/h.
    public let saturationFlow: Double
    /// Where its vehicles go: `u-turn`, `left`, `through`, `right`.
    public let turns: [String]
    /// Whether a signal holds any of its movements.
    public let isSignalled: Bool
  }

  /// A stage.
  public struct Stage: Sendable, Equatable, Codable {
    /// Name of the stage.
    public let name: String
    /// Positions of the lane groups of which some movement is green in it.
    public let laneGroups: [Int]
    /// Positions of the crossings that are green in it.
    public let crossings: [Int]
  }

  /// Identifier of the junction.
  public let id: String
  /// Name for people.
  public let name: String
  /// Names of its approaches, in the order of the site.
  public let approaches: [String]
  /// Its lane groups, in the order of the site.
  public let laneGroups: [LaneGroup]
  /// Names of its crossings, in the order of the site.
  public let crossings: [String]
  /// Its stages, in the order of the site.
  public let stages: [Stage]
  /// Longest time any signal group may be red, s.
  public let longestRed: Double

  /// The outline of a junction.
  public init(_ junction: Intersection) {
    id = junction.id
    name = junction.name
    approaches = junction.approaches.map(\.name)
    laneGroups = junction.laneGroups.map { group in
      LaneGroup(
        name: group.name, approach: junction.approaches[group.approach].name, lanes: group.lanes,
        saturationFlow: group.saturationFlow, turns: group.movements.map(\.turn.rawValue),
        isSignalled: group.movements.contains { $0.signalGroup != nil })
    }
    crossings = junction.crossings.map(\.name)
    stages = junction.stages.map { stage in
      Stage(
        name: stage.name,
        laneGroups: junction.laneGroups.indices.filter { group in
          junction.laneGroups[group].movements.contains {
            $0.signalGroup.map(stage.serves) ?? false
          }
        },
        crossings: junction.crossings.indices.filter {
          stage.serves(junction.crossings[$0].signalGroup)
        })
    }
    longestRed = junction.limits.longestRed.seconds
  }
}
