/// A random source that gives the same numbers for the same seed on every machine: SplitMix64
/// (Steele, Lea, Flood 2014), since the standard library has only the system's.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A source whose whole output follows from `seed`.
  public init(seed: UInt64) { state = seed }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A number in [0, 1), of 53 random bits.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
