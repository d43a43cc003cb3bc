/// What a cabinet can do beyond the required, bit by bit.
public struct CabinetCapabilities: OptionSet, Sendable, Hashable {
  /// The register.
  public let rawValue: UInt16

  /// The bits of the register.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// It keeps the highest epoch and refuses a lower one.
  public static let fencing = CabinetCapabilities(rawValue: 1)
  /// It takes plans over at the next stage boundary.
  public static let applyAtStage = CabinetCapabilities(rawValue: 2)
  /// It takes plans over at once.
  public static let applyNow = CabinetCapabilities(rawValue: 4)
  /// It knows function code 0x17.
  public static let readWrite = CabinetCapabilities(rawValue: 8)
}

/// How a countdown display at the junction learns what it shows (GA/T 508). The raw value is the
/// register's.
public enum CountdownKind: UInt16, Sendable, CaseIterable {
  /// There is none.
  case none = 0
  /// The cabinet tells it (通信式).
  case communicated = 1
  /// It learns from the cycles before (学习式): changes make it lie.
  case following = 2
  /// It is triggered some seconds before the end (触发式).
  case triggered = 3
}

/// Who a cabinet is: block "identity".
public struct CabinetIdentity: Sendable, Hashable {
  /// Version of the map it speaks; another major version is not understood.
  public let major: UInt16
  /// Minor version of the map.
  public let minor: UInt16
  /// Its own number.
  public let id: UInt32
  /// Number of its maker.
  public let vendor: UInt16
  /// Version of its software.
  public let firmware: UInt16
  /// Revision of its site configuration; changes whenever its stages or limits do.
  public let siteRevision: UInt16
  /// Number of stages.
  public let stages: Int
  /// Number of signal groups.
  public let signalGroups: Int
  /// Number of its own detectors.
  public let detectors: Int
  /// What it can do.
  public let capabilities: CabinetCapabilities
  /// Which countdown displays it has.
  public let countdown: CountdownKind
  /// Shortest and longest lease it grants, seconds.
  public let leaseSeconds: ClosedRange<Int>
  /// Model name: 32 characters of ASCII at most.
  public let model: String

  /// Who a cabinet is; units as the properties say.
  public init(
    major: UInt16 = RegisterMap.majorVersion, minor: UInt16 = 0, id: UInt32, vendor: UInt16,
    firmware: UInt16, siteRevision: UInt16, stages: Int, signalGroups: Int, detectors: Int,
    capabilities: CabinetCapabilities, countdown: CountdownKind, leaseSeconds: ClosedRange<Int>,
    model: String
  ) {
    self.major = major
    self.minor = minor
    self.id = id
    self.vendor = vendor
    self.firmware = firmware
    self.siteRevision = siteRevision
    self.stages = stages
    self.signalGroups = signalGroups
    self.detectors = detectors
    self.capabilities = capabilities
    self.countdown = countdown
    self.leaseSeconds = leaseSeconds
    self.model = model
  }
}

extension CabinetIdentity {
  /// Reads the block; throws what is wrong with it. A map of another major version is no error
  /// here, so that its reader can say which it is.
  public init(registers: [UInt16]) throws(RegisterError) {
    let reader = try RegisterReader(registers, of: RegisterMap.identity)
    let shortest = reader.number(13)
    guard shortest <= reader.number(14) else {
      throw .value(
        block: "identity", field: "longest lease", found: reader.number(14),
        allowed: "at least the shortest lease, \(shortest)")
    }
    self.init(
      major: reader.word(1), minor: reader.word(2), id: reader.long(3), vendor: reader.word(5),
      firmware: reader.word(6), siteRevision: reader.word(7), stages: reader.number(8),
      signalGroups: reader.number(9), detectors: reader.number(10),
      capabilities: CabinetCapabilities(rawValue: reader.word(11)),
      countdown: try reader.code(12, "countdown kind"),
      leaseSeconds: shortest...reader.number(14), model: text(registers[16...]))
  }

  /// The block's registers.
  public var registers: [UInt16] {
    var writer = RegisterWriter(RegisterMap.identity)
    writer.put(major, at: 1)
    writer.put(minor, at: 2)
    writer.put(id, at: 3)
    writer.put(vendor, at: 5)
    writer.put(firmware, at: 6)
    writer.put(siteRevision, at: 7)
    writer.put(stages, at: 8)
    writer.put(signalGroups, at: 9)
    writer.put(detectors, at: 10)
    writer.put(capabilities.rawValue, at: 11)
    writer.put(countdown.rawValue, at: 12)
    writer.put(leaseSeconds.lowerBound, at: 13)
    writer.put(leaseSeconds.upperBound, at: 14)
    let bytes = model.unicodeScalars.map { $0.isASCII ? UInt16($0.value) : 0x3F }.prefix(32)
    for (position, byte) in bytes.enumerated() {
      let offset = 16 + position / 2
      writer.put(writer.registers[offset] | (position % 2 == 0 ? byte << 8 : byte), at: offset)
    }
    return writer.registers
  }
}

/// ASCII from registers, two characters each; ends at the first zero, strange bytes read as "?".
private func text(_ registers: ArraySlice<UInt16>) -> String {
  let bytes = registers.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }.prefix { $0 != 0 }
  return String(bytes.map { (32..<127).contains($0) ? Character(UnicodeScalar($0)) : "?" })
}
