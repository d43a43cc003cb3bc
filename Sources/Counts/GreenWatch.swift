import Signals

/// What comes off a queue while it stands through green, for cameras that report often enough to tell.
///
/// From the fourth vehicle on, a queue discharges at the saturation flow (HCM), whatever the demand, the
/// hour or the weather upstream: who counts half of that does not see half of the vehicles.
struct GreenWatch: Sendable, Equatable, Codable {
  /// Vehicles, and the time in which they came off a standing queue, s.
  struct Discharge: Sendable, Equatable, Codable {
    var pcu = 0.0
    var seconds = 0.0
  }

  /// Records must be no longer, s: of a longer one nobody knows how much of it was queue.
  static let longestRecord = 5.0

  /// The first four vehicles lose time in starting, s.
  static let start = 8.0

  /// Vehicles a lane that must still stand at the end of a record: its head moves, its end does not yet.
  static let standing = 3.0

  /// Nobody for so long although a queue stands: the way out is blocked, and nothing is said of the count, s.
  static let blocked = 10.0

  /// How long it has been green, s.
  private var open = 0.0
  /// Whether the record before ended with a queue.
  private var hasQueue = false
  private var green = Discharge()
  /// For how long nobody has crossed in this green's discharge, and whether its way out was blocked.
  private var idle = 0.0
  private var isBlocked = false
  private var ended = Discharge()

  /// Lets `seconds` pass with its signal green, or not.
  mutating func pass(_ seconds: Double, isOpen: Bool) {
    guard !isOpen else { return open += seconds }
    if open > 0, !isBlocked {
      ended.pcu += green.pcu
      ended.seconds += green.seconds
    }
    (open, green, idle, isBlocked) = (0, Discharge(), 0, false)
  }

  /// Takes in a record of `pcu` that crossed on `lanes` lanes in `seconds`, at whose end `queue` stood.
  mutating func note(pcu: Double, in seconds: Double, queue: Double, lanes: Double) {
    let stands = queue >= Self.standing * lanes
    defer { hasQueue = stands }
    guard stands, hasQueue, seconds <= Self.longestRecord, open >= Self.start + seconds else {
      return
    }
    green.pcu += pcu
    green.seconds += seconds
    idle = pcu > 0 ? 0 : idle + seconds
    if idle >= Self.blocked { isBlocked = true }
  }

  /// What came off queues in the greens that ended since the last call.
  mutating func take() -> Discharge {
    defer { ended = Discharge() }
    return ended
  }
}
