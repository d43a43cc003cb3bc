/// Why a cabinet says no: the exception codes of the Modbus application protocol V1.1b3, section 7.
public enum ModbusException: UInt8, Error, Sendable, CaseIterable {
  /// The function code is not one that the device knows.
  case illegalFunction = 0x01
  /// A register outside the map.
  case illegalDataAddress = 0x02
  /// A count, a length or a value that the device does not take, or a part of an
  /// all-or-nothing block.
  case illegalDataValue = 0x03
  /// The device broke down over the request.
  case deviceFailure = 0x04
  /// The device has begun something long.
  case acknowledge = 0x05
  /// The device is busy: ask again later.
  case deviceBusy = 0x06
  /// The device found a parity error in its memory.
  case memoryParityError = 0x08
  /// The gateway has no path to the unit.
  case gatewayPathUnavailable = 0x0A
  /// The unit behind the gateway does not answer, or there is no such unit.
  case gatewayTargetFailed = 0x0B
}

extension ModbusException: CustomStringConvertible {
  /// The exception in words, without its code.
  public var description: String {
    switch self {
    case .illegalFunction: "it does not know this function code"
    case .illegalDataAddress: "a register outside its map"
    case .illegalDataValue: "a count or value it does not take"
    case .deviceFailure: "it broke down over the request"
    case .acknowledge: "it has begun something long"
    case .deviceBusy: "it is busy"
    case .memoryParityError: "a parity error in its memory"
    case .gatewayPathUnavailable: "the gateway has no path to the unit"
    case .gatewayTargetFailed: "the unit behind the gateway does not answer, or there is none"
    }
  }
}
