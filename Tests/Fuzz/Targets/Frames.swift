import Modbus

extension FuzzTarget {
  /// A stream of Modbus/TCP. The first byte says in which pieces it comes.
  static let frames = FuzzTarget("frames", longest: 600) { bytes in
    guard let first = bytes.first else { return }
    let stream = Array(bytes.dropFirst())
    let (frames, error) = decoded(stream, in: stream.count)
    let pieces = decoded(stream, in: 1 + Int(first % 16))
    try promise(frames == pieces.0 && error == pieces.1, "pieces of a stream change its frames")
    let again = frames.flatMap(\.bytes)
    try promise(stream.starts(with: again), "a frame has other bytes than those it came in")
    for frame in frames {
      try holdRequest(frame.pdu)
      try holdReply(frame)
    }
  }

  private static func decoded(
    _ stream: [UInt8], in size: Int
  ) -> ([ModbusFrame], ModbusFrameError?) {
    var decoder = ModbusFrameDecoder()
    var frames: [ModbusFrame] = []
    var rest = stream[...]
    while !rest.isEmpty {
      decoder.append(rest.prefix(size))
      rest = rest.dropFirst(size)
      do throws(ModbusFrameError) {
        while let frame = try decoder.next() { frames.append(frame) }
      } catch {
        return (frames, error)
      }
    }
    return (frames, nil)
  }

  /// What is taken for a request says the same bytes again.
  private static func holdRequest(_ pdu: [UInt8]) throws {
    guard let request = try? ModbusRequest(pdu: pdu) else { return }
    try promise(request.isSayable && request.pdu == pdu, "\(request) is not what was asked")
  }

  /// What is taken for the answer to a request is the one right answer to it.
  private static func holdReply(_ frame: ModbusFrame) throws {
    let pdu = frame.pdu
    let count = UInt16(max(1, min(125, (pdu.count - 2) / 2)))
    let read = ModbusRequest.read(address: 7, count: count)
    if let registers = try? read.registers(
      in: frame, transaction: frame.transaction, unit: frame.unit)
    {
      let bytes = registers.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
      try promise(pdu == [3, UInt8(count * 2)] + bytes, "registers that were not in the answer")
    }
    let values = [UInt16](repeating: 9, count: pdu.count > 4 ? max(1, Int(pdu[4]) % 124) : 1)
    let write = ModbusRequest.write(address: 400, values: values)
    if (try? write.registers(in: frame, transaction: frame.transaction, unit: frame.unit)) != nil {
      try promise(pdu == [16, 1, 144, 0, UInt8(values.count)], "a write confirmed that was not")
    }
    for other in [frame.transaction &+ 1, frame.transaction &- 1] {
      let isTaken = (try? read.registers(in: frame, transaction: other, unit: frame.unit)) != nil
      try promise(!isTaken, "an answer to another request is taken")
    }
  }
}
