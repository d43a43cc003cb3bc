import Phrases
import Cabinets
import Console
import Modbus
import Profiles
import Settings
import Signals

/// How one junction and its cabinet get on with each other, for who asks.
struct LinkState: Sendable {
  /// A plan under its number.
  struct Numbered: Sendable {
    let sequence: UInt32
    let plan: TimingPlan
  }

  let site: Intersection
  let address: String
  /// Name of the profile; `nil` for the reference map.
  let make: String?
  /// What its make lacks.
  let lacks: [Phrase]
  /// Whether it is written to, or the junction only advised on.
  var mode: JunctionMode
  /// Since when the cabinet does not answer, or has not yet; `nil` while it does.
  private(set) var lostSince: UTC?
  /// The order that was sent last; `nil` before the first.
  private(set) var wanted: Numbered?
  /// What the cabinet last said of itself.
  var report: CabinetReport?
  /// Follows what is decided.
  var watch: JunctionWatch
  /// What went wrong last, and when.
  private(set) var lastError: (what: String, at: UTC)?
  /// From a request to its answer, real seconds; `nil` before the first.
  private(set) var roundTrip: Double?
  private(set) var requests = 0
  private(set) var failures = 0
  /// Why requests failed since the last that was answered, each reason once.
  private var reasons: [LinkFailure] = []

  /// A link over which nothing has come yet.
  init(_ assignment: Fleet.Assignment, _ mode: JunctionMode, at utc: UTC) {
    site = assignment.site
    address = assignment.cabinet.description
    make = assignment.profile?.name
    lacks = assignment.lacks
    self.mode = mode
    lostSince = utc
    watch = JunctionWatch(assignment.site)
  }

  /// A request has ended after `seconds`.
  ///
  /// - Returns: Why it failed, if the link was lost for other reasons before: whoever looks for the
  ///   fault has been told of those alone.
  mutating func note(
    _ result: Result<[UInt16], LinkFailure>, after seconds: Double, at utc: UTC
  ) -> LinkFailure? {
    requests += 1
    switch result {
    case .success:
      roundTrip = seconds
      reasons = []
      // Until the exchange has seen all it needs, the link is not back; the first answer is.
      if requests - failures == 1 { lostSince = nil }
    case .failure(let failure):
      failures += 1
      lastError = (failure.description, utc)
      guard !reasons.contains(failure) else { return nil }
      reasons.append(failure)
      return lostSince != nil && reasons.count > 1 ? failure : nil
    }
    return nil
  }

  /// Something has happened between daemon and cabinet.
  mutating func note(_ event: ExchangeEvent, at utc: UTC) {
    switch event {
    case .sent(let sequence, let plan): wanted = Numbered(sequence: sequence, plan: plan)
    case .linkLost: lostSince = utc
    case .linkRegained: lostSince = nil
    default: break
    }
    guard let level = event.logLevel, level == .warning || level == .error else { return }
    if case .sourceChanged = event { return }
    lastError = (event.words, utc)
  }
}
