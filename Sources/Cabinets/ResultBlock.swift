public import Signals

/// What became of an order. The raw value is the register's; 0x81 and above are refusals.
public enum ResultCode: UInt16, Sendable, CaseIterable {
  /// Nothing was ordered yet.
  case none = 0
  /// The plan is kept.
  case staged = 1
  /// The plan would be taken.
  case valid = 2
  /// The plan waits to take over.
  case pending = 3
  /// The plan runs.
  case active = 4
  /// The plan no longer runs: its lease lapsed, it was released or cancelled, or a person took over.
  case finished = 5
  /// The checksum does not fit the plan.
  case checksum = 0x81
  /// A higher epoch has given orders.
  case staleEpoch = 0x82
  /// The sequence number was used before.
  case staleSequence = 0x83
  /// A green is below the stage's minimum or pedestrian time, or otherwise beyond its limits.
  case belowMinimumGreen = 0x84
  /// Greens and changes do not add up to the cycle.
  case cycleSum = 0x85
  /// The cycle is out of range.
  case cycleRange = 0x86
  /// A stage may not follow the one before it.
  case forbiddenChange = 0x87
  /// The cabinet has no such stage, or the plan no entries.
  case unknownStage = 0x88
  /// A person, a flash or a preemption holds control.
  case held = 0x89
  /// The lease is out of range.
  case leaseRange = 0x8A
  /// The site configuration changed and was not read since.
  case revisionChanged = 0x8B
  /// The first entry is not the running stage, or a change is under way.
  case notRunningStage = 0x8C
  /// A signal group would stay red too long.
  case longestRed = 0x8D

  /// Whether the order was refused.
  public var isRefusal: Bool { rawValue >= 0x80 }

  /// Whether it speaks of an order that does not count, and so of another than the one whose number
  /// stands beside it.
  var isOfUnnumberedOrder: Bool { [.checksum, .staleEpoch, .staleSequence].contains(self) }
}

extension ResultCode: CustomStringConvertible {
  /// For people: "forbidden change (0x87)".
  public var description: String {
    let words =
      switch self {
      case .none: "none"
      case .staged: "staged"
      case .valid: "valid"
      case .pending: "pending"
      case .active: "active"
      case .finished: "finished"
      case .checksum: "checksum wrong"
      case .staleEpoch: "stale epoch"
      case .staleSequence: "stale sequence number"
      case .belowMinimumGreen: "green beyond the stage's limits"
      case .cycleSum: "sum differs from cycle"
      case .cycleRange: "cycle out of range"
      case .forbiddenChange: "forbidden change"
      case .unknownStage: "unknown stage"
      case .held: "manual, flash or preemption holds control"
      case .leaseRange: "lease out of range"
      case .revisionChanged: "site revision changed"
      case .notRunningStage: "first entry is not the running stage"
      case .longestRed: "a signal group would stay red too long"
      }
    return "\(words) (\(hexadecimal(rawValue)))"
  }
}

/// What became of the last order: block "result".
public struct OrderResult: Sendable, Hashable {
  /// Highest epoch that has given orders.
  public let highestEpoch: UInt32
  /// Number of the last order of that epoch.
  public let sequence: UInt32
  /// What became of it.
  public let code: ResultCode
  /// Number of the entry at fault, from 1; `nil` if it is none in particular.
  public let entry: Int?
  /// When that was, by the cabinet's clock.
  public let utc: UTC

  /// What became of order `sequence` of `highestEpoch`.
  public init(highestEpoch: UInt32, sequence: UInt32, code: ResultCode, entry: Int?, utc: UTC) {
    self.highestEpoch = highestEpoch
    self.sequence = sequence
    self.code = code
    self.entry = entry
    self.utc = utc
  }

  /// Reads the block; throws what is wrong with it.
  public init(registers: [UInt16]) throws(RegisterError) {
    let reader = try RegisterReader(registers, of: RegisterMap.result)
    let entry = try reader.number(6, "entry at fault", in: 0...TimingPlan.entryLimit)
    self.init(
      highestEpoch: reader.long(1), sequence: reader.long(3), code: try reader.code(5, "code"),
      entry: entry == 0 ? nil : entry, utc: UTC(milliseconds: Int64(reader.long(7)) * 1000))
  }

  /// The block's registers.
  public var registers: [UInt16] {
    var writer = RegisterWriter(RegisterMap.result)
    writer.put(highestEpoch, at: 1)
    writer.put(sequence, at: 3)
    writer.put(code.rawValue, at: 5)
    writer.put(entry ?? 0, at: 6)
    writer.put(UInt32(clamping: utc.milliseconds / 1000), at: 7)
    return writer.registers
  }
}

/// Renews the lease: block "heartbeat".
public struct Heartbeat: Sendable, Hashable {
  /// Epoch of whoever holds control.
  public let epoch: UInt32
  /// Number of the plan that runs or waits to.
  public let sequence: UInt32
  /// Differs from the beat before: one that comes twice renews once.
  public let beat: UInt16
  /// The lease from now on, seconds.
  public let leaseSeconds: UInt16

  /// Renews the lease of plan `sequence` to `leaseSeconds`.
  public init(epoch: UInt32, sequence: UInt32, beat: UInt16, leaseSeconds: UInt16) {
    self.epoch = epoch
    self.sequence = sequence
    self.beat = beat
    self.leaseSeconds = leaseSeconds
  }

  /// Reads the block; throws what is wrong with it.
  public init(registers: [UInt16]) throws(RegisterError) {
    let reader = try RegisterReader(registers, of: RegisterMap.heartbeat)
    self.init(
      epoch: reader.long(0), sequence: reader.long(2), beat: reader.word(4),
      leaseSeconds: reader.word(5))
  }

  /// The block's registers.
  public var registers: [UInt16] {
    var writer = RegisterWriter(RegisterMap.heartbeat)
    writer.put(epoch, at: 0)
    writer.put(sequence, at: 2)
    writer.put(beat, at: 4)
    writer.put(leaseSeconds, at: 5)
    return writer.registers
  }
}
