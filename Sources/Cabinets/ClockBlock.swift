public import Signals

/// Where a cabinet's clock takes its time from. The raw value is the register's.
public enum ClockSource: UInt16, Sendable, CaseIterable {
  /// It was never set.
  case unset = 0
  /// Block "set clock".
  case central = 1
  /// A satellite receiver or a time server of its own.
  case reference = 2
}

/// A cabinet's clock: block "clock".
public struct CabinetClock: Sendable, Hashable {
  /// What it reads, to the millisecond.
  public let utc: UTC
  /// Where its time is from.
  public let source: ClockSource
  /// Seconds since it was last set, 65534 at most; `nil` if never or unknown.
  public let secondsSinceSet: Int?

  /// A clock that reads `utc`.
  public init(utc: UTC, source: ClockSource, secondsSinceSet: Int?) {
    self.utc = utc
    self.source = source
    self.secondsSinceSet = secondsSinceSet
  }

  /// Reads the block; throws what is wrong with it.
  public init(registers: [UInt16]) throws(RegisterError) {
    let reader = try RegisterReader(registers, of: RegisterMap.clock)
    self.init(
      utc: UTC(
        milliseconds: Int64(reader.long(1)) * 1000
          + Int64(try reader.number(3, "milliseconds", in: 0...999))),
      source: try reader.code(4, "source"), secondsSinceSet: reader.known(5).map(Int.init))
  }

  /// The block's registers.
  public var registers: [UInt16] {
    var writer = RegisterWriter(RegisterMap.clock)
    writer.put(UInt32(clamping: utc.milliseconds / 1000), at: 1)
    writer.put(Int(utc.milliseconds % 1000), at: 3)
    writer.put(source.rawValue, at: 4)
    writer.put(known: secondsSinceSet, at: 5)
    return writer.registers
  }
}

/// An order to set the clock: block "set clock".
public struct ClockOrder: Sendable, Hashable {
  /// Epoch of whoever orders.
  public let epoch: UInt32
  /// What the clock is to read when the order arrives, from 1970 to 2106.
  public let utc: UTC

  /// An order of `epoch` to set the clock to `utc`.
  public init(epoch: UInt32, utc: UTC) {
    self.epoch = epoch
    self.utc = utc
  }

  /// Reads the block; throws what is wrong with it.
  public init(registers: [UInt16]) throws(RegisterError) {
    let reader = try RegisterReader(registers, of: RegisterMap.setClock)
    try checkKey(reader.word(5), over: reader.word(3), in: RegisterMap.setClock)
    self.init(
      epoch: reader.long(0),
      utc: UTC(
        milliseconds: Int64(reader.long(2)) * 1000
          + Int64(try reader.number(4, "milliseconds", in: 0...999))))
  }

  /// The block's registers.
  public var registers: [UInt16] {
    var writer = RegisterWriter(RegisterMap.setClock)
    writer.put(epoch, at: 0)
    writer.put(UInt32(clamping: utc.milliseconds / 1000), at: 2)
    writer.put(Int(utc.milliseconds % 1000), at: 4)
    writer.put(RegisterMap.key ^ writer.registers[3], at: 5)
    return writer.registers
  }
}

/// The key of an order is 0xA55A, exclusive-or the low word that the order is about.
func checkKey(_ found: UInt16, over word: UInt16, in block: RegisterBlock) throws(RegisterError) {
  guard found == RegisterMap.key ^ word else {
    throw .value(
      block: block.name, field: "key", found: Int(found), allowed: "\(RegisterMap.key ^ word)")
  }
}
