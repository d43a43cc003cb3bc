import Testing

@testable import Cabinets

@Suite("Checksums of register blocks")
struct ChecksumTests {
  @Test("The check value of CRC-32 is that of its definition, for the text 12345678")
  func crc32() {
    #expect(Checksum.crc32([0x3132, 0x3334, 0x3536, 0x3738]) == 0x9AE0_DAAF)
  }

  @Test("The check value of the serial line's CRC-16 is that of a known frame")
  func crc16() {
    // 01 03 00 00 00 0A, whose checksum goes over the line as C5 CD, low byte first.
    #expect(Checksum.crc16([0x0103, 0x0000, 0x000A]) == 0xCDC5)
  }
}
