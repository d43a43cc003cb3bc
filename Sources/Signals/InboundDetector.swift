/// A camera at a stop line upstream: what it counts arrives here later.
public struct InboundDetector: Sendable, Equatable, Codable {
  /// Identifier in count records.
  public let detector: String

  /// Position of the lane group here that its vehicles reach.
  public let laneGroup: Int

  /// Share of its vehicles that comes here, 0 ... 1.
  public let share: Double

  /// From its stop line to the one here at free flow, s.
  public let travelTime: Double

  /// `share` of the vehicles that `detector` counts reach `laneGroup` after `travelTime` seconds.
  public init(detector: String, laneGroup: Int, share: Double, travelTime: Double) {
    self.detector = detector
    self.laneGroup = laneGroup
    self.share = share
    self.travelTime = travelTime
  }
}

extension Intersection {
  /// The cameras of other junctions whose vehicles come here, in the order of lane groups and links.
  public func inboundDetectors(among junctions: [Intersection]) -> [InboundDetector] {
    laneGroups.enumerated().flatMap { position, laneGroup in
      laneGroup.upstream.flatMap { link -> [InboundDetector] in
        guard let neighbour = junctions.first(where: { $0.id == link.intersection }),
          let source = neighbour.laneGroups.firstIndex(where: { $0.name == link.laneGroup })
        else { return [] }
        return neighbour.detectors.filter { $0.laneGroup == source }.map {
          InboundDetector(
            detector: $0.id, laneGroup: position, share: link.share, travelTime: link.travelTime)
        }
      }
    }
  }
}
