import Modbus
import Signals
import Support
import Testing

@Suite("Frames of Modbus/TCP")
struct FrameTests {
  @Test("A read is said as in the specification's example (V1.1b3, 6.3)")
  func readExample() {
    let request = ModbusRequest.read(address: 0x6B, count: 3)
    #expect(request.pdu == [0x03, 0x00, 0x6B, 0x00, 0x03])
  }

  @Test("A write is said as in the specification's example (V1.1b3, 6.12)")
  func writeExample() {
    let request = ModbusRequest.write(address: 1, values: [0x000A, 0x0102])
    #expect(request.pdu == [0x10, 0x00, 0x01, 0x00, 0x02, 0x04, 0x00, 0x0A, 0x01, 0x02])
  }

  @Test("The header has id, protocol 0, the length from the unit on, and the unit")
  func header() {
    let frame = ModbusFrame(transaction: 0x1501, unit: 0xFF, pdu: [0x03, 0, 4, 0, 1])
    #expect(frame.bytes == [0x15, 0x01, 0, 0, 0, 6, 0xFF, 0x03, 0, 4, 0, 1])
  }

  @Test("A stream of frames, cut anywhere, comes out as the same frames", arguments: 0..<50)
  func chunks(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let frames = (0..<Int.random(in: 1...20, using: &random)).map { _ in anyFrame(&random) }
    var stream = frames.flatMap(\.bytes)[...]
    var decoder = ModbusFrameDecoder()
    var decoded: [ModbusFrame] = []
    while !stream.isEmpty {
      let size = Int.random(
        in: 1...[1, 3, 40, 600][Int.random(in: 0...3, using: &random)],
        using: &random)
      decoder.append(stream.prefix(size))
      stream = stream.dropFirst(size)
      while let frame = try decoder.next() { decoded.append(frame) }
    }
    #expect(decoded == frames)
    #expect(!decoder.holdsPart)
  }

  @Test("Every proper beginning of a frame needs more bytes and is held")
  func beginnings() throws {
    let bytes = ModbusFrame(transaction: 9, unit: 1, pdu: [0x03, 2, 0, 1]).bytes
    for size in 1..<bytes.count {
      var decoder = ModbusFrameDecoder()
      decoder.append(bytes.prefix(size))
      #expect(try decoder.next() == nil)
      #expect(decoder.holdsPart)
    }
  }

  @Test("Another protocol is an error as soon as its number is there, and stays one")
  func otherProtocol() {
    var decoder = ModbusFrameDecoder()
    decoder.append(Array("HTTP".utf8))
    #expect(throws: ModbusFrameError.unknownProtocol(0x5450)) { try decoder.next() }
    decoder.append(ModbusFrame(transaction: 1, unit: 1, pdu: [3]).bytes)
    #expect(throws: ModbusFrameError.unknownProtocol(0x5450)) { try decoder.next() }
  }

  @Test("A length without PDU or beyond 254 is an error", arguments: [0, 1, 255, 256, 65535])
  func lengths(length: UInt16) {
    var decoder = ModbusFrameDecoder()
    decoder.append([0, 1, 0, 0, UInt8(length >> 8), UInt8(length & 0xFF)])
    #expect(throws: ModbusFrameError.impossibleLength(length)) { try decoder.next() }
  }

  @Test("The longest frame, 260 bytes, is taken")
  func longest() throws {
    let frame = ModbusFrame(transaction: 1, unit: 1, pdu: Array(repeating: 7, count: 253))
    #expect(frame.bytes.count == 260)
    var decoder = ModbusFrameDecoder()
    decoder.append(frame.bytes)
    #expect(try decoder.next() == frame)
  }

  @Test("Any bytes at all decode to frames or an error, and frames say what the bytes said")
  func anyBytes() {
    var random = SeededGenerator(seed: 77)
    var frames = 0
    for _ in 0..<5_000 {
      // Small bytes make headers that pass now and then.
      let ceiling: UInt8 = Bool.random(using: &random) ? 255 : 9
      let bytes = (0..<Int.random(in: 0...80, using: &random)).map { place in
        (2...4).contains(place) ? 0 : UInt8.random(in: 0...ceiling, using: &random)
      }
      var decoder = ModbusFrameDecoder()
      decoder.append(bytes)
      if let frame = try? decoder.next() {
        frames += 1
        #expect(Array(bytes.prefix(frame.bytes.count)) == frame.bytes)
      }
    }
    #expect(frames > 500)
  }
}

/// A frame of any content and a length of any size.
private func anyFrame(_ random: inout SeededGenerator) -> ModbusFrame {
  let size = Bool.random(using: &random) ? 5 : Int.random(in: 1...253, using: &random)
  return ModbusFrame(
    transaction: .random(in: 0...UInt16.max, using: &random),
    unit: .random(in: 0...UInt8.max, using: &random),
    pdu: (0..<size).map { _ in .random(in: 0...UInt8.max, using: &random) })
}
