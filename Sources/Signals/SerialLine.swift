/// A serial line with one master and up to 247 cabinets (MODBUS over Serial Line V1.02).
public struct SerialLine: Sendable, Hashable, Codable {
  /// What stands behind the eight data bits of a character.
  public enum Parity: String, Sendable, CaseIterable, Codable {
    /// Nothing.
    case none
    /// A bit that makes the number of ones even.
    case even
    /// A bit that makes it odd.
    case odd
  }

  /// The speeds that a line may have, bits a second.
  public static let bauds = [1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200]

  /// Path of the device, such as "/dev/ttyS1".
  public let device: String

  /// Bits a second, one of `bauds`.
  public let baud: Int

  /// Parity of each character.
  public let parity: Parity

  /// Stop bits of each character, 1 or 2.
  public let stopBits: Int

  /// A line on `device`. Without a parity bit the standard wants a second stop bit in its place, so that
  /// a character has 11 bits either way (section 2.5.1).
  public init(device: String, baud: Int, parity: Parity = .even, stopBits: Int? = nil) {
    self.device = device
    self.baud = baud
    self.parity = parity
    self.stopBits = stopBits ?? (parity == .none ? 2 : 1)
  }

  /// Time of one character, seconds: a start bit, eight of data, parity, stop.
  public var characterTime: Double {
    Double(1 + 8 + (parity == .none ? 0 : 1) + stopBits) / Double(baud)
  }

  /// Silence between two frames, seconds: 3.5 characters, and 1.75 ms above 19,200 baud (section
  /// 2.5.1.1).
  public var gap: Double { baud > 19_200 ? 0.001_75 : 3.5 * characterTime }
}
