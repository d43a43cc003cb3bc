extension ModbusRequest {
  /// The registers that `reply` brings: those asked for by a read, none for a write. Everything the
  /// reply repeats of the request is compared, since a late reply to an earlier request looks right
  /// in all but one of these.
  ///
  /// - Throws: `exception` if the peer refused, `malformed` if the reply is not to this request.
  public func registers(
    in reply: ModbusFrame, transaction: UInt16, unit: UInt8
  ) throws(LinkFailure) -> [UInt16] {
    guard reply.transaction == transaction else {
      throw .malformed("transaction \(reply.transaction) where \(transaction) was asked")
    }
    guard reply.unit == unit else {
      throw .malformed("unit \(reply.unit) where \(unit) was asked")
    }
    guard reply.pdu[0] == function.rawValue else {
      throw refusal(in: reply.pdu)
    }
    switch self {
    case .read(_, let count): return try registersRead(in: reply.pdu, count: Int(count))
    case .write(let address, let values):
      guard reply.pdu == [function.rawValue] + address.bytes + UInt16(values.count).bytes else {
        throw .malformed("a write confirmed that is not \(values.count) registers at \(address)")
      }
      return []
    }
  }

  private func refusal(in pdu: [UInt8]) -> LinkFailure {
    guard pdu[0] == function.rawValue | ModbusFunction.exceptionBit else {
      return .malformed("function \(pdu[0]) where \(function.rawValue) was asked")
    }
    guard pdu.count == 2, pdu[1] != 0 else {
      return .malformed("an exception of \(pdu.count - 1) bytes, or with code 0")
    }
    return .exception(pdu[1])
  }

  private func registersRead(in pdu: [UInt8], count: Int) throws(LinkFailure) -> [UInt16] {
    guard pdu.count == 2 + count * 2, Int(pdu[1]) == count * 2 else {
      throw .malformed("\(pdu.count - 1) bytes after the function where \(1 + count * 2) are due")
    }
    return [UInt16](highByteFirst: pdu[2...])
  }
}
