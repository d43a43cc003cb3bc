public import Signals

/// What a stop line is about to let go, told to the junctions downstream: how much is expected to cross it in the
/// time for which its greens are ordered.
public struct ComingRelease: Sendable, Equatable, Codable {
  /// Length of an interval, s: platoons spread by as much before they arrive.
  public static let interval = 5

  /// Most intervals of one release: what leaves later than two minutes from now nobody has decided.
  public static let longest = 24

  /// Identifier of the camera that watches the stop line.
  public let detector: String

  /// When the first interval begins.
  public let start: UTC

  /// What crosses in each interval, tenths of a passenger-car unit; 25.5 pcu at most, more than ten lanes let go.
  public let crossings: [UInt8]

  /// - Precondition: No more than `longest` intervals.
  public init(detector: String, start: UTC, crossings: [UInt8]) {
    precondition(crossings.count <= Self.longest, "a release of \(crossings.count) intervals")
    self.detector = detector
    self.start = start
    self.crossings = crossings
  }
}

extension DemandEstimate {
  /// What the stop lines are about to let go. A lane group that no camera sees tells nothing: to those downstream
  /// its flow stands for it.
  ///
  /// - Parameters:
  ///   - junction: The junction of the estimate.
  ///   - greens: The stage that is green in each second from now on, `nil` for none.
  ///   - start: Now.
  /// - Returns: A release for each camera of a lane group, in the order of lane groups; none without greens.
  public func releases(
    of junction: Intersection, during greens: [Int?], from start: UTC
  ) -> [ComingRelease] {
    guard !greens.isEmpty else { return [] }
    var releases: [ComingRelease] = []
    for laneGroup in junction.laneGroups.indices where laneGroups[laneGroup].trust > 0 {
      let detectors = junction.detectors.filter { $0.laneGroup == laneGroup }
      let lanes = detectors.reduce(0) { $0 + $1.lanes }
      guard lanes > 0 else { continue }
      let leaving = leaving(laneGroup, during: greens)
      for detector in detectors {
        let tenths = 10 * Double(detector.lanes) / Double(lanes)
        releases.append(
          ComingRelease(
            detector: detector.id, start: start,
            crossings: leaving.map { UInt8(min(255, ($0 * tenths).rounded())) }))
      }
    }
    return releases
  }

  /// What leaves a lane group in each interval of a release, pcu: its queue and who joins it, as fast as its stages
  /// let it discharge.
  private func leaving(_ laneGroup: Int, during greens: [Int?]) -> [Double] {
    let estimate = laneGroups[laneGroup]
    let intervals = (greens.count + ComingRelease.interval - 1) / ComingRelease.interval
    var leaving = Array(repeating: 0.0, count: min(ComingRelease.longest, intervals))
    var queue = estimate.queue
    // Whoever has green now moves already.
    var wasGreen = true
    var moves = 0
    for second in greens.indices.prefix(leaving.count * ComingRelease.interval) {
      queue += estimate.arrivals(in: second)
      let rate = greens[second].map { discharge[$0][laneGroup] } ?? 0
      if rate > 0, !wasGreen { moves = second + startUpLoss }
      wasGreen = rate > 0
      guard second >= moves else { continue }
      let crossing = min(queue, rate)
      queue -= crossing
      leaving[second / ComingRelease.interval] += crossing
    }
    return leaving
  }
}

/// Seconds of a green in which its queue does not move yet (HCM start-up lost time).
private let startUpLoss = 2
