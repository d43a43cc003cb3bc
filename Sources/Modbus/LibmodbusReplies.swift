import CModbus
import Glibc

/// Answers whole request frames: the handler decides, libmodbus writes the reply.
final class LibmodbusReplies {
  private let context: OpaquePointer
  /// Bytes of a reply beside its PDU.
  private let overhead: Int
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
    overhead = ModbusFrame.headerLength
    self.unit = unit
    self.handler = handler
  }

  /// Likewise on a serial line.
  init?(
    serial unit: UInt8,
    handler: @escaping @Sendable (ModbusRequest) -> Result<[UInt16], ModbusException>
  ) {
    // The device is opened and set by us: libmodbus gets the open descriptor.
    guard let context = modbus_new_rtu("/dev/null", 9600, 78, 8, 1) else { return nil }
    self.context = context
    overhead = RTUFrame.overhead
    self.unit = unit
    self.handler = handler
  }

  deinit { modbus_free(context) }

  /// Answers `request` on `descriptor`, a socket with a limit on the time of a send.
  ///
  /// - Returns: Whether the whole reply is on its way; if not, the stream is of no use any more.
  func answer(_ request: ModbusFrame, on descriptor: Int32) -> Bool {
    guard request.unit == unit else {
      return refuse(request.bytes, on: descriptor, with: .gatewayTargetFailed)
    }
    return answer(request.pdu, in: request.bytes, on: descriptor)
  }

  /// Answers `request` on `descriptor`, a serial device that does not block, if it is for this unit.
  func answer(_ request: RTUFrame, on descriptor: Int32) -> Bool {
    request.unit != unit || answer(request.pdu, in: request.bytes, on: descriptor)
  }

  private func answer(_ pdu: [UInt8], in bytes: [UInt8], on descriptor: Int32) -> Bool {
    do throws(ModbusException) {
      let asked = try ModbusRequest(pdu: pdu)
      return confirm(asked, in: bytes, on: descriptor, with: try handler(asked).get())
    } catch {
      return refuse(bytes, on: descriptor, with: error)
    }
  }

  private func use(_ descriptor: Int32) {
    precondition(descriptor < descriptorLimit, "libmodbus was to get a descriptor too high for it")
    modbus_set_socket(context, descriptor)
  }

  private func refuse(
    _ request: [UInt8], on descriptor: Int32, with exception: ModbusException
  ) -> Bool {
    use(descriptor)
    // A PDU of function and code.
    return modbus_reply_exception(context, request, UInt32(exception.rawValue)) == overhead + 2
  }

  /// libmodbus takes a reply's registers from a mapping, which here covers just those asked for.
  private func confirm(
    _ asked: ModbusRequest, in request: [UInt8], on descriptor: Int32, with registers: [UInt16]
  ) -> Bool {
    let count = UInt32(asked.count)
    guard
      let mapping = modbus_mapping_new_start_address(
        0, 0, 0, 0, UInt32(asked.address), count, 0, 0)
    else { return refuse(request, on: descriptor, with: .deviceFailure) }
    defer { modbus_mapping_free(mapping) }
    var length = overhead + 5
    if case .read = asked {
      precondition(registers.count == asked.count, "a handler answers with all registers read")
      for (place, value) in registers.enumerated() {
        mapping.pointee.tab_registers[place] = value
      }
      length = overhead + 2 + registers.count * 2
    }
    use(descriptor)
    return modbus_reply(context, request, Int32(request.count), mapping) == length
  }
}
