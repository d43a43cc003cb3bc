import Testing

@testable import Modbus

@Suite("Frames of serial lines")
struct RTUFrameTests {
  @Test("Have the checksum of the standard's example, low byte first")
  func example() {
    // MODBUS over Serial Line V1.02, section 6.2.2: unit 2, function 7 gives 1241, sent 41 12.
    #expect(RTUFrame(unit: 2, pdu: [7]).bytes == [2, 7, 0x41, 0x12])
    #expect(RTUFrame(bytes: [2, 7, 0x41, 0x12]) == RTUFrame(unit: 2, pdu: [7]))
  }

  @Test("Are none with any bit turned over, and none of another length")
  func broken() {
    let bytes = RTUFrame(unit: 17, pdu: [3, 0, 0x6B, 0, 3]).bytes
    for bit in 0..<bytes.count * 8 {
      var wrong = bytes
      wrong[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(RTUFrame(bytes: wrong[...]) == nil)
    }
    #expect(RTUFrame(bytes: bytes.dropLast()) == nil)
    #expect(RTUFrame(bytes: []) == nil)
    #expect(RTUFrame(bytes: [0xFF, 0xFF]) == nil)
  }

  @Test("Are cut from a stream of requests in any pieces; what makes none is passed over")
  func requests() {
    let frames = [
      RTUFrame(unit: 1, pdu: ModbusRequest.read(address: 7, count: 2).pdu),
      RTUFrame(unit: 2, pdu: ModbusRequest.write(address: 7, values: [1, 2, 3]).pdu),
      RTUFrame(unit: 3, pdu: [6, 0, 1, 0, 2]),
    ]
    let stream = frames.flatMap(\.bytes)
    for size in 1...stream.count {
      var line = RTURequest()
      var found: [RTUFrame] = []
      for start in stride(from: 0, to: stream.count, by: size) {
        line.append(Array(stream[start..<min(start + size, stream.count)]))
        while let frame = line.next() { found.append(frame) }
      }
      #expect(found == frames)
      #expect(line.isEmpty)
    }
    var noise = RTURequest()
    noise.append([0x55] + frames[0].bytes)
    #expect(noise.next() == nil)
    #expect(!noise.isEmpty)
    noise.append(frames[0].bytes)
    #expect(noise.next() == nil, "only silence ends it")
  }

  @Test("Are as long as is reckoned with")
  func lengths() {
    for request in [
      ModbusRequest.read(address: 0, count: 40), .write(address: 0, values: [1, 2, 3]),
    ] {
      #expect(RTUFrame(unit: 1, pdu: request.pdu).bytes.count == request.serialLength)
    }
    #expect(ModbusRequest.read(address: 0, count: 40).serialReplyLength == 85)
    #expect(ModbusRequest.write(address: 0, values: [1]).serialReplyLength == 8)
  }
}
