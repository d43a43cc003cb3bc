/// Gathers requests from a serial line on the device's side.
///
/// A frame ends where its function says; what makes no frame, other devices' replies among it, is
/// passed over until the line is silent, which the caller tells by a new value.
struct RTURequest {
  private var buffer: [UInt8] = []
  private var isLost = false

  /// Whether nothing is held of a frame.
  var isEmpty: Bool { buffer.isEmpty && !isLost }

  /// Takes the next bytes.
  mutating func append(_ bytes: [UInt8]) { if !isLost { buffer += bytes } }

  /// The next whole frame; `nil` if more bytes are needed, or the rest is none.
  mutating func next() -> RTUFrame? {
    guard !isLost, let length, buffer.count >= length else { return nil }
    guard let frame = RTUFrame(bytes: buffer[..<length]) else {
      (buffer, isLost) = ([], true)
      return nil
    }
    buffer.removeFirst(length)
    return frame
  }

  /// Length of the request that begins the buffer; `nil` while that cannot be known.
  private var length: Int? {
    guard buffer.count >= 2 else { return nil }
    guard buffer[1] == ModbusFunction.writeMultipleRegisters.rawValue else {
      // All single reads and writes, 0x01 to 0x06, have this length; others are not known here.
      return 5 + RTUFrame.overhead
    }
    return buffer.count >= 7 ? 6 + Int(buffer[6]) + RTUFrame.overhead : nil
  }
}
