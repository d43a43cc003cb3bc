/// One Modbus RTU frame, request or reply: unit, PDU, checksum (MODBUS over Serial Line V1.02, section
/// 2.5.1).
///
///     | unit | PDU: function, data … | CRC low | CRC high |
public struct RTUFrame: Sendable, Equatable {
  /// Bytes beside the PDU.
  public static let overhead = 3

  /// Which device on the line; 0 is all of them.
  public let unit: UInt8

  /// Function code and data, 1 to 253 bytes.
  public let pdu: [UInt8]

  /// A frame around `pdu`, which has 1 to 253 bytes.
  public init(unit: UInt8, pdu: [UInt8]) {
    precondition((1...ModbusFrame.longestPDU).contains(pdu.count), "a PDU has 1 to 253 bytes")
    self.unit = unit
    self.pdu = pdu
  }

  /// The frame that `bytes` are from the first to the last; `nil` if its checksum says otherwise.
  public init?(bytes: ArraySlice<UInt8>) {
    let longest = ModbusFrame.longestPDU + Self.overhead
    // Over a frame with its checksum, low byte first, the checksum is 0.
    guard (Self.overhead + 1...longest).contains(bytes.count), Self.checksum(bytes) == 0 else {
      return nil
    }
    self.init(unit: bytes[bytes.startIndex], pdu: Array(bytes.dropFirst().dropLast(2)))
  }

  /// The frame as it goes over the line.
  public var bytes: [UInt8] {
    let content = [unit] + pdu
    let sum = Self.checksum(content[...])
    return content + [UInt8(truncatingIfNeeded: sum), UInt8(sum >> 8)]
  }

  /// CRC-16 of section 6.2.2: reflected polynomial A001, start FFFF.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt16 {
    bytes.reduce(0xFFFF) { sum, byte in
      (0..<8).reduce(sum ^ UInt16(byte)) { sum, _ in
        sum & 1 == 1 ? (sum >> 1) ^ 0xA001 : sum >> 1
      }
    }
  }
}
