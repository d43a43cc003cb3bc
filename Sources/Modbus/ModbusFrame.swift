/// One Modbus/TCP frame, request or reply: the MBAP header and what follows it (MODBUS Messaging on
/// TCP/IP Implementation Guide V1.0b, section 3.1.3).
///
///     0        2          4        6      7
///     | id     | protocol | length | unit | PDU: function, data … |
///                  = 0     unit + PDU
public struct ModbusFrame: Sendable, Equatable {
  /// Most bytes of a PDU.
  public static let longestPDU = 253

  /// Bytes of the header, the unit included.
  public static let headerLength = 7

  /// Number that a reply repeats from its request.
  public let transaction: UInt16

  /// Which device behind the address; 1 or 255 where there is only one.
  public let unit: UInt8

  /// Function code and data, 1 to 253 bytes.
  public let pdu: [UInt8]

  /// A frame around `pdu`, which has 1 to 253 bytes.
  public init(transaction: UInt16, unit: UInt8, pdu: [UInt8]) {
    precondition((1...Self.longestPDU).contains(pdu.count), "a PDU has 1 to 253 bytes")
    self.transaction = transaction
    self.unit = unit
    self.pdu = pdu
  }

  /// The frame as it goes over the wire.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.headerLength + pdu.count)
    Self.appendHeader(to: &bytes, transaction: transaction, unit: unit, length: pdu.count)
    bytes += pdu
    return bytes
  }

  /// Appends the header of a frame whose PDU has `length` bytes.
  static func appendHeader(
    to bytes: inout [UInt8], transaction: UInt16, unit: UInt8, length: Int
  ) {
    bytes.append(word: transaction)
    bytes.append(word: 0)
    bytes.append(word: UInt16(length + 1))
    bytes.append(unit)
  }
}

/// Why a stream of bytes is not Modbus/TCP.
public enum ModbusFrameError: Error, Sendable, Equatable {
  /// The protocol number is not 0.
  case unknownProtocol(UInt16)
  /// The length counts no PDU, or one of more than 253 bytes.
  case impossibleLength(UInt16)
}

extension ModbusFrameError: CustomStringConvertible {
  /// The error in words.
  public var description: String {
    switch self {
    case .unknownProtocol(let number): "protocol number \(number) where Modbus has 0"
    case .impossibleLength(let length): "length \(length) where a frame has 2 to 254"
    }
  }
}

/// Cuts a stream of bytes, which may come in chunks of any size, into frames.
///
/// Modbus/TCP has no mark where a frame begins: after an error there is no way back into step, so
/// the same error comes for ever and the connection must be closed.
public struct ModbusFrameDecoder: Sendable {
  private var buffer: [UInt8] = []

  /// A decoder before the first byte of a stream.
  public init() {}

  /// Whether bytes are held that belong to no frame yet.
  public var holdsPart: Bool { !buffer.isEmpty }

  /// Is before the first byte of a stream again, and keeps its memory.
  mutating func reset() { buffer.removeAll(keepingCapacity: true) }

  /// Takes the next bytes of the stream.
  public mutating func append(_ bytes: some Sequence<UInt8>) { buffer.append(contentsOf: bytes) }

  /// The next whole frame, or `nil` if it needs more bytes. An error is thrown as soon as the bytes
  /// that prove it are there.
  public mutating func next() throws(ModbusFrameError) -> ModbusFrame? {
    guard buffer.count >= 4 else { return nil }
    let number = UInt16(high: buffer[2], low: buffer[3])
    guard number == 0 else { throw .unknownProtocol(number) }
    guard buffer.count >= 6 else { return nil }
    let length = UInt16(high: buffer[4], low: buffer[5])
    guard case 2...(ModbusFrame.longestPDU + 1) = Int(length) else {
      throw .impossibleLength(length)
    }
    let end = ModbusFrame.headerLength - 1 + Int(length)
    guard buffer.count >= end else { return nil }
    let frame = ModbusFrame(
      transaction: UInt16(high: buffer[0], low: buffer[1]), unit: buffer[6],
      pdu: Array(buffer[ModbusFrame.headerLength..<end]))
    if end == buffer.count {
      reset()
    } else {
      buffer.removeFirst(end)
    }
    return frame
  }
}
