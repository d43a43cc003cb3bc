public import Phrases
import Signals

/// A part of a recorded day that cannot be decided again, and why.
public struct ReplayGap: Sendable, Equatable, Codable {
  /// Identifier of the junction.
  public let junction: String
  /// From when on, UTC.
  public let at: String
  /// What is missing or damaged.
  public let reason: String

  /// One line for people.
  public var words: Phrase {
    Phrase(
      "\(junction), from \(at) on: \(reason)",
      "\(junction)，自 \(at) 起：\(Phrase(recorded: reason).text(.chinese))")
  }
}

/// What came of replaying one junction.
public struct JunctionReplay: Sendable, Equatable, Codable {
  /// Its identifier.
  public let junction: String
  /// Sessions that were replayed.
  public internal(set) var sessions = 0
  /// Ticks that were decided again, those before the span included.
  public internal(set) var ticks = 0
  /// Recorded decisions that were compared.
  public internal(set) var decisions = 0
  /// Of those, the ones that differ now.
  public internal(set) var differing = 0
  /// Of those, the ones whose plan differs.
  public internal(set) var otherPlans = 0
  /// The first difference; `nil` if there is none.
  public internal(set) var firstDifference: DecisionDifference?
  /// Whether it was decided under another configuration than the recorded one.
  public let isChanged: Bool
  /// Whether its decisions could be made again on the recorded readings: another pace decides at other
  /// moments, and other stages are not those that the cabinet told of.
  public let isComparable: Bool
  /// What could not be replayed.
  public internal(set) var gaps: [ReplayGap] = []
  /// How its stages ran, as its cabinet told.
  public internal(set) var stages: StageTally

  /// How the stages of `junction` ran, and nothing yet.
  init(junction: String, stages: StageTally, isChanged: Bool, isComparable: Bool) {
    self.junction = junction
    self.stages = stages
    self.isChanged = isChanged
    self.isComparable = isComparable
  }
}

/// What came of replaying a history.
public struct ReplayResult: Sendable, Equatable, Codable {
  /// What `format` holds in this version.
  public static let format = "greensplit-replay-1"

  /// Which keys there are and what they mean (`docs/json.md`).
  public private(set) var format = Self.format

  /// The junctions, sorted by identifier.
  public let junctions: [JunctionReplay]

  /// Whether any configuration was another one than the recorded.
  public let isChanged: Bool

  /// What the built-in model makes of the recorded demand under both configurations; `nil` if the
  /// configuration is unchanged.
  public internal(set) var estimate: ReplayEstimate?

  /// Whether every recorded decision is made again byte for byte.
  public var isIdentical: Bool {
    ticks > 0 && junctions.allSatisfy { $0.differing == 0 && $0.isComparable }
  }

  /// Recorded decisions that were compared.
  public var decisions: Int { junctions.reduce(0) { $0 + $1.decisions } }

  /// Ticks that were decided again.
  public var ticks: Int { junctions.reduce(0) { $0 + $1.ticks } }

  /// What could not be replayed.
  public var gaps: [ReplayGap] { junctions.flatMap(\.gaps) }

  /// The first difference in time, of several at the same time that of the first junction.
  public var firstDifference: DecisionDifference? {
    junctions.compactMap(\.firstDifference).min { $0.at < $1.at }
  }
}
