public import Signals

/// One interval of up to 30 of the cabinet's own detectors: a page of block "detectors".
public struct DetectorPage: Sendable, Hashable {
  /// What one detector measured.
  public struct Reading: Sendable, Hashable {
    /// Vehicles counted.
    public let count: UInt16
    /// 0 to 200 in steps of 0.5 %; 210 and above is a fault (NTCIP 1202: 210 maximum presence, 211
    /// no activity, 212 open loop, 213 shorted loop).
    public let occupancy: UInt16
    /// Mean speed, 0.1 km/h; `nil` if unknown.
    public let speed: UInt16?

    /// What one detector measured.
    public init(count: UInt16, occupancy: UInt16, speed: UInt16?) {
      self.count = count
      self.occupancy = occupancy
      self.speed = speed
    }

    /// Whether the occupancy tells of a fault.
    public var isFaulty: Bool { occupancy >= 210 }
  }

  /// Number of the interval.
  public let interval: UInt32
  /// Its start, whole seconds.
  public let start: UTC
  /// Its length.
  public let length: Tenths
  /// What the detectors of the page measured, 30 at most.
  public let readings: [Reading]

  /// One interval of `readings`.
  public init(interval: UInt32, start: UTC, length: Tenths, readings: [Reading]) {
    self.interval = interval
    self.start = start
    self.length = length
    self.readings = readings
  }

  /// Reads a page; throws what is wrong with it.
  public init(registers: [UInt16]) throws(RegisterError) {
    let reader = try RegisterReader(registers, of: RegisterMap.detectors(page: 0))
    let count = try reader.number(6, "number", in: 0...RegisterMap.detectorsPerPage)
    self.init(
      interval: reader.long(1), start: UTC(milliseconds: Int64(reader.long(3)) * 1000),
      length: reader.tenths(5),
      readings: (0..<count).map {
        Reading(
          count: reader.word(7 + $0 * 3), occupancy: reader.word(8 + $0 * 3),
          speed: reader.known(9 + $0 * 3))
      })
  }

  /// The page's registers.
  public var registers: [UInt16] {
    var writer = RegisterWriter(RegisterMap.detectors(page: 0))
    writer.put(interval, at: 1)
    writer.put(UInt32(clamping: start.milliseconds / 1000), at: 3)
    writer.put(length, at: 5)
    let kept = readings.prefix(RegisterMap.detectorsPerPage)
    writer.put(kept.count, at: 6)
    for (position, reading) in kept.enumerated() {
      writer.put(reading.count, at: 7 + position * 3)
      writer.put(reading.occupancy, at: 8 + position * 3)
      writer.put(reading.speed ?? RegisterMap.unknown, at: 9 + position * 3)
    }
    return writer.registers
  }
}
