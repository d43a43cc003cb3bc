public import Control
public import Counts
public import Signals

/// How one junction stands: its control, and what became of its counts.
public struct JunctionStatus: Sendable, Equatable {
  /// The junction.
  public let site: Intersection

  /// Its control.
  public let control: ControlStatus

  /// What a person wants of it now; `nil` for nothing.
  public let override: Override?

  /// What became of the records of each source.
  public let sources: [SourceReport]

  /// What became of all records.
  public let tally: CountTally
}

extension JunctionLoop {
  /// How it stands.
  public func status(at moment: Moment) -> JunctionStatus {
    JunctionStatus(
      site: site, control: controller.status(at: moment), override: override(at: moment.monotonic),
      sources: ledger.sources(at: moment.utc), tally: ledger.tally)
  }
}
