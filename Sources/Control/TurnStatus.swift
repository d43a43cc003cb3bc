public import Demand
public import Signals

/// Where the vehicles of a shared lane go, as far as it is known.
public struct TurnStatus: Sendable, Equatable {
  /// Position of the lane group.
  public let laneGroup: Int

  /// Shares of its movements, and whether they are seen or as the site file has them.
  public let shares: TurnShares.Shares
}

extension IntersectionController {
  /// Turns of every lane group that several streams share.
  public func turns(at moment: Moment) -> [TurnStatus] {
    site.laneGroups.indices.filter { site.laneGroups[$0].movements.count > 1 }.map {
      TurnStatus(laneGroup: $0, shares: demand.turnShares(of: $0, at: moment))
    }
  }
}
