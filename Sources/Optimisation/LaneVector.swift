/// A number for each lane group of a junction, in as many registers as it takes.
protocol LaneVector: Sendable {
  /// Lane groups it has room for.
  static var room: Int { get }
  /// One number everywhere.
  init(repeating value: Float)
  subscript(_ position: Int) -> Float { get set }
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func * (a: Self, b: Float) -> Self
  /// The greater of the numbers and `others`.
  func raised(to others: Self) -> Self
  /// The numbers added up to four.
  var folded: SIMD4<Float> { get }
}

extension LaneVector {
  /// Nothing everywhere.
  @inline(__always) static var zero: Self { Self(repeating: 0) }

  /// The numbers, those below zero replaced by zero.
  @inline(__always) var drained: Self { raised(to: .zero) }

  /// The sum, always in the same order. By halves: the standard library's `sum()` adds one number
  /// after the other.
  @inline(__always)
  var total: Float {
    let two = folded.lowHalf + folded.highHalf
    return two.x + two.y
  }
}

/// Room for 4 lane groups: one register of every processor. What is wider is made of these; of wider
/// vectors of the standard library the compiler makes scalar code wherever a sum follows.
struct Lanes4: LaneVector {
  private var lanes: SIMD4<Float>

  static let room = 4
  @inline(__always) init(repeating value: Float) { lanes = SIMD4(repeating: value) }
  @inline(__always) private init(lanes: SIMD4<Float>) { self.lanes = lanes }

  @inline(__always) subscript(_ position: Int) -> Float {
    get { lanes[position] }
    set { lanes[position] = newValue }
  }
  @inline(__always) static func + (a: Self, b: Self) -> Self { Self(lanes: a.lanes + b.lanes) }
  @inline(__always) static func - (a: Self, b: Self) -> Self { Self(lanes: a.lanes - b.lanes) }
  @inline(__always) static func * (a: Self, b: Self) -> Self { Self(lanes: a.lanes * b.lanes) }
  @inline(__always) static func * (a: Self, b: Float) -> Self { Self(lanes: a.lanes * b) }
  @inline(__always) func raised(to others: Self) -> Self {
    Self(lanes: lanes.replacing(with: others.lanes, where: lanes .< others.lanes))
  }
  @inline(__always) var folded: SIMD4<Float> { lanes }
}

/// Room for as many lane groups as two vectors have together.
struct LanePair<Low: LaneVector, High: LaneVector>: LaneVector {
  private var low: Low
  private var high: High

  static var room: Int { Low.room + High.room }
  @inline(__always) init(repeating value: Float) {
    low = Low(repeating: value)
    high = High(repeating: value)
  }
  @inline(__always) private init(low: Low, high: High) {
    self.low = low
    self.high = high
  }

  @inline(__always) subscript(_ position: Int) -> Float {
    get { position < Low.room ? low[position] : high[position - Low.room] }
    set {
      if position < Low.room {
        low[position] = newValue
      } else {
        high[position - Low.room] = newValue
      }
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
  @inline(__always) func raised(to others: Self) -> Self {
    Self(low: low.raised(to: others.low), high: high.raised(to: others.high))
  }
  @inline(__always) var folded: SIMD4<Float> { low.folded + high.folded }
}

/// Room for 8 lane groups.
typealias Lanes8 = LanePair<Lanes4, Lanes4>

/// Room for 12 lane groups: three a direction at a junction of four arms.
typealias Lanes12 = LanePair<Lanes8, Lanes4>

/// Room for 16 lane groups.
typealias Lanes16 = LanePair<Lanes8, Lanes8>

/// Room for 24 lane groups.
typealias Lanes24 = LanePair<Lanes12, Lanes12>

/// Room for 32 lane groups.
typealias Lanes32 = LanePair<Lanes16, Lanes16>
