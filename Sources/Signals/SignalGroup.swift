/// What one signal group (灯组) shows. The raw value is the character of the plant protocol.
public enum Lamp: Character, Sendable, CaseIterable {
  /// Green, with right of way.
  case green = "G"
  /// Green that must give way to a conflicting stream.
  case permissiveGreen = "g"
  /// Flashing green at the end of green (绿闪).
  case flashingGreen = "f"
  /// Yellow.
  case yellow = "y"
  /// Red.
  case red = "r"
  /// Red with yellow before green.
  case redYellow = "u"
  /// Dark.
  case dark = "o"
  /// Flashing yellow (黄闪).
  case flashingYellow = "Y"

  /// Whether traffic may pass the stop line, with right of way or without.
  public var isGreen: Bool { self == .green || self == .permissiveGreen || self == .flashingGreen }
}

/// A set of lamps that always show the same (灯组): the smallest thing a cabinet switches.
public struct SignalGroup: Sendable, Equatable, Codable {
  /// Whom the lamps speak to.
  public enum Kind: String, Sendable, CaseIterable, Codable {
    /// Motor vehicles.
    case vehicle
    /// People on foot.
    case pedestrian
    /// Bicycles and e-bikes (非机动车).
    case bicycle
  }

  /// Name in the site file.
  public let name: String

  /// Whom the lamps speak to.
  public let kind: Kind

  /// Positions, in the intersection's `signalGroups`, of the groups that must never be green with
  /// this one; sorted, and symmetrical between groups.
  public let conflicts: [Int]

  /// Positions of those conflicting groups that this group may run with when it is shown
  /// permissive, because its traffic gives way to theirs; sorted.
  public let givesWayTo: [Int]

  /// A signal group; positions refer to the intersection's `signalGroups`.
  public init(name: String, kind: Kind, conflicts: [Int], givesWayTo: [Int] = []) {
    self.name = name
    self.kind = kind
    self.conflicts = conflicts.sorted()
    self.givesWayTo = givesWayTo.sorted()
  }
}
