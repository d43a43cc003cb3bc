public import Signals

/// What a virtual cabinet says of itself beside its junction.
public struct CabinetSettings: Sendable, Equatable {
  /// Its own number.
  public var id: UInt32
  /// Revision of its site configuration.
  public var siteRevision: UInt16
  /// What it can do.
  public var capabilities: CabinetCapabilities
  /// Which countdown displays it has.
  public var countdown: CountdownKind
  /// Shortest and longest lease it grants, seconds.
  public var leaseSeconds: ClosedRange<Int>
  /// Model name in ASCII.
  public var model: String

  /// A cabinet that can do all that the map has, and grants leases of 5 s to 10 min.
  public init(
    id: UInt32 = 1, siteRevision: UInt16 = 1,
    capabilities: CabinetCapabilities = [.fencing, .applyAtStage, .applyNow],
    countdown: CountdownKind = .none, leaseSeconds: ClosedRange<Int> = 5...600,
    model: String = "Greensplit virtual cabinet"
  ) {
    self.id = id
    self.siteRevision = siteRevision
    self.capabilities = capabilities
    self.countdown = countdown
    self.leaseSeconds = leaseSeconds
    self.model = model
  }
}

/// Why a virtual cabinet refuses a request; the raw value is the Modbus exception code.
public enum RegisterException: UInt8, Error, Sendable, CaseIterable {
  /// A register outside the map, or one that cannot be written.
  case illegalAddress = 2
  /// A part of a block that is written whole or not at all, or values that mean nothing.
  case illegalValue = 3
  /// A plan too soon after the one before: once more later.
  case busy = 6
}

/// A signal cabinet that speaks the map "TSC-MB" (`docs/cabinet-map.md`), as a value: it has no
/// clock, so time passes only in `advance`.
///
/// It scans its inputs every 0.1 s as a programmable controller does, so everything in it happens
/// at whole tenths of the monotonic scale. What it refuses it refuses by its own rules, not those of
/// target Safety: the two are independent layers.
public struct VirtualCabinet: Sendable {
  /// The junction it stands at.
  public let intersection: Intersection

  /// What it says of itself.
  public private(set) var settings: CabinetSettings

  /// Time since the monotonic scale's start.
  var milliseconds: Int64
  /// Its own clock minus the monotonic scale, ms.
  var clockOffset: Int64
  var clockSource = ClockSource.reference
  var clockSetAt: Int64

  /// Its own plans, in the order of the site's.
  let own: [Programme]
  var course: Course
  /// Since when each signal group has not been green, in tenths; meaningless for one that is.
  var redSince: [Int64]
  /// A person, a flash or a preemption that holds control.
  var held: ControlSource?
  var criticalFaults: UInt16 = 0

  /// An accepted plan that waits to take over.
  var pending: Programme?
  /// Whether the cabinet's own plan takes over at the next stage boundary.
  var isReturning = false
  /// When the lease lapses, in tenths.
  var leaseEnds: Int64?

  /// The last order, as registers.
  var planRegisters: [UInt16]
  var lastOrder: OrderMark?
  var lastPlanAt: Int64?
  var lastBeat: UInt16?
  /// Survives a restart but for its code.
  var result: OrderResult
  /// What its own detectors count.
  private(set) var detectors: DetectorCounting
  /// Whether the site configuration changed since its stages were last read.
  var hasUnreadTables = false

  /// A cabinet at `intersection` whose own plan that is due at `at` begins with its first entry.
  ///
  /// The site's plans must consist of known stages and allowed changes, as `Sites` has checked.
  public init(
    intersection: Intersection, settings: CabinetSettings = CabinetSettings(), at moment: Moment
  ) {
    for named in intersection.plans {
      precondition(
        named.plan.entries.allSatisfy { intersection.stages.indices.contains($0.stage) }
          && named.plan.entries.count <= TimingPlan.entryLimit
          && intersection.length(of: named.plan.entries) != nil,
        "time-of-day plans of known stages and allowed changes")
    }
    self.intersection = intersection
    self.settings = settings
    milliseconds = moment.monotonic.milliseconds
    clockOffset = moment.utc.milliseconds - milliseconds
    clockSetAt = milliseconds
    let tick = Self.tick(milliseconds)
    own = intersection.plans.indices.map { Programme(own: $0, of: intersection) }
    course = Course(programme: own[0], tick: tick)
    redSince = Array(repeating: tick, count: intersection.signalGroups.count)
    planRegisters = RegisterWriter(RegisterMap.plan).registers
    detectors = DetectorCounting(
      max(intersection.detectors.count, intersection.loops.last ?? 0), at: moment.utc)
    result = OrderResult(highestEpoch: 0, sequence: 0, code: .none, entry: nil, utc: moment.utc)
    beginOwnPlan()
    superviseConflicts()
  }

  /// Lets time pass up to `moment`, however long that is. Only its monotonic time counts: the
  /// cabinet's clock is its own. A moment in the past changes nothing.
  public mutating func advance(to moment: Moment) {
    guard moment.monotonic.milliseconds > milliseconds else { return }
    let target = Self.tick(moment.monotonic.milliseconds)
    run(until: target)
    milliseconds = moment.monotonic.milliseconds
    detectors.advance(to: utc)
  }

  /// `vehicles` cross the loop that is detector number `loop` of the cabinet, from 1, now.
  public mutating func count(_ vehicles: Int, at loop: Int) { detectors.count(vehicles, at: loop) }

  /// The loop that is detector number `loop` breaks, or is mended: a broken one counts nobody, and says so
  /// itself if `isTold`.
  public mutating func setLoop(_ loop: Int, isBroken: Bool, isTold: Bool = false) {
    detectors.set(loop, isBroken: isBroken, isTold: isTold)
  }

  /// What each signal group shows now, in the order of `signalGroups`.
  public var lamps: [Lamp] { shownLamps() }

  /// The stage that is green, or that ends while a change is under way, and where it is; `nil` while
  /// none is shown, as in flash.
  public var running: (stage: Int, subState: SubState)? {
    course.show == .stages ? (course.stage, course.subState) : nil
  }

  /// Who decides what the lamps show.
  public var source: ControlSource {
    held ?? (course.programme.order == nil ? .timeOfDay : .central)
  }

  /// The cabinet's own clock.
  public var utc: UTC { UTC(milliseconds: milliseconds + clockOffset) }

  /// A person at the cabinet: `.manual` and `.preempt` hold the running stage, `.flash` flashes at
  /// once, `.timeOfDay` and `.central` give control back. A cabinet that flashes because of a
  /// conflict keeps flashing until it is restarted.
  public mutating func setSource(_ source: ControlSource, at moment: Moment) {
    advance(to: moment)
    guard criticalFaults == 0 else { return }
    if source.offersControl { giveBack() } else { hold(source) }
    run(until: course.tick)
  }

  /// Switches the cabinet off and on: it flashes for 10 s, shows all-red for 5 s and begins its own
  /// plan. Only its clock, the highest epoch and that epoch's last sequence number outlive this.
  public mutating func restart(at moment: Moment) {
    advance(to: moment)
    let fresh = VirtualCabinet(
      intersection: intersection, settings: settings,
      at: Moment(monotonic: Instant(milliseconds: milliseconds), utc: utc))
    let (memory, source, setAt) = (result, clockSource, clockSetAt)
    self = fresh
    (clockSource, clockSetAt) = (source, setAt)
    result = OrderResult(
      highestEpoch: memory.highestEpoch, sequence: memory.sequence, code: .none, entry: nil,
      utc: utc)
    course.cycleNumber = 0
    flash(until: course.tick + Self.startFlash)
  }

  /// Gives the site configuration another revision, as after work at the cabinet: plans are refused
  /// until its stages have been read again.
  public mutating func setSiteRevision(_ revision: UInt16) {
    settings.siteRevision = revision
    hasUnreadTables = true
  }

  /// Flash at start, tenths: the 10 s of OpenATC's firmware.
  static let startFlash: Int64 = 100
  /// All-red after a flash, tenths: the 5 s of OpenATC's firmware.
  static let startAllRed: Int64 = 50

  /// The scan that `milliseconds` falls into.
  static func tick(_ milliseconds: Int64) -> Int64 {
    milliseconds >= 0 ? milliseconds / 100 : -((99 - milliseconds) / 100)
  }
}
