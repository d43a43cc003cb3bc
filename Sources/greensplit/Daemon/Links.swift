import Dispatch
import Locking
import Modbus
import Signals

/// Makes the links to cabinets; those of one serial line share its bus.
final class Links: Sendable {
  /// Longest time for a connection or an answer over TCP, real seconds: a serial gateway takes a quarter
  /// of a second for the longest frame at 9600 baud.
  private static let deadline = 1.0

  private struct Known {
    weak var bus: ModbusSerialBus?
  }

  private let buses = Guarded<[SerialLine: Known]>([:])

  /// A link to `cabinet`, for calls on `queue`.
  func link(
    to cabinet: CabinetAddress, on queue: DispatchQueue
  ) throws(LinkFailure) -> any ModbusLink {
    switch cabinet.way {
    case .network(let host, let port):
      try ModbusTCPClient(
        host: host, port: port, unit: cabinet.unit, deadline: Self.deadline, queue: queue)
    case .serial(let line, let turnaround):
      ModbusSerialLink(
        bus: bus(of: line), unit: cabinet.unit, turnaround: turnaround, queue: queue)
    }
  }

  private func bus(of line: SerialLine) -> ModbusSerialBus {
    buses.withLock { buses in
      if let known = buses[line]?.bus { return known }
      let new = ModbusSerialBus(SerialSettings(line))
      buses[line] = Known(bus: new)
      return new
    }
  }
}

extension SerialSettings {
  /// The settings of a line.
  init(_ line: SerialLine) {
    let parity: Parity =
      switch line.parity {
      case .none: .none
      case .even: .even
      case .odd: .odd
      }
    self.init(
      device: line.device, baud: line.baud, parity: parity, stopBits: line.stopBits,
      characterTime: line.characterTime, gap: line.gap)
  }
}
