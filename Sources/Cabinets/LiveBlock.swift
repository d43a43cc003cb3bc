public import Signals

/// How the cabinet runs, by the numbers of GA/T 1049.2. The raw value is the register's.
public enum OperatingMode: UInt16, Sendable, CaseIterable {
  /// A person at the cabinet (本地手控).
  case localManual = 1
  /// Lamps off (关灯).
  case lampsOff = 11
  /// All red (全红).
  case allRed = 12
  /// Flashing yellow (黄闪).
  case flash = 13
  /// Its own fixed plan (单点定时).
  case fixedTime = 21
  /// Its own actuated control (单点感应).
  case actuated = 22
  /// Adaptive by our plans (单点自适应).
  case adaptive = 23
  /// Coordinated along a line, fixed (线协调定时).
  case lineFixed = 31
  /// Coordinated along a line, actuated (线协调感应).
  case lineActuated = 32
  /// Coordinated along a line, adaptive (线协调自适应).
  case lineAdaptive = 33
  /// Coordinated in an area (区域协调).
  case area = 41
  /// Stepped by hand from the centre (手动).
  case manual = 51
  /// One stage is held (锁定阶段).
  case lockedStage = 52
  /// A plan chosen by hand (指定方案).
  case chosenPlan = 53
}

/// What the lamps show: block "live".
public struct LiveState: Sendable, Hashable {
  /// How many signal groups the block has room for.
  public static let signalGroupLimit = 64

  /// Counts the states of the block; both of its ends must agree.
  public var counter: UInt16 = 0
  /// How the cabinet runs.
  public var mode: OperatingMode
  /// Who decides what the lamps show.
  public var source: ControlSource
  /// Position of the stage that runs, or that ends while a change is under way.
  public var stage: Int
  /// Where that stage is.
  public var subState: SubState
  /// Time in `subState`.
  public var timeInState: Tenths
  /// Least time until the green ends; `nil` if unknown.
  public var leastLeft: Tenths?
  /// Most time until the green ends; `nil` if unknown.
  public var mostLeft: Tenths?
  /// Position of the stage to come; `nil` if unknown.
  public var nextStage: Int?
  /// Cycles begun since the cabinet's start.
  public var cycleNumber: UInt32
  /// Time since the first entry of the plan began.
  public var timeInCycle: Tenths
  /// Number of the order that runs, 0 for the cabinet's own plan.
  public var activeSequence: UInt32
  /// Seconds until the lease lapses, rounded up; 0 without one.
  public var leaseLeft: Int
  /// Bits of faults that stop control; bit 0: conflict of greens.
  public var criticalFaults: UInt16 = 0
  /// Bits of other faults.
  public var otherFaults: UInt16 = 0
  /// Bits of detector faults.
  public var detectorFaults: UInt16 = 0
  /// What each signal group shows; `nil` if unknown. 64 at most.
  public var lamps: [Lamp?]
  /// 0 shut, 1 open.
  public var door: UInt16 = 0
  /// 0 mains, 1 battery.
  public var power: UInt16 = 0
}

extension LiveState {
  /// Reads the block of a cabinet of `stages` stages and `signalGroups` groups (64 at most); throws
  /// what is wrong with it.
  public init(registers: [UInt16], stages: Int, signalGroups: Int) throws(RegisterError) {
    let reader = try RegisterReader(registers, of: RegisterMap.live)
    guard reader.word(1) == reader.word(39) else {
      throw .torn(block: "live", counterA: reader.word(1), counterB: reader.word(39))
    }
    var lamps: [Lamp?] = []
    for group in 0..<min(signalGroups, Self.signalGroupLimit) {
      lamps.append(try reader.lamp(of: group))
    }
    self.init(
      counter: reader.word(1), mode: try reader.code(2, "mode"),
      source: try reader.code(3, "source"),
      stage: try reader.number(4, "stage", in: 1...max(1, stages)) - 1,
      subState: try reader.code(5, "sub-state"), timeInState: reader.tenths(6),
      leastLeft: reader.known(7).map { Tenths(Int($0)) },
      mostLeft: reader.known(8).map { Tenths(Int($0)) },
      nextStage: try reader.nextStage(of: stages), cycleNumber: reader.long(10),
      timeInCycle: reader.tenths(12), activeSequence: reader.long(13),
      leaseLeft: reader.number(15), criticalFaults: reader.word(16), otherFaults: reader.word(17),
      detectorFaults: reader.word(18), lamps: lamps, door: reader.word(35), power: reader.word(36))
  }

  /// The block's registers.
  public var registers: [UInt16] {
    var writer = RegisterWriter(RegisterMap.live)
    writer.put(counter, at: 1)
    writer.put(mode.rawValue, at: 2)
    writer.put(source.rawValue, at: 3)
    writer.put(stage + 1, at: 4)
    writer.put(subState.rawValue, at: 5)
    writer.put(timeInState, at: 6)
    writer.put(known: leastLeft?.count, at: 7)
    writer.put(known: mostLeft?.count, at: 8)
    writer.put(known: nextStage.map { $0 + 1 }, at: 9)
    writer.put(cycleNumber, at: 10)
    writer.put(timeInCycle, at: 12)
    writer.put(activeSequence, at: 13)
    writer.put(leaseLeft, at: 15)
    writer.put(criticalFaults, at: 16)
    writer.put(otherFaults, at: 17)
    writer.put(detectorFaults, at: 18)
    for (group, lamp) in lamps.prefix(Self.signalGroupLimit).enumerated() {
      let offset = 19 + group / 4
      writer.put(writer.registers[offset] | lampCode(lamp) << (12 - 4 * (group % 4)), at: offset)
    }
    writer.put(door, at: 35)
    writer.put(power, at: 36)
    writer.put(counter, at: 39)
    return writer.registers
  }
}

/// The position of `lamp` in `Lamp.allCases`, from 1; 0 if unknown.
private func lampCode(_ lamp: Lamp?) -> UInt16 {
  lamp.flatMap(Lamp.allCases.firstIndex).map { UInt16($0 + 1) } ?? 0
}

extension RegisterReader {
  /// Four bits, the first group in the highest of its register.
  fileprivate func lamp(of group: Int) throws(RegisterError) -> Lamp? {
    let code = Int(word(19 + group / 4) >> (12 - 4 * (group % 4)) & 0xF)
    guard code <= Lamp.allCases.count else {
      throw .value(
        block: block.name, field: "lamps of signal group \(group + 1)", found: code,
        allowed: "0 to \(Lamp.allCases.count)")
    }
    return code == 0 ? nil : Lamp.allCases[code - 1]
  }

  /// A cabinet that does not use the field leaves it zero.
  fileprivate func nextStage(of stages: Int) throws(RegisterError) -> Int? {
    guard let known = known(9), known != 0 else { return nil }
    return try number(9, "next stage", in: 1...max(1, stages)) - 1
  }
}
