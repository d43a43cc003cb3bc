public import Signals

/// What one second at a junction looks like to who diagnoses it.
public struct JunctionSecond: Sendable {
  /// One lane group in that second.
  public struct LaneGroup: Sendable, Equatable {
    /// Standing before the stop line, pcu.
    public let queue: Double
    /// In view and still moving, pcu.
    public let approaching: Double
    /// Arrivals, pcu/h.
    public let flow: Double
    /// How far the estimate is to be trusted, 0 ... 1.
    public let trust: Double

    /// Units as the properties say.
    public init(queue: Double, approaching: Double, flow: Double, trust: Double) {
      self.queue = queue
      self.approaching = approaching
      self.flow = flow
      self.trust = trust
    }
  }

  /// When.
  public let at: Moment
  /// What the cabinet says of itself; `nil` if nothing is known.
  public let report: CabinetReport?
  /// In the order of the junction's lane groups.
  public let laneGroups: [LaneGroup]

  /// One second.
  public init(at: Moment, report: CabinetReport?, laneGroups: [LaneGroup]) {
    self.at = at
    self.report = report
    self.laneGroups = laneGroups
  }
}

/// What happened in one round: from the start of a stage's green to the next start of the same stage,
/// or for the longest cycle where stages are skipped. Without a fixed order there is no other cycle.
struct RoundTally: Sendable {
  /// The stage whose green began it.
  let stage: Int
  /// Length so far, s.
  private(set) var seconds = 0.0
  /// Seconds of green of each lane group.
  private(set) var green: [Double]
  /// Sum of flow × seconds of each lane group, pcu/h × s.
  private(set) var flow: [Double]
  /// Seconds of green that nobody used while others waited, by stage.
  private(set) var wasted: [Double]

  init(stage: Int, at site: Intersection) {
    self.stage = stage
    green = site.laneGroups.map { _ in 0 }
    flow = green
    wasted = site.stages.map { _ in 0 }
  }

  /// Adds `length` seconds like `second`.
  mutating func add(
    _ second: JunctionSecond, _ report: CabinetReport, for length: Double, at site: Intersection
  ) {
    seconds += length
    for (position, group) in site.laneGroups.enumerated() {
      if group.isGreen(under: report.lamps) { green[position] += length }
      flow[position] += second.laneGroups[position].flow * length
    }
    if isWasted(second, report, at: site) { wasted[report.stage] += length }
  }

  /// Whether the running green, longer than it must be, serves nobody while somebody waits for another.
  private func isWasted(
    _ second: JunctionSecond, _ report: CabinetReport, at site: Intersection
  ) -> Bool {
    guard report.subState == .green, report.timeInState > site.stages[report.stage].shortestGreen
    else { return false }
    var isUsed = false
    var isWaited = false
    for (group, state) in zip(site.laneGroups, second.laneGroups) where group.isSignalled {
      if group.isGreen(under: report.lamps) {
        // Half a vehicle is the noise of the estimate; what cannot be seen may be there.
        isUsed = isUsed || state.queue + state.approaching >= 0.5 || state.trust <= 0
      } else {
        isWaited = isWaited || state.queue >= 1
      }
    }
    return isWaited && !isUsed
  }

  /// Degree of saturation X = v C / (s g) of a lane group (HCM 6th edition, equation 19-16, with
  /// c = s g / C); `nil` without green.
  ///
  /// - Parameters:
  ///   - position: Of the lane group.
  ///   - saturationFlow: s, pcu/h.
  /// - Returns: X, 1 at capacity.
  func degreeOfSaturation(of position: Int, saturationFlow: Double) -> Double? {
    guard green[position] > 0, seconds > 0, saturationFlow > 0 else { return nil }
    // The sum of the flow is v C.
    return flow[position] / (saturationFlow * green[position])
  }
}

extension LaneGroup {
  /// Whether a signal holds any of its streams.
  var isSignalled: Bool { movements.contains { $0.signalGroup != nil } }

  /// Whether any of its signals is green.
  func isGreen(under lamps: [Lamp]) -> Bool {
    movements.contains { movement in
      movement.signalGroup.map { lamps.indices.contains($0) && lamps[$0].isGreen } ?? false
    }
  }
}
