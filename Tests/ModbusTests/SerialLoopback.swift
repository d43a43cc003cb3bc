import Dispatch
import Glibc
import Modbus
import Support

/// Pseudo terminals know no parity, so lines in tests have two stop bits, as the standard wants then.
func lineSettings(_ device: String, gap: Double = 0.002) -> SerialSettings {
  SerialSettings(
    device: device, baud: 19_200, parity: .none, stopBits: 2, characterTime: 11 / 19_200.0,
    gap: gap)
}

/// A link of the code under test on a queue of its own.
struct LineCaller: Sendable {
  let queue = DispatchQueue(label: "line caller")
  let link: ModbusSerialLink

  init(_ bus: ModbusSerialBus, unit: UInt8, turnaround: Double = 0.3) {
    link = ModbusSerialLink(bus: bus, unit: unit, turnaround: turnaround, queue: queue)
  }

  /// What came, and after how many seconds the completion ran.
  func timed(_ request: ModbusRequest) async -> (result: Result<[UInt16], LinkFailure>, Double) {
    await withCheckedContinuation { continuation in
      queue.async { [link] in
        let start = DispatchTime.now()
        link.send(request) {
          let took = DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds
          continuation.resume(returning: ($0, Double(took) * 1e-9))
        }
      }
    }
  }

  func ask(_ request: ModbusRequest) async -> Result<[UInt16], LinkFailure> {
    await timed(request).result
  }

  func close() { queue.async { [link] in link.close() } }
}

/// The far end of a line as plain bytes, in blocking mode; it knows nothing of Modbus.
struct RawEnd: Sendable {
  let descriptor: Int32

  init(_ device: String) { descriptor = open(device, O_RDWR | O_NOCTTY | O_CLOEXEC) }

  /// So many bytes, or fewer if none comes for a while.
  func receive(_ count: Int, within milliseconds: Int32 = 20_000) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&polled, 1, milliseconds) == 1 else { break }
      var chunk = [UInt8](repeating: 0, count: count - bytes.count)
      let got = read(descriptor, &chunk, chunk.count)
      guard got > 0 else { break }
      bytes += chunk[..<got]
    }
    return bytes
  }

  /// One request of functions 0x03 or 0x10, cut by hand.
  func receiveRequest() -> [UInt8] {
    let head = receive(7)
    guard head.count == 7 else { return head }
    return head + receive(head[1] == 16 ? Int(head[6]) + 2 : 1)
  }

  func send(_ bytes: [UInt8]) { _ = write(descriptor, bytes, bytes.count) }

  func close() { Glibc.close(descriptor) }
}
