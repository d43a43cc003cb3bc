/// A number for each lane group of a junction, in as many registers as it takes.
protocol LaneVector: Sendable {
  /// Lane groups it has room for.
  static var room: Int { get }
  /// Nothing everywhere.
  static var zero: Self { get }
  subscript(_ position: Int) -> Float { get set }
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func * (a: Self, b: Float) -> Self
  /// The numbers, those below zero replaced by zero.
  var drained: Self { get }
  /// The sum, always in the same order.
  var total: Float { get }
}

extension SIMD8<Float> {
  /// Sum by halves: the standard library's `sum()` adds one number after the other.
  @inline(__always)
  var halved: Float {
    let four = lowHalf + highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }
}

/// Room for 8 lane groups.
struct Lanes8: LaneVector {
  private var lanes: SIMD8<Float>

  static let room = 8
  @inline(__always) static var zero: Self { Self(lanes: SIMD8(repeating: 0)) }
  @inline(__always) private init(lanes: SIMD8<Float>) { self.lanes = lanes }

  @inline(__always) subscript(_ position: Int) -> Float {
    get { lanes[position] }
    set { lanes[position] = newValue }
  }
  @inline(__always) static func + (a: Self, b: Self) -> Self { Self(lanes: a.lanes + b.lanes) }
  @inline(__always) static func - (a: Self, b: Self) -> Self { Self(lanes: a.lanes - b.lanes) }
  @inline(__always) static func * (a: Self, b: Self) -> Self { Self(lanes: a.lanes * b.lanes) }
  @inline(__always) static func * (a: Self, b: Float) -> Self { Self(lanes: a.lanes * b) }
  @inline(__always) var drained: Self {
    Self(lanes: lanes.replacing(with: 0, where: lanes .< 0))
  }
  @inline(__always) var total: Float { lanes.halved }
}

/// Room for 16 lane groups.
struct Lanes16: LaneVector {
  private var lanes: SIMD16<Float>

  static let room = 16
  @inline(__always) static var zero: Self { Self(lanes: SIMD16(repeating: 0)) }
  @inline(__always) private init(lanes: SIMD16<Float>) { self.lanes = lanes }

  @inline(__always) subscript(_ position: Int) -> Float {
    get { lanes[position] }
    set { lanes[position] = newValue }
  }
  @inline(__always) static func + (a: Self, b: Self) -> Self { Self(lanes: a.lanes + b.lanes) }
  @inline(__always) static func - (a: Self, b: Self) -> Self { Self(lanes: a.lanes - b.lanes) }
  @inline(__always) static func * (a: Self, b: Self) -> Self { Self(lanes: a.lanes * b.lanes) }
  @inline(__always) static func * (a: Self, b: Float) -> Self { Self(lanes: a.lanes * b) }
  @inline(__always) var drained: Self {
    Self(lanes: lanes.replacing(with: 0, where: lanes .< 0))
  }
  @inline(__always) var total: Float { (lanes.lowHalf + lanes.highHalf).halved }
}

/// Room for 32 lane groups, in two halves: one vector of 32 numbers is compiled into scalar code.
struct Lanes32: LaneVector {
  private var low: Lanes16
  private var high: Lanes16

  static let room = 32
  @inline(__always) static var zero: Self { Self(low: .zero, high: .zero) }
  @inline(__always) private init(low: Lanes16, high: Lanes16) {
    self.low = low
    self.high = high
  }

  @inline(__always) subscript(_ position: Int) -> Float {
    get { position < 16 ? low[position] : high[position - 16] }
    set {
      if position < 16 { low[position] = newValue } else { high[position - 16] = newValue }
    }
  }
  @inline(__always) static func + (a: Self, b: Self) -> Self {
    Self(low: a.low + b.low, high: a.high + b.high)
  }
  @inline(__always) static func - (a: Self, b: Self) -> Self {
    Self(low: a.low - b.low, high: a.high - b.high)
  }
  @inline(__always) static func * (a: Self, b: Self) -> Self {
    Self(low: a.low * b.low, high: a.high * b.high)
  }
  @inline(__always) static func * (a: Self, b: Float) -> Self {
    Self(low: a.low * b, high: a.high * b)
  }
  @inline(__always) var drained: Self { Self(low: low.drained, high: high.drained) }
  @inline(__always) var total: Float { (low + high).total }
}
