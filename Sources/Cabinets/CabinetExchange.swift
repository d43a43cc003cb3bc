public import Safety
public import Signals

/// The daemon's side of the exchange with one cabinet, whatever it speaks, as a value.
///
/// The caller asks for the next request, sends it, and tells what came: registers or a failure. One
/// request is outstanding at a time; after each answer the caller asks again, until nothing is due.
public protocol CabinetExchange: Sendable {
  /// What the cabinet last said of itself; `nil` before that can be told.
  var report: CabinetReport? { get }

  /// The junction under the stricter of its own limits and the cabinet's; `nil` before they are known.
  var constrained: Intersection? { get }

  /// What is known of the cabinet's stages and limits.
  var cabinetLimits: CabinetLimits? { get }

  /// The next request to send at `now`; `nil` if none is due, or one is outstanding.
  mutating func nextRequest(at now: Moment) -> CabinetRequest?

  /// The registers that answer the outstanding request; none for a write.
  mutating func received(_ registers: [UInt16], at now: Moment)

  /// The outstanding request brought nothing.
  mutating func failed(_ failure: CabinetFailure, at now: Moment)

  /// Sends `plan` as soon as may be, or drops it.
  mutating func order(_ plan: CheckedPlan, at now: Moment)

  /// Whether the lease of the plan that runs is kept up from now on; `false` lets it lapse.
  mutating func renewLease(_ allowed: Bool)

  /// Until when leases that are given from now on may last, as far as the cabinet's shortest lease lets
  /// them end so soon; `nil` for as long as the site wants. A make whose leases have one length gives
  /// no others.
  mutating func limitLease(to end: Instant?)

  /// Whether anything is written from now on. If not, the cabinet is only read, and its lease lapses.
  mutating func allowWrites(_ allowed: Bool)

  /// What happened since the last call, oldest first.
  mutating func takeEvents() -> [ExchangeEvent]

  /// Pages of the cabinet's own detectors that were read since the last call, with the number of each
  /// page's first detector, from 1.
  mutating func takeDetectors() -> [(first: Int, page: DetectorPage)]

  /// Seconds from `now` until a request is due that must not wait for the next tick; `nil` if there is
  /// none.
  func wait(at now: Moment) -> Double?
}

extension CabinetExchange {
  /// A make whose leases have one length.
  public mutating func limitLease(to end: Instant?) {}

  /// A make that tells of no detectors.
  public mutating func takeDetectors() -> [(first: Int, page: DetectorPage)] { [] }
}

extension PlanExchange: CabinetExchange {
  /// Nothing of the reference map is due between two ticks.
  public func wait(at now: Moment) -> Double? { nil }
}
