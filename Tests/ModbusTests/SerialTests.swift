import Dispatch
import Glibc
import Locking
import Modbus
import Support
import Testing

@Suite("A serial line", .serialized)
struct SerialTests {
  @Test("carries reads and writes of several units, each to its own")
  func units() async throws {
    let pair = try SerialPair()
    let (first, second) = (Bank(), Bank())
    let server = try ModbusSerialServer(
      lineSettings(pair.ends.far), units: [(3, { first($0) }), (7, { second($0) })])
    let bus = ModbusSerialBus(lineSettings(pair.ends.near))
    let (three, seven) = (LineCaller(bus, unit: 3), LineCaller(bus, unit: 7))
    let values: [UInt16] = (0..<123).map { $0 &* 719 }
    async let one = three.ask(.write(address: 400, values: values))
    async let other = seven.ask(.write(address: 400, values: [1, 2]))
    #expect(await one == .success([]))
    #expect(await other == .success([]))
    #expect(await three.ask(.read(address: 400, count: 123)) == .success(values))
    #expect(await seven.ask(.read(address: 399, count: 4)) == .success([0, 1, 2, 0]))
    #expect(first.read(400, 123) == values)
    withExtendedLifetime(server) {}
  }

  @Test("has nobody for a unit that is not there, and for unit 0 nobody writes")
  func nobody() async throws {
    let pair = try SerialPair()
    let bank = Bank()
    let server = try ModbusSerialServer(lineSettings(pair.ends.far), units: [(1, { bank($0) })])
    let stranger = LineCaller(ModbusSerialBus(lineSettings(pair.ends.near)), unit: 9)
    #expect(await stranger.ask(.read(address: 0, count: 1)) == .failure(.timedOut))
    stranger.close()
    // A broadcast of somebody else is not obeyed.
    let raw = RawEnd(pair.ends.near)
    raw.send(RTUFrame(unit: 0, pdu: [16, 0, 0, 0, 1, 2, 0, 77]).bytes)
    #expect(raw.receive(1, within: 300).isEmpty)
    #expect(bank.read(0, 1) == [0])
    withExtendedLifetime(server) {}
  }

  @Test("A link to unit 0 cannot be made")
  func broadcast() async {
    await #expect(processExitsWith: .failure) {
      _ = ModbusSerialLink(
        bus: ModbusSerialBus(lineSettings("/dev/null")), unit: 0, turnaround: 0.1,
        queue: DispatchQueue(label: "nobody"))
    }
  }

  @Test("is silent between two frames for at least its gap")
  func gap() async throws {
    let pair = try SerialPair()
    // Long beside what socat and this machine's load add.
    let bus = ModbusSerialBus(lineSettings(pair.ends.near, gap: 0.05))
    let callers = [1, 2].map { LineCaller(bus, unit: $0) }
    let far = RawEnd(pair.ends.far)
    let gaps = Guarded<[Double]>([])
    inThread {
      var answered: UInt64?
      while true {
        let request = far.receiveRequest()
        guard request.count == 8 else { return }
        let now = DispatchTime.now().uptimeNanoseconds
        if let answered { gaps.withLock { $0.append(Double(now - answered) * 1e-9) } }
        far.send(RTUFrame(unit: request[0], pdu: [3, 2, 0, 9]).bytes)
        // After the answer has gone out, so what is seen is less than the silence, never more.
        answered = DispatchTime.now().uptimeNanoseconds
      }
    }
    await withTaskGroup { group in
      for caller in callers {
        group.addTask {
          for _ in 0..<10 {
            #expect(await caller.ask(.read(address: 0, count: 1)) == .success([9]))
          }
        }
      }
    }
    let seen = gaps.withLock { $0 }
    #expect(seen.count == 19)
    // A millisecond for a thread that comes late to its clock.
    #expect(seen.allSatisfy { $0 >= 0.049 }, "\(seen)")
    withExtendedLifetime(pair) {}
  }

  @Test("works on descriptors that would abort libmodbus")
  func highDescriptors() async throws {
    let pair = try SerialPair()
    let bank = Bank()
    let server = try ModbusSerialServer(lineSettings(pair.ends.far), units: [(1, { bank($0) })])
    let held = (0..<1100).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
    defer { for descriptor in held { close(descriptor) } }
    try #require((held.max() ?? 0) > 1024, "this machine allows too few open files")
    let caller = LineCaller(ModbusSerialBus(lineSettings(pair.ends.near)), unit: 1)
    #expect(await caller.ask(.write(address: 1, values: [5])) == .success([]))
    #expect(await caller.ask(.read(address: 1, count: 1)) == .success([5]))
    // And a server says no before libmodbus would see such a number.
    let other = try SerialPair()
    let failure = #expect(throws: SerialFailure.self) {
      _ = try ModbusSerialServer(lineSettings(other.ends.near), units: [(1, { bank($0) })])
    }
    #expect("\(failure.map { "\($0)" } ?? "")".contains("too high for libmodbus"))
    withExtendedLifetime((server, pair)) {}
  }

  @Test("has one master, and is given back when its links are closed")
  func exclusive() async throws {
    let pair = try SerialPair()
    let bank = Bank()
    let server = try ModbusSerialServer(lineSettings(pair.ends.far), units: [(1, { bank($0) })])
    let first = LineCaller(ModbusSerialBus(lineSettings(pair.ends.near)), unit: 1)
    let second = LineCaller(ModbusSerialBus(lineSettings(pair.ends.near)), unit: 1)
    #expect(await first.ask(.read(address: 1, count: 1)) == .success([0]))
    #expect(
      await second.ask(.read(address: 1, count: 1))
        == .failure(.refused("\(pair.ends.near) is in use by another program")))
    first.close()
    var last: Result<[UInt16], LinkFailure>?
    for _ in 0..<100 {
      last = await second.ask(.read(address: 1, count: 1))
      if last == .success([0]) { break }
      usleep(20_000)
    }
    #expect(last == .success([0]))
    withExtendedLifetime(server) {}
  }

  @Test("that is torn fails what is asked, and what is asked later, with the reason")
  func torn() async throws {
    let pair = try SerialPair()
    let caller = LineCaller(ModbusSerialBus(lineSettings(pair.ends.near)), unit: 1)
    let far = RawEnd(pair.ends.far)
    async let asked = caller.ask(.read(address: 1, count: 1))
    #expect(far.receiveRequest().count == 8)
    pair.cut()
    #expect(await asked == .failure(.closed))
    guard case .failure(.refused(let reason)) = await caller.ask(.read(address: 1, count: 1)) else {
      return #expect(Bool(false), "the device is gone")
    }
    #expect(reason.contains("No such file or directory"))
    far.close()
  }

  @Test(
    "that cannot be as wanted says so",
    arguments: [
      ("/dev/null", 19_200, SerialSettings.Parity.none, "is no serial device"),
      ("/dev/nowhere", 19_200, .none, "No such file or directory"),
      ("pty", 12_345, .none, "no line has 12345 baud"),
      // A pseudo terminal leaves parity out without a word.
      ("pty", 19_200, .even, "does not do 19200 baud, parity even, 1 stop bits"),
    ])
  func mistakes(device: String, baud: Int, parity: SerialSettings.Parity, words: String)
    async throws
  {
    let pair = try SerialPair()
    let settings = SerialSettings(
      device: device == "pty" ? pair.ends.near : device, baud: baud, parity: parity,
      stopBits: parity == .none ? 2 : 1, characterTime: 0.001, gap: 0.004)
    let caller = LineCaller(ModbusSerialBus(settings), unit: 1)
    guard case .failure(.refused(let reason)) = await caller.ask(.read(address: 1, count: 1)) else {
      return #expect(Bool(false), "it was opened")
    }
    #expect(reason.contains(words), "\(reason)")
  }

  @Test("refuses a second request of the same link, and closing ends the first")
  func oneAtATime() async throws {
    let pair = try SerialPair()
    let caller = LineCaller(ModbusSerialBus(lineSettings(pair.ends.near)), unit: 1)
    async let first = caller.ask(.read(address: 1, count: 1))
    usleep(50_000)
    #expect(await caller.ask(.read(address: 2, count: 1)) == .failure(.busy))
    caller.close()
    #expect(await first == .failure(.closed))
    withExtendedLifetime(pair) {}
  }
}
