import Modbus
import Signals
import Support
import Testing

@Suite("pymodbus, which shares no code with us or libmodbus")
struct PeerTests {
  @Test("Its client reads from our server what our client wrote there")
  func theirClientReads() async throws {
    let bank = Bank()
    let server = try ModbusServer(port: 0) { bank($0) }
    let plan: [UInt16] = (0..<90).map { $0 &* 719 &+ 0x5453 }
    let caller = try Caller(port: server.port)
    #expect(await caller.ask(.write(address: 400, values: plan)) == .success([]))
    let peer = try Peers.start("client.py", ["\(server.port)", "1", "read", "400", "90"])
    #expect(try peer.line() == #"{"values": \#(plan)}"#)
    #expect(peer.wait() == 0)
  }

  @Test("Its client reads the same values from our server, or writes them, ten thousand times")
  func theirClientAgrees() throws {
    let bank = Bank()
    bank.fillForPeer()
    let server = try ModbusServer(port: 0) { bank($0) }
    let peer = try Peers.start("client.py", ["\(server.port)", "1", "agree", "10000", "5"])
    try expectAgreement(with: peer, on: 10_000, within: 120)
  }

  @Test("Our client reads from our server what its client wrote there")
  func theirClientWrites() async throws {
    let bank = Bank()
    let server = try ModbusServer(port: 0) { bank($0) }
    let peer = try Peers.start(
      "client.py", ["\(server.port)", "1", "write", "65530", "1", "2", "65535"])
    #expect(try peer.line() == #"{"written": 3}"#)
    let caller = try Caller(port: server.port)
    #expect(
      await caller.ask(.read(address: 65529, count: 5)) == .success([0, 1, 2, 65535, 0]))
  }

  @Test("Its client understands our server's refusals")
  func theirClientRefused() throws {
    let server = try ModbusServer(port: 0, unit: 3) { _ in .failure(.deviceBusy) }
    let busy = try Peers.start("client.py", ["\(server.port)", "3", "read", "0", "1"])
    #expect(try busy.line() == #"{"exception": 6}"#)
    let elsewhere = try Peers.start("client.py", ["\(server.port)", "4", "write", "0", "1"])
    #expect(try elsewhere.line() == #"{"exception": 11}"#)
  }

  @Test("Our client reads its server's registers, and its server obeys our writes")
  func theirServer() async throws {
    let peer = try Peers.start(
      "server.py", ["--unit", "5", "--registers", #"{"0": [21587, 1], "700": [7, 8, 9]}"#])
    let caller = try Caller(port: try port(of: peer), unit: 5)
    #expect(await caller.ask(.read(address: 0, count: 3)) == .success([21587, 1, 0]))
    #expect(await caller.ask(.read(address: 700, count: 3)) == .success([7, 8, 9]))
    var random = SeededGenerator(seed: 31)
    for _ in 0..<20 {
      let values = (0..<Int.random(in: 1...123, using: &random)).map { _ in
        UInt16.random(in: 0...UInt16.max, using: &random)
      }
      #expect(await caller.ask(.write(address: 400, values: values)) == .success([]))
      #expect(try peer.line() == #"{"write": {"address": 400, "values": \#(values)}}"#)
      #expect(
        await caller.ask(.read(address: 400, count: UInt16(values.count))) == .success(values))
    }
  }

  @Test("A peer's server ends when its standard input does")
  func endsAlone() throws {
    let peer = try Peers.start("server.py")
    _ = try port(of: peer)
    peer.closeInput()
    #expect(peer.wait() == 0)
  }

  @Test("Without the Python environment a test fails, and its message says what to run")
  func missing() {
    let failure = #expect(throws: PeerFailure.noPython("/nowhere/python")) {
      try Peers.python(named: "/nowhere/python")
    }
    #expect("\(failure.map { "\($0)" } ?? "")".contains("run `make peers`"))
  }

  /// The port in the first line of a peer's server.
  private func port(of peer: ChildProcess) throws -> UInt16 {
    let line = try peer.line()
    return try #require(UInt16(line.filter(\.isNumber)), "\(line)")
  }
}

/// What `client.py` says at the end of so many random requests, half of them writes, that our server
/// answered as it should.
func expectAgreement(
  with peer: ChildProcess, on requests: Int, within seconds: Double
) throws {
  let line = try peer.line(within: seconds)
  let counts = line.split { !$0.isNumber }.compactMap { Int($0) }
  #expect(line.hasPrefix(#"{"reads": "#) && counts.reduce(0, +) == requests, "\(line)")
  #expect(counts.allSatisfy { $0 > requests * 2 / 5 })
}
