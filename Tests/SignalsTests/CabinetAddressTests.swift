import FoundationEssentials
import Signals
import Testing

@Suite("Where a cabinet is")
struct CabinetAddressTests {
  @Test("Is read from histories as it was written before there were lines")
  func old() throws {
    let text = #"{"host":"10.20.0.17","port":502,"unit":3}"#
    let address = try JSONDecoder().decode(CabinetAddress.self, from: Data(text.utf8))
    #expect(address == CabinetAddress(host: "10.20.0.17", port: 502, unit: 3))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    #expect(String(decoding: try encoder.encode(address), as: UTF8.self) == text)
  }

  @Test("Is the same after it was written and read, on a line and of another make too")
  func roundTrip() throws {
    let line = SerialLine(device: "/dev/ttyS1", baud: 9600, parity: .odd)
    for address in [
      CabinetAddress(way: .serial(line, turnaround: 0.05), unit: 7),
      CabinetAddress(way: .network(host: "::1", port: 1), unit: 255, profile: "a/b.yaml"),
    ] {
      let bytes = try JSONEncoder().encode(address)
      #expect(try JSONDecoder().decode(CabinetAddress.self, from: bytes) == address)
    }
  }

  @Test("Is one device whatever is said of how it speaks")
  func sameDevice() {
    let fast = SerialLine(device: "/dev/ttyS1", baud: 38_400)
    let slow = SerialLine(device: "/dev/ttyS1", baud: 9600)
    let one = CabinetAddress(way: .serial(fast, turnaround: 0.05), unit: 1)
    #expect(one.device == CabinetAddress(way: .serial(slow, turnaround: 0.1), unit: 1).device)
    #expect(one.device != CabinetAddress(way: .serial(fast, turnaround: 0.05), unit: 2).device)
    let plain = CabinetAddress(host: "127.0.0.1", port: 1, unit: 1)
    #expect(one.device != plain.device)
    let other = CabinetAddress(
      way: .network(host: "127.0.0.1", port: 1), unit: 1, profile: "a.yaml")
    #expect(plain.device == other.device)
    #expect("\(one)" == "/dev/ttyS1 unit 1")
    #expect("\(plain)" == "127.0.0.1:1 unit 1")
  }
}
