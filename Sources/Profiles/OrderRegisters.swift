import Cabinets
import Signals

extension CabinetProfile {
  /// The registers of a block for an order; `entry` is the entry that slots speak of.
  ///
  /// - Throws: What the make cannot say.
  public func registers(
    of block: Int, for order: OrderValues, entry: Int = 0
  ) throws(PointError) -> [UInt16] {
    let range = blocks[block].registers
    var registers = [UInt16](repeating: 0, count: range.count)
    for point in points(of: block) where point.value != .crc32 {
      let isRow = point.count > 1 && point.value?.isOfEntry == true
      let entries = order.plan.entries.count
      guard !isRow || entries <= point.count else {
        throw PointError(description: "\(point.name): \(entries) entries, it has \(point.count)")
      }
      for position in 0..<(isRow ? entries : 1) {
        let raw = try raw(of: point, order, entry: isRow ? position : entry)
        let first = point.registers(position).lowerBound - range.lowerBound
        for (offset, word) in try point.words(raw).enumerated() { registers[first + offset] = word }
      }
    }
    // A checksum stands behind what it vouches for.
    for point in points(of: block) where point.value == .crc32 {
      let first = point.address - range.lowerBound
      let sum = Int(Checksum.crc32(registers[..<first]))
      for (offset, word) in try point.words(sum).enumerated() { registers[first + offset] = word }
    }
    return registers
  }

  private func raw(
    of point: Point, _ order: OrderValues, entry: Int
  ) throws(PointError) -> Int {
    if let constant = point.constant { return Int(constant) }
    let plan = order.plan
    guard let value = point.value else { return 0 }
    guard !value.isOfEntry || plan.entries.indices.contains(entry) else {
      throw PointError(description: "\(point.name): the plan has no entry \(entry + 1)")
    }
    switch value {
    case .epoch: return Int(order.epoch)
    case .sequence: return Int(order.sequence)
    case .entries: return plan.entries.count
    case .cycle: return try point.raw(plan.cycle ?? .zero)
    case .offset: return try point.raw(plan.offset)
    case .apply: return Int(plan.takeover.rawValue)
    case .lease: return try point.raw(.seconds(order.leaseSeconds))
    case .operation: return Int(PlanOperation.activate.rawValue)
    case .key: return 0xA55A ^ Int(order.sequence & 0xFFFF)
    case .beat: return Int(order.beat)
    case .entry: return entry + 1
    case .stage: return plan.entries[entry].stage + 1
    case .green: return try point.raw(plan.entries[entry].green)
    case .longestGreen: return try point.raw(plan.entries[entry].longestGreen)
    case .planID, .crc32, .runningStage, .source, .stored, .outcome, .leaseLeft: return 0
    }
  }
}
