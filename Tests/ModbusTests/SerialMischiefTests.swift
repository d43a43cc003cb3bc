import Dispatch
import Glibc
import Modbus
import Support
import Testing

/// What a device on a line does wrong with one request, and how that must end.
struct LineMischief: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let expected: @Sendable (Result<[UInt16], LinkFailure>) -> Bool
  /// Gets the far end after the request for registers 5 and 6 of unit 1.
  let act: @Sendable (RawEnd) -> Void

  init(
    _ description: String, expected: @escaping @Sendable (Result<[UInt16], LinkFailure>) -> Bool,
    act: @escaping @Sendable (RawEnd) -> Void
  ) {
    testDescription = description
    self.expected = expected
    self.act = act
  }

  static let all: [LineMischief] = [
    LineMischief("stays silent", expected: isTimeout) { _ in },
    LineMischief("sends half a reply and stays silent", expected: isTimeout) { line in
      line.send(Array(right().prefix(5)))
    },
    LineMischief("dribbles beyond the deadline", expected: isTimeout) { line in
      for byte in right() {
        line.send([byte])
        usleep(100_000)
      }
    },
    LineMischief("dribbles for ever", expected: isTimeout) { line in
      // One byte less than the reply, each within any byte time-out.
      for byte in right().dropLast() + Array(repeating: 0, count: 12) {
        line.send([byte])
        usleep(80_000)
      }
    },
    LineMischief("answers too late", expected: isTimeout) { line in
      usleep(700_000)
      line.send(right())
    },
    LineMischief("answers for another unit", expected: isTimeout) { line in
      line.send(right(unit: 2))
    },
    LineMischief(
      "answers rightly after another unit's late answer", expected: { $0 == .success([5, 6]) }
    ) { line in line.send(right(unit: 2) + right()) },
    LineMischief("answers with a wrong checksum", expected: isMalformed) { line in
      var bytes = right()
      bytes[bytes.count - 1] ^= 0x40
      line.send(bytes)
    },
    LineMischief("answers with a bit turned over", expected: isMalformed) { line in
      var bytes = right()
      bytes[4] ^= 0x01
      line.send(bytes)
    },
    LineMischief("answers another function", expected: isMalformed) { line in
      line.send(RTUFrame(unit: 1, pdu: [4, 4, 0, 5, 0, 6]).bytes)
    },
    LineMischief("answers fewer registers", expected: isMalformed) { line in
      line.send(RTUFrame(unit: 1, pdu: [3, 2, 0, 5]).bytes)
    },
    LineMischief("says more after its reply", expected: isMalformed) { line in
      line.send(right() + [0])
    },
    LineMischief("confirms a write instead", expected: isMalformed) { line in
      line.send(RTUFrame(unit: 1, pdu: [16, 0, 5, 0, 2]).bytes)
    },
    LineMischief("refuses", expected: { $0 == .failure(.exception(6)) }) { line in
      line.send(RTUFrame(unit: 1, pdu: [0x83, 6]).bytes)
    },
  ]

  private static let isTimeout: @Sendable (Result<[UInt16], LinkFailure>) -> Bool = {
    $0 == .failure(.timedOut)
  }
  private static let isMalformed: @Sendable (Result<[UInt16], LinkFailure>) -> Bool = {
    if case .failure(.malformed) = $0 { true } else { false }
  }
}

/// Registers 5 and 6.
private func right(unit: UInt8 = 1) -> [UInt8] {
  RTUFrame(unit: unit, pdu: [3, 4, 0, 5, 0, 6]).bytes
}

@Suite("A device on a serial line that", .serialized)
struct SerialMischiefTests {
  @Test(
    "ends a request as it must, in its time, and the next one is answered",
    arguments: LineMischief.all)
  func mischief(_ mischief: LineMischief) async throws {
    let pair = try SerialPair()
    let bus = ModbusSerialBus(lineSettings(pair.ends.near))
    let caller = LineCaller(bus, unit: 1)
    let far = RawEnd(pair.ends.far)
    inThread {
      _ = far.receiveRequest()
      mischief.act(far)
      // Whatever else is asked gets the registers 7 and 8.
      while far.receiveRequest().count == 8 {
        far.send(RTUFrame(unit: 1, pdu: [3, 4, 0, 7, 0, 8]).bytes)
      }
    }
    let (result, seconds) = await caller.timed(.read(address: 5, count: 2))
    #expect(mischief.expected(result), "\(result)")
    // 17 characters are 10 ms; 300 ms to begin, 100 ms for this machine; the rest is its load.
    #expect(seconds < 1, "\(seconds) s")
    #expect(await caller.ask(.read(address: 9, count: 2)) == .success([7, 8]))
    withExtendedLifetime(pair) {}
  }

  @Test("dribbles for ever is left at its deadline, however short the pauses")
  func bound() async throws {
    let pair = try SerialPair()
    let caller = LineCaller(ModbusSerialBus(lineSettings(pair.ends.near)), unit: 1)
    let far = RawEnd(pair.ends.far)
    inThread {
      _ = far.receiveRequest()
      // The head of a frame of 255 bytes and more, one every 20 ms: five seconds of it.
      far.send([1, 3, 250])
      for _ in 0..<250 {
        far.send([0])
        usleep(20_000)
      }
    }
    let (result, seconds) = await caller.timed(.read(address: 0, count: 125))
    #expect(result == .failure(.timedOut))
    // (8 + 255) characters of 0.57 ms, 300 ms to begin, 100 ms for this machine: 0.55 s.
    #expect((0.5..<1).contains(seconds), "\(seconds) s")
    withExtendedLifetime(pair) {}
  }

  @Test("is silent does not keep the others from being asked, and is itself left alone for a while")
  func neighbours() async throws {
    let pair = try SerialPair()
    let bus = ModbusSerialBus(lineSettings(pair.ends.near))
    let (silent, well) = (LineCaller(bus, unit: 1), LineCaller(bus, unit: 2))
    let far = RawEnd(pair.ends.far)
    inThread {
      while true {
        let request = far.receiveRequest()
        guard request.count == 8 else { return }
        if request[0] == 2 { far.send(RTUFrame(unit: 2, pdu: [3, 2, 0, 9]).bytes) }
      }
    }
    async let first = silent.timed(.read(address: 0, count: 1))
    for _ in 0..<5 {
      #expect(await well.ask(.read(address: 0, count: 1)) == .success([9]))
    }
    #expect(await first.result == .failure(.timedOut))
    async let second = silent.timed(.read(address: 0, count: 1))
    let (answer, wait) = await well.timed(.read(address: 0, count: 1))
    #expect(answer == .success([9]))
    #expect(wait < 0.3, "\(wait) s: the silent one was not asked at once again")
    let (again, took) = await second
    #expect(again == .failure(.timedOut))
    #expect(took > 0.6, "\(took) s: once for the rest, once for the answer")
    withExtendedLifetime(pair) {}
  }
}
