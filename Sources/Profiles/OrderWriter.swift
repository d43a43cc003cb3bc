public import Cabinets
import Signals

/// Writes one order, or renews its lease, by the steps of a profile: the next request, what came, the
/// outcome. One request is outstanding at a time.
///
/// Any failure ends it: after a write without an answer the make cannot be asked what became of it, so
/// the caller begins anew with the whole sequence, or lets the lease lapse.
public struct OrderWriter: Sendable {
  /// What became of the order.
  public enum Outcome: Sendable, Equatable {
    /// It is being written.
    case writing
    /// All steps are done.
    case done
    /// The cabinet refused it: the point that told so, and what it held.
    case refused(point: String, value: UInt32)
    /// What was read back is not what was written.
    case differs(block: String)
    /// A point did not come to what was waited for.
    case late(point: String)
    /// A request brought nothing.
    case failed(CabinetFailure)
  }

  private enum Action {
    case write(Int, [UInt16])
    case compare(Int, [UInt16], block: String)
    case wait(CabinetProfile.Point, values: [UInt32], refused: [UInt32], seconds: Double)
    case pause(Double)
  }

  /// What became of the order so far.
  public private(set) var outcome = Outcome.writing

  private let pause: Double
  private var actions: [Action]
  private var position = 0
  /// When the next request is due, seconds on the monotonic scale; `nil` if now.
  private(set) var notBefore: Double?
  private var deadline: Double?
  private var isAsking = false

  /// Seconds between two looks at a point that is waited for.
  static let pollInterval = 0.2

  /// The steps that bring `order`.
  ///
  /// - Throws: What the make cannot say of it; nothing was written then.
  public init(_ profile: CabinetProfile, order: OrderValues) throws(PointError) {
    try self.init(profile, profile.order, order)
  }

  /// The steps that renew the lease of `order`.
  public init(_ profile: CabinetProfile, renewing order: OrderValues) throws(PointError) {
    try self.init(profile, profile.renewal, order)
  }

  private init(
    _ profile: CabinetProfile, _ steps: [CabinetProfile.Step], _ order: OrderValues
  ) throws(PointError) {
    pause = profile.pause
    actions = try Self.actions(steps, of: profile, order, entry: 0)
    if actions.isEmpty { outcome = .done }
  }

  private static func actions(
    _ steps: [CabinetProfile.Step], of profile: CabinetProfile, _ order: OrderValues, entry: Int
  ) throws(PointError) -> [Action] {
    var actions: [Action] = []
    for step in steps {
      switch step {
      case .write(let block):
        let first = profile.blocks[block].registers.lowerBound
        let all = try profile.registers(of: block, for: order, entry: entry)
        for start in stride(from: 0, to: all.count, by: profile.longestWrite) {
          let end = min(start + profile.longestWrite, all.count)
          actions.append(.write(first + start, Array(all[start..<end])))
        }
      case .readBack(let block):
        let first = profile.blocks[block].registers.lowerBound
        let all = try profile.registers(of: block, for: order, entry: entry)
        for start in stride(from: 0, to: all.count, by: profile.longestRead) {
          let end = min(start + profile.longestRead, all.count)
          let name = profile.blocks[block].name
          actions.append(.compare(first + start, Array(all[start..<end]), block: name))
        }
      case .set(let point, let number), .store(let point, let number),
        .commit(let point, let number):
        let point = profile.points[point]
        actions.append(.write(point.address, try point.words(Int(number))))
      case .wait(let point, let values, let refused, let seconds):
        actions.append(
          .wait(profile.points[point], values: values, refused: refused, seconds: seconds))
      case .pause(let seconds): actions.append(.pause(seconds))
      case .eachEntry(let inner):
        for entry in order.plan.entries.indices {
          actions += try Self.actions(inner, of: profile, order, entry: entry)
        }
      }
    }
    return actions
  }

  /// The next request at `time`, seconds on the monotonic scale; `nil` if none is due, or one is
  /// outstanding, or all is over.
  public mutating func nextRequest(at time: Double) -> CabinetRequest? {
    while outcome == .writing, !isAsking {
      if let notBefore, time < notBefore { return nil }
      switch actions[position] {
      case .pause(let seconds):
        advance(resting: seconds, at: time)
        continue
      case .write(let address, let values):
        isAsking = true
        return .write(address: UInt16(address), values: values)
      case .compare(let address, let values, _):
        isAsking = true
        return .read(address: UInt16(address), count: UInt16(values.count))
      case .wait(let point, _, _, let seconds):
        deadline = deadline ?? time + seconds
        isAsking = true
        let registers = point.registers()
        return .read(address: UInt16(registers.lowerBound), count: UInt16(registers.count))
      }
    }
    return nil
  }

  /// The registers that answer the outstanding request; none for a write.
  public mutating func received(_ registers: [UInt16], at time: Double) {
    guard isAsking else { return }
    isAsking = false
    switch actions[position] {
    case .write, .pause: advance(resting: pause, at: time)
    case .compare(_, let values, let block):
      guard registers == values else { return outcome = .differs(block: block) }
      advance(resting: pause, at: time)
    case .wait(let point, let values, let refused, _):
      guard registers.count == point.registers().count else {
        return outcome = .failed(
          .malformed(
            .length(
              block: point.name, found: registers.count, expected: point.registers().count)))
      }
      let found = UInt32(point.raw(registers[...]))
      if values.contains(found) { return advance(resting: pause, at: time) }
      if refused.contains(found) { return outcome = .refused(point: point.name, value: found) }
      if let deadline, time >= deadline { return outcome = .late(point: point.name) }
      notBefore = time + max(pause, Self.pollInterval)
    }
  }

  /// The outstanding request brought nothing.
  public mutating func failed(_ failure: CabinetFailure) {
    guard isAsking else { return }
    isAsking = false
    outcome = .failed(failure)
  }

  private mutating func advance(resting seconds: Double, at time: Double) {
    position += 1
    deadline = nil
    notBefore = seconds > 0 ? time + seconds : nil
    if position == actions.count { outcome = .done }
  }

  /// Every request of it, in order, each point that is waited for read once.
  public var requests: [CabinetRequest] {
    actions.compactMap { action in
      switch action {
      case .write(let address, let values): .write(address: UInt16(address), values: values)
      case .compare(let address, let values, _):
        .read(address: UInt16(address), count: UInt16(values.count))
      case .wait(let point, _, _, _):
        .read(address: UInt16(point.address), count: UInt16(point.registers().count))
      case .pause: nil
      }
    }
  }

  /// Every write of it, in order, as Modbus protocol data units (function 0x10).
  public var frames: [[UInt8]] {
    actions.compactMap { action in
      guard case .write(let address, let values) = action else { return nil }
      let head = [
        0x10, UInt8(address >> 8), UInt8(address & 0xFF), UInt8(values.count >> 8),
        UInt8(values.count & 0xFF), UInt8(values.count * 2),
      ]
      return head + values.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    }
  }
}
