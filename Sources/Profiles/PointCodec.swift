public import Signals

/// Why a value cannot be said in a point.
public struct PointError: Error, Sendable, Equatable, CustomStringConvertible {
  /// For the person who must act: which point, which value, what it can hold.
  public let description: String
}

extension CabinetProfile.Point {
  /// A duration as the point counts it; an error if it has no such number.
  func raw(_ time: Tenths) throws(PointError) -> Int {
    let thousandths = time.count * 100
    guard unit == "s", step > 0, thousandths % step == 0 else {
      throw PointError(description: "\(name): \(time) is no whole number of its steps")
    }
    return thousandths / step
  }

  /// The duration that the point counts as `raw`, to the tenth below.
  func time(_ raw: Int) -> Tenths { Tenths(raw * step / 100) }

  /// The registers of a value.
  func words(_ raw: Int) throws(PointError) -> [UInt16] {
    let most = kind == .u32 ? Int(UInt32.max) : Int(UInt16.max)
    guard (0...most).contains(raw) else {
      throw PointError(description: "\(name): \(raw) does not fit; it holds 0 to \(most)")
    }
    guard kind == .u32 else { return [UInt16(raw)] }
    let words = [UInt16(raw >> 16), UInt16(raw & 0xFFFF)]
    return isHighWordFirst ? words : words.reversed()
  }

  /// The value of its registers, as many as it has.
  func raw(_ words: ArraySlice<UInt16>) -> Int {
    let ordered = isHighWordFirst ? Array(words) : words.reversed()
    return ordered.reduce(0) { $0 << 16 | Int($1) }
  }
}

/// What is to be said in an order.
public struct OrderValues: Sendable, Equatable {
  /// The plan.
  public let plan: TimingPlan
  /// Epoch of whoever orders.
  public let epoch: UInt32
  /// Number of the order.
  public let sequence: UInt32
  /// Lease, seconds.
  public let leaseSeconds: Int
  /// Differs with each renewal.
  public let beat: UInt16

  /// An order of a plan, or its renewal.
  public init(
    plan: TimingPlan, epoch: UInt32, sequence: UInt32, leaseSeconds: Int, beat: UInt16 = 0
  ) {
    self.plan = plan
    self.epoch = epoch
    self.sequence = sequence
    self.leaseSeconds = leaseSeconds
    self.beat = beat
  }
}
