import Signals

/// At what a lane group's queue discharges while all its streams have right of way, as its greens show.
///
/// The site file's saturation flow was surveyed once, or taken from a table; a bus stop or road works change
/// it. Each green with a queue is a sample as in the field measurement of HCM 6 ch. 31.
struct LearnedSaturation: Sendable, Equatable, Codable {
  /// What any lane can have, pcu/h: below it is blocked, above it miscounted, and neither teaches.
  static let bounds = 1000.0...2000.0

  /// Greens that outweigh half of what the site file says: as many as make a survey (HCM 6 ch. 31: 15).
  private static let weightOfPrior = 15.0

  /// Greens after which older ones count for 1/e: about a day of queues.
  private static let memory = 200.0

  /// How far one green can pull, as a share: a slow start or a lorry is no change of the road.
  private static let pull = 0.15

  /// Off the site file by so much, it has drifted; back within the smaller share, no longer. A survey of 15
  /// greens is itself good to some 5 %.
  private static let drift = (found: 0.15, gone: 0.1)

  /// As the site file has it, pcu/h of all lanes.
  let surveyed: Double

  /// As learned, pcu/h of all lanes.
  private(set) var value: Double

  /// Whether it is so far off the site file that somebody should look.
  private(set) var hasDrifted = false

  private var greens = 0.0
  private let lanes: Double

  /// Nothing learned yet of a lane group.
  init(_ laneGroup: LaneGroup) {
    surveyed = laneGroup.saturationFlow
    value = surveyed
    lanes = Double(laneGroup.lanes)
  }

  /// What is learned as a share of what the site file says.
  var ratio: Double { value / surveyed }

  /// Takes in a green whose queue discharged at `rate` pcu/h of all lanes.
  mutating func learn(_ rate: Double) {
    guard Self.bounds.contains(rate / lanes) else { return }
    greens = min(Self.memory, greens + 1)
    let sample = min(value * (1 + Self.pull), max(value * (1 - Self.pull), rate))
    value += (sample - value) / (Self.weightOfPrior + greens)
    let off = abs(ratio - 1)
    hasDrifted = off >= (hasDrifted ? Self.drift.gone : Self.drift.found)
  }

  /// Takes over what was learned of the same road, unless it has been surveyed anew since.
  mutating func adopt(_ other: LearnedSaturation) {
    if other.surveyed == surveyed, other.lanes == lanes { self = other }
  }
}

/// What one detector has seen so far of one green's queue.
struct GreenSample: Sendable, Equatable, Codable {
  /// Vehicles of each lane that pass before the queue flows evenly (HCM 6 ch. 31: the fourth is the first
  /// that counts).
  private static let uneven = 3.0

  /// Least vehicles of each lane that make a sample: with those before, a queue of eight (HCM 6 ch. 31).
  private static let least = 5.0

  /// Nobody crossing for so long though a queue waits, s: the way out is blocked. A lorry's headway is half
  /// of it.
  private static let blocked = 6.0

  private let lanes: Double
  private var passed = 0.0
  private var departures = 0.0
  private var seconds = 0.0
  /// Time up to the last crossing, s: what comes after it is part of a headway.
  private var untilLast = 0.0
  private var isBlocked = false

  /// A green of which nothing has been seen, by a detector of so many lanes.
  init(lanes: Int) { self.lanes = Double(lanes) }

  /// Takes in what crossed while those still stood who had stood when the green began, pcu and s.
  mutating func add(_ departures: Double, seconds: Double) {
    defer { passed += departures }
    guard passed >= Self.uneven * lanes else { return }
    self.departures += departures
    self.seconds += seconds
    if self.seconds - untilLast >= Self.blocked { isBlocked = true }
    if departures > 0 { untilLast = self.seconds }
  }

  /// What the lanes let through, pcu/s; `nil` if too few crossed to tell, or something held them up.
  var rate: Double? {
    guard !isBlocked, untilLast > 0, departures >= Self.least * lanes else { return nil }
    return departures / untilLast
  }
}

/// A lane group whose queue discharges otherwise than its site file says.
public struct SaturationDrift: Sendable, Equatable {
  /// Position of the lane group.
  public let laneGroup: Int
  /// Saturation flow as its greens show it, pcu/h of all lanes.
  public let learned: Double
  /// As the site file has it, pcu/h of all lanes.
  public let surveyed: Double

  /// How far it is off the site file, as a share of what that says.
  public var change: Double { abs(learned / surveyed - 1) }
}
