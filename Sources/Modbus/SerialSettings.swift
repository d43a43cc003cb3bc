/// How a serial device is opened, and how time runs on its line.
public struct SerialSettings: Sendable, Equatable {
  /// What stands behind the eight data bits of a character.
  public enum Parity: Sendable {
    /// Nothing.
    case none
    /// A bit that makes the number of ones even.
    case even
    /// A bit that makes it odd.
    case odd
  }

  /// Path of the device.
  public let device: String
  /// Bits a second.
  public let baud: Int
  /// Parity of each character.
  public let parity: Parity
  /// Stop bits of each character, 1 or 2.
  public let stopBits: Int
  /// Time of one character, seconds.
  public let characterTime: Double
  /// Least silence between two frames, seconds.
  public let gap: Double

  /// A device and its line.
  public init(
    device: String, baud: Int, parity: Parity, stopBits: Int, characterTime: Double, gap: Double
  ) {
    self.device = device
    self.baud = baud
    self.parity = parity
    self.stopBits = stopBits
    self.characterTime = characterTime
    self.gap = gap
  }
}

/// Why a serial device cannot be used.
public struct SerialFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The device, the reason and what would be right.
  public let description: String
}
