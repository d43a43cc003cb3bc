public import Cabinets
public import Control
public import Counts
public import Signals

/// What a junction tells those who keep its history and watch it.
public struct JunctionNews: Sendable {
  /// What happened.
  public enum What: Sendable {
    /// A loop is there, or tells again where it stands.
    case stands(JunctionStanding)
    /// Records of its own detectors came in, and what became of each.
    case counts([CountRecord], [Verdict])
    /// What was decided at a tick, and on what.
    case decision(Decision, DecisionInput)
    /// What happened between daemon and cabinet.
    case exchange(ExchangeEvent)
    /// The loop has ended.
    case ended
  }

  /// Identifier of the junction.
  public let junction: String

  /// Number of the loop, another for each that this process has had for the junction.
  public let loop: Int

  /// When.
  public let at: Moment

  /// What happened.
  public let what: What

  /// News of loop number `loop` of `junction`.
  public init(junction: String, loop: Int, at: Moment, what: What) {
    self.junction = junction
    self.loop = loop
    self.at = at
    self.what = what
  }
}

/// How a loop is set up and what it has gathered: from here its decisions follow from what comes.
public struct JunctionStanding: Sendable {
  /// How many ticks a loop makes before it tells again where it stands: six hours. Who replays a
  /// recorded day begins at the last standing before it.
  public static let interval = 21_600

  /// The junction.
  public let site: Intersection

  /// Cameras of other junctions whose vehicles come here.
  public let inbound: [InboundDetector]

  /// What it has gathered; `nil` if it has seen and learned nothing yet.
  public let state: ControllerState?

  /// A loop of `site` that stands at `state`.
  public init(site: Intersection, inbound: [InboundDetector], state: ControllerState?) {
    self.site = site
    self.inbound = inbound
    self.state = state
  }
}

extension JunctionLoop {
  /// Where it stands.
  public var standing: JunctionStanding {
    let state = controller.state
    let isNew = input == nil && !state.knowsUsual
    return JunctionStanding(site: site, inbound: inbound, state: isNew ? nil : state)
  }
}
