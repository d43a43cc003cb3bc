public import Measures

extension DayComparison {
  /// What may be said of a difference.
  public enum Claim: String, Sendable, Encodable {
    /// Less under greensplit; the interval leaves out zero.
    case less
    /// More under greensplit; the interval leaves out zero.
    case more
    /// The interval holds zero: it may be chance.
    case uncertain
    /// Fewer pairs than `leastPairs`.
    case tooFewPairs
    /// Nearly always the same regime came first: what changed with time cannot be told from it.
    case notAlternated
    /// Nothing was measured on both days of any pair.
    case notMeasured
  }

  /// One measure under greensplit beside the fixed plan: means over pairs of days.
  public struct Difference: Sendable, Encodable {
    /// Which.
    public let measure: ComparedMeasure
    /// Pairs of days on both of which it was measured.
    public let pairs: Int
    /// Mean of the days under greensplit; `nil` without a pair.
    public let adaptive: Double?
    /// Mean of the days under the fixed plan; `nil` without a pair.
    public let fixed: Double?
    /// Mean of `adaptive` - `fixed`; `nil` without a pair.
    public let difference: Double?
    /// Half the width of its 95 % confidence interval (Student's t over the differences of pairs, NIST/SEMATECH
    /// e-Handbook 7.3.1.1); `nil` of fewer than `leastPairs`.
    public let half: Double?
    /// The differences of the pairs, by time.
    public let values: [Double]
    /// What may be said.
    public let claim: Claim

    private enum CodingKeys: String, CodingKey {
      case measure, pairs, adaptive, fixed, difference, half, values, claim
    }

    /// What came of `pairs`.
    init(
      _ measure: ComparedMeasure,
      _ pairs: [(adaptive: Double, fixed: Double, isAdaptiveFirst: Bool)]
    ) {
      self.measure = measure
      self.pairs = pairs.count
      let values = pairs.map { $0.adaptive - $0.fixed }
      self.values = values.map(rounded)
      let number = Double(pairs.count)
      adaptive = pairs.isEmpty ? nil : rounded(pairs.reduce(0) { $0 + $1.adaptive } / number)
      fixed = pairs.isEmpty ? nil : rounded(pairs.reduce(0) { $0 + $1.fixed } / number)
      let paired = PairedDifference(values)
      difference = paired.map { rounded($0.mean) }
      let isEnough = pairs.count >= DayComparison.leastPairs
      half = isEnough ? paired?.half.map(rounded) : nil
      let first = pairs.count { $0.isAdaptiveFirst }
      switch paired {
      case nil: claim = .notMeasured
      case _ where !isEnough: claim = .tooFewPairs
      // A quarter of the pairs at least begins with the other one.
      case _ where min(first, pairs.count - first) * 4 < pairs.count: claim = .notAlternated
      case let paired? where paired.isCertain == true: claim = paired.mean < 0 ? .less : .more
      default: claim = .uncertain
      }
    }

    /// What is missing is written as `null`.
    public func encode(to encoder: any Encoder) throws {
      var fields = encoder.container(keyedBy: CodingKeys.self)
      try fields.encode(measure, forKey: .measure)
      try fields.encode(pairs, forKey: .pairs)
      try fields.encode(adaptive, forKey: .adaptive)
      try fields.encode(fixed, forKey: .fixed)
      try fields.encode(difference, forKey: .difference)
      try fields.encode(half, forKey: .half)
      try fields.encode(values, forKey: .values)
      try fields.encode(claim, forKey: .claim)
    }
  }
}

/// Four places: shares are known to a hundredth of a per cent at best.
private func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
