/// Who decides what the lamps show. The raw value is the register's.
public enum ControlSource: UInt16, Sendable, CaseIterable, Codable {
  /// A plan of ours, under a lease (中心控制).
  case central = 0
  /// The cabinet's own time-of-day plan (本地控制).
  case timeOfDay = 1
  /// A person at the cabinet (本地手控).
  case manual = 2
  /// Flashing yellow, commanded or after a fault (黄闪).
  case flash = 3
  /// A priority vehicle or a railway.
  case preempt = 4

  /// Whether greensplit may send plans: manual, flash and preempt are never fought.
  public var offersControl: Bool { self == .central || self == .timeOfDay }
}

/// Where the running stage is. The raw value is the register's.
public enum SubState: UInt16, Sendable, CaseIterable, Codable {
  /// Green.
  case green = 0
  /// Flashing green.
  case greenFlash = 1
  /// Yellow.
  case yellow = 2
  /// All-red, and any intergreen beyond it.
  case allRed = 3
}

/// What a cabinet last said of itself: one consistent read, part of the process image.
public struct CabinetReport: Sendable, Equatable {
  /// When it was read.
  public let at: Moment

  /// Who decides what the lamps show.
  public let source: ControlSource

  /// Position of the stage that runs, or that ends while a change is under way.
  public let stage: Int

  /// Where that stage is.
  public let subState: SubState

  /// Time in `subState`.
  public let timeInState: Tenths

  /// Least and most time until the green ends; `nil` if unknown.
  public let leastLeft: Tenths?

  /// Most time until the green ends; `nil` if unknown.
  public let mostLeft: Tenths?

  /// Position of the stage to come; `nil` if unknown.
  public let nextStage: Int?

  /// Cycles begun since the cabinet's start.
  public let cycleNumber: UInt32

  /// Time since the first entry of the plan began.
  public let timeInCycle: Tenths

  /// Sequence number of the plan that runs, 0 for the cabinet's own.
  public let activeSequence: UInt32

  /// Seconds until the lease lapses, 0 without one.
  public let leaseLeft: Int

  /// Bits of faults that stop control.
  public let criticalFaults: UInt16

  /// Bits of other faults.
  public let otherFaults: UInt16

  /// What each signal group shows, in the order of the site's `signalGroups`.
  public let lamps: [Lamp]

  /// The plan that runs, as the cabinet repeats it; `nil` before it was first read.
  public let plan: TimingPlan?

  /// One consistent read of the live block, with the plan that was last read back.
  public init(
    at: Moment, source: ControlSource, stage: Int, subState: SubState, timeInState: Tenths,
    leastLeft: Tenths?, mostLeft: Tenths?, nextStage: Int?, cycleNumber: UInt32,
    timeInCycle: Tenths, activeSequence: UInt32, leaseLeft: Int, criticalFaults: UInt16,
    otherFaults: UInt16, lamps: [Lamp], plan: TimingPlan?
  ) {
    self.at = at
    self.source = source
    self.stage = stage
    self.subState = subState
    self.timeInState = timeInState
    self.leastLeft = leastLeft
    self.mostLeft = mostLeft
    self.nextStage = nextStage
    self.cycleNumber = cycleNumber
    self.timeInCycle = timeInCycle
    self.activeSequence = activeSequence
    self.leaseLeft = leaseLeft
    self.criticalFaults = criticalFaults
    self.otherFaults = otherFaults
    self.lamps = lamps
    self.plan = plan
  }
}
