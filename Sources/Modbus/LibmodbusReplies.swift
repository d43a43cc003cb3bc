import CModbus
import Glibc

/// Answers whole request frames: the handler decides, libmodbus writes the reply.
final class LibmodbusReplies {
  private let context: OpaquePointer
  private let unit: UInt8
  private let handler: @Sendable (ModbusRequest) -> Result<[UInt16], ModbusException>

  /// `nil` if there is no memory.
  init?(
    unit: UInt8,
    handler: @escaping @Sendable (ModbusRequest) -> Result<[UInt16], ModbusException>
  ) {
    // The address is used by libmodbus for its own sockets only; ours are given to it.
    guard let context = modbus_new_tcp("127.0.0.1", 0) else { return nil }
    self.context = context
    self.unit = unit
    self.handler = handler
  }

  deinit { modbus_free(context) }

  /// Answers `request` on `descriptor`, a socket with a limit on the time of a send.
  ///
  /// - Returns: Whether the whole reply is on its way; if not, the stream is of no use any more.
  func answer(_ request: ModbusFrame, on descriptor: Int32) -> Bool {
    precondition(descriptor < descriptorLimit, "libmodbus was to get a descriptor too high for it")
    modbus_set_socket(context, descriptor)
    guard request.unit == unit else { return refuse(request, with: .gatewayTargetFailed) }
    do throws(ModbusException) {
      let asked = try ModbusRequest(pdu: request.pdu)
      return confirm(asked, in: request, with: try handler(asked).get())
    } catch {
      return refuse(request, with: error)
    }
  }

  private func refuse(_ request: ModbusFrame, with exception: ModbusException) -> Bool {
    // Header, function and code: 9 bytes.
    modbus_reply_exception(context, request.bytes, UInt32(exception.rawValue)) == 9
  }

  /// libmodbus takes a reply's registers from a mapping, which here covers just those asked for.
  private func confirm(
    _ asked: ModbusRequest, in request: ModbusFrame, with registers: [UInt16]
  ) -> Bool {
    let count = UInt32(asked.count)
    guard
      let mapping = modbus_mapping_new_start_address(
        0, 0, 0, 0, UInt32(asked.address), count, 0, 0)
    else { return refuse(request, with: .deviceFailure) }
    defer { modbus_mapping_free(mapping) }
    var length = 12
    if case .read = asked {
      precondition(registers.count == asked.count, "a handler answers with all registers read")
      for (place, value) in registers.enumerated() {
        mapping.pointee.tab_registers[place] = value
      }
      length = 9 + registers.count * 2
    }
    let bytes = request.bytes
    return modbus_reply(context, bytes, Int32(bytes.count), mapping) == length
  }
}
