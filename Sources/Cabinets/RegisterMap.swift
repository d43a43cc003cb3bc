/// One block of holding registers.
public struct RegisterBlock: Sendable, Hashable {
  /// Name in messages and in `docs/cabinet-map.md`.
  public let name: String

  /// Address of its first register, 0-based as in the protocol data unit.
  public let address: UInt16

  /// Number of registers.
  public let length: UInt16

  /// Word in its first register, by which a stale or misrouted reply is recognised; `nil` for a
  /// block without one.
  public let signature: UInt16?

  /// The address after its last register.
  public var end: UInt16 { address + length }
}

/// The reference map "TSC-MB", version 1 (`docs/cabinet-map.md`): where each block lies. Signatures
/// are two ASCII letters.
public enum RegisterMap {
  /// Version of the map; a cabinet of another major version is not understood.
  public static let majorVersion: UInt16 = 1

  /// The most registers in one request, a common limit of programmable controllers.
  public static let longestRequest: UInt16 = 100

  /// What an unknown value reads as.
  public static let unknown: UInt16 = 0xFFFF

  /// Who the cabinet is; read only.
  public static let identity = RegisterBlock(
    name: "identity", address: 0, length: 32, signature: 0x5453)

  /// Its clock; read only.
  public static let clock = RegisterBlock(
    name: "clock", address: 40, length: 8, signature: 0x434C)

  /// Sets its clock; write only.
  public static let setClock = RegisterBlock(
    name: "set clock", address: 48, length: 6, signature: nil)

  /// The times of its stages; read only.
  public static let stages = RegisterBlock(
    name: "stages", address: 100, length: 100, signature: 0x5354)

  /// Intergreens from stages 1 to 8; read only, vouched for by the checksum in `limits`.
  public static let intergreensLow = RegisterBlock(
    name: "intergreens of stages 1 to 8", address: 200, length: 64, signature: nil)

  /// Intergreens from stages 9 to 16; read only, vouched for by the checksum in `limits`.
  public static let intergreensHigh = RegisterBlock(
    name: "intergreens of stages 9 to 16", address: 264, length: 64, signature: nil)

  /// Its limits of plans; read only.
  public static let limits = RegisterBlock(
    name: "limits", address: 340, length: 10, signature: 0x4C49)

  /// An order to the cabinet; written whole or not at all.
  public static let plan = RegisterBlock(name: "plan", address: 400, length: 90, signature: 0x504C)

  /// What became of the last order; read only.
  public static let result = RegisterBlock(
    name: "result", address: 510, length: 10, signature: 0x5245)

  /// The plan that runs; read only.
  public static let active = RegisterBlock(
    name: "active", address: 600, length: 90, signature: 0x4143)

  /// What the lamps show; read only.
  public static let live = RegisterBlock(name: "live", address: 700, length: 40, signature: 0x4C56)

  /// Renews the lease; write only.
  public static let heartbeat = RegisterBlock(
    name: "heartbeat", address: 760, length: 6, signature: nil)

  /// Detectors on one page of `detectors`.
  public static let detectorsPerPage = 30

  /// Page `page` of the cabinet's own detectors, 30 on each; read only. `page` is 0 ... 600.
  public static func detectors(page: Int) -> RegisterBlock {
    precondition((0...600).contains(page), "pages of detectors end at the last address")
    return RegisterBlock(
      name: "detectors page \(page + 1)", address: UInt16(800 + 100 * page), length: 97,
      signature: 0x4454)
  }

  /// Blocks that may be read, without the detectors.
  static let readable = [
    identity, clock, stages, intergreensLow, intergreensHigh, limits, plan, result, active, live,
  ]

  /// Blocks that may be written, each only as a whole.
  static let writable = [setClock, plan, heartbeat]

  /// What the key of an order is combined with, so that stray writes are not taken for orders.
  static let key: UInt16 = 0xA55A
}
