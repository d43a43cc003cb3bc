public import Control
public import Counts
public import Demand
public import Signals

/// What one decision was made on, beside the site and what the decisions before have left: all that must
/// be kept so that it can be made again.
public struct DecisionInput: Sendable, Equatable {
  /// The tick.
  public let at: Moment

  /// Records accepted since the tick before, in the order of `CountLedger.take`.
  public let records: [CountRecord]

  /// What stop lines upstream have told since then that they are about to let go, one for each of them at most.
  public let releases: [ComingRelease]

  /// What the cabinet last said of itself; `nil` while nothing is known of it.
  public let report: CabinetReport?

  /// What the cabinet says of its stages and limits; `nil` until they were read, and when the
  /// cabinet is another junction's.
  public let limits: CabinetLimits?

  /// What a person wants instead, valid at the tick; `nil` for nothing.
  public let override: Override?

  /// What is known at one tick.
  public init(
    at: Moment, records: [CountRecord], releases: [ComingRelease] = [], report: CabinetReport?,
    limits: CabinetLimits?, override: Override? = nil
  ) {
    self.at = at
    self.records = records
    self.releases = releases
    self.report = report
    self.limits = limits
    self.override = override
  }

  /// What a controller of `site` sees of it.
  public func image(at site: Intersection) -> ProcessImage {
    image(of: limits.flatMap { site.constrained(by: $0) })
  }

  /// The image with the junction under `limits`, for who has it at hand.
  func image(of junction: Intersection?) -> ProcessImage {
    ProcessImage(
      at: at, records: records, releases: releases, report: report, junction: junction,
      override: override)
  }
}
