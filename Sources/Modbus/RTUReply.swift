/// Gathers the reply to one request from a serial line.
///
/// The line has no numbers for requests: a reply belongs to a request if unit, function and length do.
/// A whole frame of another unit is passed over, since a device that answers too late may speak into
/// the time of the next.
struct RTUReply {
  private let request: ModbusRequest
  private let unit: UInt8
  private var buffer: [UInt8] = []

  /// A reply of which nothing has come.
  init(to request: ModbusRequest, from unit: UInt8) {
    self.request = request
    self.unit = unit
  }

  /// Takes the next bytes.
  ///
  /// - Returns: The registers of the reply once it is whole, none for a write.
  /// - Throws: `exception` if the device refused, `malformed` as soon as it is certain that this is no
  ///   reply to the request.
  mutating func take(_ bytes: [UInt8]) throws(LinkFailure) -> [UInt16]? {
    buffer += bytes
    while let length = try length(), buffer.count >= length {
      guard let frame = RTUFrame(bytes: buffer[..<length]) else {
        throw .malformed("the checksum is wrong")
      }
      buffer.removeFirst(length)
      guard frame.unit == unit else { continue }
      guard buffer.isEmpty else { throw .malformed("bytes after the reply") }
      return try request.registers(
        in: ModbusFrame(transaction: 0, unit: unit, pdu: frame.pdu), transaction: 0, unit: unit)
    }
    return nil
  }

  /// Length of the frame that begins the buffer; `nil` while that cannot be known.
  private func length() throws(LinkFailure) -> Int? {
    guard buffer.count >= 2 else { return nil }
    if buffer[1] & ModbusFunction.exceptionBit != 0 { return 2 + RTUFrame.overhead }
    switch ModbusFunction(rawValue: buffer[1]) {
    case .writeMultipleRegisters: return 5 + RTUFrame.overhead
    case .readHoldingRegisters:
      guard buffer.count >= 3 else { return nil }
      return 2 + Int(buffer[2]) + RTUFrame.overhead
    case nil: throw .malformed("function \(buffer[1]) where \(request.function.rawValue) was asked")
    }
  }
}

extension ModbusRequest {
  /// Bytes of the request as a frame on a serial line.
  public var serialLength: Int {
    switch self {
    case .read: 5 + RTUFrame.overhead
    case .write(_, let values): 6 + 2 * values.count + RTUFrame.overhead
    }
  }

  /// Bytes of the reply that does what is asked.
  public var serialReplyLength: Int {
    switch self {
    case .read(_, let count): 2 + 2 * Int(count) + RTUFrame.overhead
    case .write: 5 + RTUFrame.overhead
    }
  }
}
