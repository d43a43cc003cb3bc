/// What is asked of a device: the two functions that every cabinet must have.
public enum ModbusRequest: Sendable, Equatable {
  /// Function 0x03: `count` holding registers (1 to 125) from the 0-based `address` on.
  case read(address: UInt16, count: UInt16)
  /// Function 0x10: `values` (1 to 123 of them) into the holding registers from the 0-based
  /// `address` on.
  case write(address: UInt16, values: [UInt16])
}

extension ModbusRequest {
  /// Most registers of one read: a reply of 253 bytes holds no more.
  public static let longestRead = 125

  /// Most registers of one write: a request of 253 bytes holds no more.
  public static let longestWrite = 123

  /// First register that is asked for, 0-based.
  public var address: UInt16 {
    switch self {
    case .read(let address, _), .write(let address, _): address
    }
  }

  /// Number of registers that are asked for.
  public var count: Int {
    switch self {
    case .read(_, let count): Int(count)
    case .write(_, let values): values.count
    }
  }

  /// Whether the request can be said: 1 to 125 registers read, 1 to 123 written, none beyond
  /// register 65535.
  public var isSayable: Bool {
    guard case 1...longest = count else { return false }
    return Int(address) + count <= 0x1_0000
  }

  var function: ModbusFunction {
    switch self {
    case .read: .readHoldingRegisters
    case .write: .writeMultipleRegisters
    }
  }

  private var longest: Int {
    switch self {
    case .read: Self.longestRead
    case .write: Self.longestWrite
    }
  }
}

/// The function codes that are spoken here.
enum ModbusFunction: UInt8 {
  case readHoldingRegisters = 0x03
  case writeMultipleRegisters = 0x10

  /// Set in the function code of a reply that refuses (V1.1b3, section 7).
  static let exceptionBit: UInt8 = 0x80
}

extension ModbusRequest {
  /// The request as bytes without header: function, address, count and, in a write, the number of
  /// bytes and the values, all high byte first (V1.1b3, sections 6.3 and 6.12). The request must be
  /// sayable.
  public var pdu: [UInt8] {
    var pdu: [UInt8] = []
    append(to: &pdu)
    return pdu
  }

  /// Appends the whole frame that says the request.
  func append(to bytes: inout [UInt8], transaction: UInt16, unit: UInt8) {
    let length =
      switch self {
      case .read: 5
      case .write(_, let values): 6 + values.count * 2
      }
    ModbusFrame.appendHeader(to: &bytes, transaction: transaction, unit: unit, length: length)
    append(to: &bytes)
  }

  private func append(to bytes: inout [UInt8]) {
    precondition(isSayable, "a request for registers that no frame can ask for")
    bytes.append(function.rawValue)
    bytes.append(word: address)
    bytes.append(word: UInt16(count))
    guard case .write(_, let values) = self else { return }
    bytes.append(UInt8(values.count * 2))
    for value in values { bytes.append(word: value) }
  }

  /// The request that `pdu` says, or the exception a device answers with: `illegalFunction` for any
  /// other function, `illegalDataValue` for counts and lengths that are wrong or disagree,
  /// `illegalDataAddress` for registers beyond 65535.
  public init(pdu: [UInt8]) throws(ModbusException) {
    guard let first = pdu.first, let function = ModbusFunction(rawValue: first) else {
      throw .illegalFunction
    }
    guard pdu.count >= 5 else { throw .illegalDataValue }
    let address = UInt16(high: pdu[1], low: pdu[2])
    let count = UInt16(high: pdu[3], low: pdu[4])
    switch function {
    case .readHoldingRegisters:
      guard pdu.count == 5, case 1...Self.longestRead = Int(count) else { throw .illegalDataValue }
      self = .read(address: address, count: count)
    case .writeMultipleRegisters:
      let bytes = Int(count) * 2
      guard case 1...Self.longestWrite = Int(count), pdu.count == 6 + bytes, Int(pdu[5]) == bytes
      else { throw .illegalDataValue }
      self = .write(address: address, values: [UInt16](highByteFirst: pdu[6...]))
    }
    guard isSayable else { throw .illegalDataAddress }
  }
}

extension [UInt8] {
  /// Appends the word, high byte first, as everything in Modbus.
  mutating func append(word: UInt16) {
    append(UInt8(word >> 8))
    append(UInt8(truncatingIfNeeded: word))
  }
}

extension [UInt16] {
  /// The registers in `bytes`, two bytes each, high byte first; a last odd byte is left out.
  init(highByteFirst bytes: ArraySlice<UInt8>) {
    self = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map {
      UInt16(high: bytes[$0], low: bytes[$0 + 1])
    }
  }
}

extension UInt16 {
  init(high: UInt8, low: UInt8) { self = UInt16(high) << 8 | UInt16(low) }

  /// High byte first, as everything in Modbus.
  var bytes: [UInt8] { [UInt8(self >> 8), UInt8(truncatingIfNeeded: self)] }
}
