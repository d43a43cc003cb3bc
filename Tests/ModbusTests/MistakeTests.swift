import Dispatch
import Glibc
import Modbus
import Support
import Testing

@Suite("Mistakes of our own end the process rather than reach a cabinet")
struct MistakeTests {
  @Test("Unit 0, the broadcast, on either side")
  func broadcast() async {
    await #expect(processExitsWith: .failure) { _ = try Caller(port: 502, unit: 0) }
    await #expect(processExitsWith: .failure) {
      _ = try ModbusServer(port: 0, unit: 0) { _ in .success([]) }
    }
  }

  @Test("A call from another queue than the client's")
  func wrongQueue() async {
    await #expect(processExitsWith: .failure) {
      let caller = try Caller(port: 502)
      caller.client.send(.read(address: 0, count: 1)) { _ in }
    }
    await #expect(processExitsWith: .failure) {
      let caller = try Caller(port: 502)
      caller.client.close()
    }
  }

  @Test("A request that no frame can say")
  func unsayable() async {
    await #expect(processExitsWith: .failure) {
      let caller = try Caller(port: 502)
      _ = await caller.ask(.write(address: 0, values: []))
    }
  }

  @Test("A handler that answers fewer registers than were asked for")
  func shortAnswer() async {
    await #expect(processExitsWith: .failure) {
      let server = try ModbusServer(port: 0) { _ in .success([1]) }
      let caller = try Caller(port: server.port)
      _ = await caller.ask(.read(address: 0, count: 2))
    }
  }
}
