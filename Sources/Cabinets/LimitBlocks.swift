public import Signals

/// The times of a cabinet's stages: block "stages".
public struct StagesBlock: Sendable, Equatable {
  /// Revision of the site configuration that they belong to.
  public let revision: UInt16
  /// The times of 1 to 16 stages.
  public let stages: [CabinetLimits.StageTimes]

  /// The times of `stages` at `revision`.
  public init(revision: UInt16, stages: [CabinetLimits.StageTimes]) {
    self.revision = revision
    self.stages = stages
  }

  /// Reads the block; throws what is wrong with it.
  public init(registers: [UInt16]) throws(RegisterError) {
    let reader = try RegisterReader(registers, of: RegisterMap.stages)
    let crc = Checksum.crc16(registers[4...])
    guard reader.word(3) == crc else {
      throw .checksum(block: "stages", found: UInt32(reader.word(3)), expected: UInt32(crc))
    }
    let count = try reader.number(2, "number of stages", in: 1...TimingPlan.entryLimit)
    let times = (0..<count).map { stage in
      let first = 4 + stage * 6
      return CabinetLimits.StageTimes(
        minimumGreen: reader.tenths(first), maximumGreen: reader.tenths(first + 1),
        pedestrian: reader.tenths(first + 2), greenFlash: reader.tenths(first + 3),
        yellow: reader.tenths(first + 4), allRed: reader.tenths(first + 5))
    }
    self.init(revision: reader.word(1), stages: times)
  }

  /// The block's registers.
  public var registers: [UInt16] {
    var writer = RegisterWriter(RegisterMap.stages)
    writer.put(revision, at: 1)
    writer.put(stages.count, at: 2)
    for (position, stage) in stages.enumerated() {
      let times = [
        stage.minimumGreen, stage.maximumGreen, stage.pedestrian, stage.greenFlash, stage.yellow,
        stage.allRed,
      ]
      for (field, time) in times.enumerated() { writer.put(time, at: 4 + position * 6 + field) }
    }
    writer.put(Checksum.crc16(writer.registers[4...]), at: 3)
    return writer.registers
  }
}

/// Intergreens and forbidden changes: blocks "intergreens", 16 rows of 16 bytes in 0.1 s.
public enum IntergreensBlock {
  private static let side = TimingPlan.entryLimit
  private static let forbidden: UInt8 = 0xFF

  /// Reads both blocks together for a cabinet of `stages` stages, 1 to 16.
  public static func table(registers: [UInt16], stages: Int) throws(RegisterError) -> ChangeTable {
    guard registers.count == side * side / 2 else {
      throw .length(block: "intergreens", found: registers.count, expected: side * side / 2)
    }
    precondition((1...side).contains(stages), "the stages block has 1 to 16 stages")
    return ChangeTable(
      (0..<stages).map { from in
        (0..<stages).map { to in
          let register = registers[(from * side + to) / 2]
          let byte = UInt8(to % 2 == 0 ? register >> 8 : register & 0xFF)
          return byte == forbidden ? nil : Tenths(Int(byte))
        }
      })
  }

  /// The registers of both blocks together. A change whose intergreen is too long for its byte is
  /// told as forbidden, which errs on the safe side.
  public static func registers(of table: ChangeTable) -> [UInt16] {
    let bytes = (0..<side).flatMap { from in
      (0..<side).map { to -> UInt16 in
        guard from < table.stages, to < table.stages,
          let time = table.intergreen(from: from, to: to), time.count < Int(forbidden)
        else { return UInt16(forbidden) }
        return UInt16(max(0, time.count))
      }
    }
    return stride(from: 0, to: bytes.count, by: 2).map { bytes[$0] << 8 | bytes[$0 + 1] }
  }

  /// The checksum that the limits block vouches with.
  public static func checksum(_ registers: [UInt16]) -> UInt16 { Checksum.crc16(registers) }
}

/// A cabinet's limits of plans: block "limits".
public struct LimitsBlock: Sendable, Equatable {
  /// The limits.
  public let limits: Limits
  /// CRC-16 of both intergreen blocks.
  public let intergreensChecksum: UInt16

  /// `limits`, with the checksum of the intergreens that they go with.
  public init(limits: Limits, intergreensChecksum: UInt16) {
    self.limits = limits
    self.intergreensChecksum = intergreensChecksum
  }

  /// Reads the block; throws what is wrong with it.
  public init(registers: [UInt16]) throws(RegisterError) {
    let reader = try RegisterReader(registers, of: RegisterMap.limits)
    self.init(
      limits: Limits(
        minimumCycle: reader.tenths(1), maximumCycle: reader.tenths(2),
        longestRed: reader.tenths(3), largestChange: reader.tenths(4),
        planInterval: reader.tenths(5), notice: reader.tenths(6)),
      intergreensChecksum: reader.word(7))
  }

  /// The block's registers.
  public var registers: [UInt16] {
    var writer = RegisterWriter(RegisterMap.limits)
    let times = [
      limits.minimumCycle, limits.maximumCycle, limits.longestRed, limits.largestChange,
      limits.planInterval, limits.notice,
    ]
    for (position, time) in times.enumerated() { writer.put(time, at: 1 + position) }
    writer.put(intergreensChecksum, at: 7)
    return writer.registers
  }
}
