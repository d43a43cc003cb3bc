/// Checksums of register blocks, by hand: each is a few lines, and the core links no C library.
public enum Checksum {
  /// CRC-32 (IEEE 802.3: reflected polynomial EDB88320, start and final exclusive-or FFFFFFFF) over
  /// registers as big-endian bytes.
  public static func crc32(_ registers: some Swift.Sequence<UInt16>) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for register in registers {
      crc = crc32(crc, UInt8(register >> 8))
      crc = crc32(crc, UInt8(register & 0xFF))
    }
    return ~crc
  }

  /// CRC-16 of Modbus serial lines (reflected polynomial A001, start FFFF) over registers as
  /// big-endian bytes.
  static func crc16(_ registers: some Swift.Sequence<UInt16>) -> UInt16 {
    var crc: UInt16 = 0xFFFF
    for register in registers {
      crc = crc16(crc, UInt8(register >> 8))
      crc = crc16(crc, UInt8(register & 0xFF))
    }
    return crc
  }

  private static func crc32(_ before: UInt32, _ byte: UInt8) -> UInt32 {
    (0..<8).reduce(before ^ UInt32(byte)) { crc, _ in
      crc & 1 == 1 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1
    }
  }

  private static func crc16(_ before: UInt16, _ byte: UInt8) -> UInt16 {
    (0..<8).reduce(before ^ UInt16(byte)) { crc, _ in
      crc & 1 == 1 ? (crc >> 1) ^ 0xA001 : crc >> 1
    }
  }
}
