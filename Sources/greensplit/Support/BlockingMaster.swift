import Cabinets
import Dispatch
import Glibc
import Locking
import Modbus
import Signals

/// A Modbus master for commands that ask one thing after another and have nothing else to do.
final class BlockingMaster {
  private let queue = DispatchQueue(label: "greensplit.master")
  private let link: any ModbusLink
  private let pause: Double
  private var isFirst = true

  /// A master over TCP that rests for `pause` seconds between two requests.
  init(host: String, port: UInt16, unit: UInt8, deadline: Double, pause: Double) throws {
    link = try ModbusTCPClient(
      host: host, port: port, unit: unit, deadline: deadline, queue: queue)
    self.pause = pause
  }

  /// A master on a serial line, whose cabinet begins to answer within `turnaround` seconds.
  init(line: SerialLine, unit: UInt8, turnaround: Double, pause: Double) {
    link = ModbusSerialLink(
      bus: ModbusSerialBus(SerialSettings(line)), unit: unit, turnaround: turnaround, queue: queue)
    self.pause = pause
  }

  /// Sends one request and waits for what comes of it.
  func ask(_ request: CabinetRequest) -> Result<[UInt16], CabinetFailure> {
    if !isFirst && pause > 0 { usleep(UInt32(pause * 1_000_000)) }
    isFirst = false
    let answer = Guarded<Result<[UInt16], LinkFailure>?>(nil)
    let isAnswered = DispatchSemaphore(value: 0)
    let sent = request.onTheWire
    queue.async { [link] in
      link.send(sent) { result in
        answer.withLock { $0 = result }
        isAnswered.signal()
      }
    }
    isAnswered.wait()
    guard let result = answer.withLock({ $0 }) else { return .failure(.timedOut) }
    return result.mapError(\.forCabinet)
  }
}
