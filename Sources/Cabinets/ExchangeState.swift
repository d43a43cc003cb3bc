import Signals

extension PlanExchange {
  /// One request and what its answer means.
  enum Task: Sendable, Equatable {
    case identity
    case result
    case clock
    case setClock
    case stages
    case intergreensLow
    case intergreensHigh
    case limits
    case live
    case active
    case order
    case heartbeat
    /// A page of the cabinet's own detectors.
    case detectors(page: Int)

    /// What is asked first, whenever a connection begins.
    static let identification: [Task] = [
      .identity, .result, .clock, .stages, .intergreensLow, .intergreensHigh, .limits, .live,
    ]

    /// The block that a read asks for; `nil` for writes.
    var block: RegisterBlock? {
      switch self {
      case .identity: RegisterMap.identity
      case .result: RegisterMap.result
      case .clock: RegisterMap.clock
      case .stages: RegisterMap.stages
      case .intergreensLow: RegisterMap.intergreensLow
      case .intergreensHigh: RegisterMap.intergreensHigh
      case .limits: RegisterMap.limits
      case .live: RegisterMap.live
      case .active: RegisterMap.active
      case .detectors(let page): RegisterMap.detectors(page: page)
      case .setClock, .order, .heartbeat: nil
      }
    }
  }

  /// What was read so far.
  struct Reading: Sendable {
    var stages: StagesBlock?
    var intergreens: [UInt16] = []
    /// The last live state that was read.
    var live: LiveState?
    /// What live states say of the moments that plans are for.
    var moments = MomentWatch()
    /// A live state that waits for the plan that runs.
    var pendingLive: (state: LiveState, at: Moment)?
    var active: ActivePlan?
    /// Cycle in which `active` was read.
    var activeCycle: UInt32 = 0
    var hasSetClock = false
    /// Cabinet's clock minus ours, ms: as last read, and before it was set.
    var clockError: Int64 = 0
    var clockErrorBefore: Int64 = 0
  }

  /// What is wanted of the cabinet.
  struct Wish: Sendable {
    let plan: TimingPlan
    let operation: PlanOperation
    let at: Instant
  }

  /// An order on its way.
  struct Flight: Sendable {
    enum Stage: Sendable, Equatable {
      /// It is to be written, or being written.
      case writing
      /// Nobody knows whether it arrived.
      case uncertain
      /// It arrived; what became of it is to be read.
      case arrived
      /// It was taken, and runs by the deadline.
      case accepted(deadline: Instant)
    }

    let order: PlanOrder
    let at: Instant
    var stage: Stage
    /// Whether a copy of it may be under way on a connection that was lost.
    var isDoubtful = false
  }

  /// Orders: wanted, on their way, and held under a lease.
  struct OrderState: Sendable {
    var wish: Wish?
    var flight: Flight?
    /// Number of the newest order that was taken and whose lease has not lapsed.
    var held: UInt32?
    /// Whether it was told, or ordered, that the plan that runs loses its lease.
    var isEndKnown = false
    /// Highest number used or seen.
    var sequence: UInt32 = 0
    var beat: UInt16 = 0
    /// Whether a heartbeat was sent whose effect is to be seen.
    var awaitsRenewal = false
    /// Since when the lease runs; `nil` if its renewal may have been lost.
    var renewed: Instant?
    /// Length of the lease that was given last, s.
    var lease = 0
    /// Until when leases may last; `nil` for as long as the site wants.
    var leaseEnd: Instant?
    /// When a busy cabinet may be asked again.
    var notBefore: Instant?
    /// Whether anything may be written.
    var mayWrite = true
  }

  /// When what is due.
  struct Schedule: Sendable {
    /// A torn block is read so often again before the link is doubted.
    static let tornLimit = 3

    var live: Instant?
    var identity: Instant?
    var clock: Instant?
    var tornReads = 0
    /// When each page of detectors is to be read again, in the order of `PlanExchange.detectorPages`.
    var detectors: [Instant] = []
  }

  /// Orders that were not sent, or not heard of, after this time are given up, seconds.
  static let orderLifetime = 10.0
  /// A clock that is off by more is set, milliseconds.
  static let clockTolerance: Int64 = 1000
  /// How often it is asked whether the cabinet is still the same, seconds.
  static let identityInterval = 60.0
  /// When a cabinet that has no block of detectors is asked for it again, seconds.
  static let detectorsRetry = 600.0
  /// How often a page of detectors is read, at least and at most, seconds.
  static let detectorsInterval = 5.0...60.0
  /// How often the clock is read, seconds.
  static let clockInterval = 600.0
  /// A tick of the daemon may come so much early and still be the one for the poll, seconds.
  static let pollSlack = 0.1
}
