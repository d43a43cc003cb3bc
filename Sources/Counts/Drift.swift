/// Whether counts have left what was to be expected of them: the cumulative sum for counted data (Page,
/// Biometrika 41, 1954; Lucas, Technometrics 27, 1985).
///
/// What lies within a tolerance lets the sums fall, what lies beyond lets one grow by the vehicles that are
/// missing or too many. So a large error is found soon and a small one late, and few vehicles prove
/// nothing. What was found is believed to be over when its sum has fallen to nothing again.
struct Drift: Sendable, Equatable, Codable {
  /// To which side counts have left.
  enum Side: String, Sendable, Codable {
    case few
    case many
  }

  /// The sums do not grow beyond so many times what finds a drift: it is forgotten in due time.
  private static let most = 1.5

  /// Vehicles missing beyond the tolerance, and vehicles too many.
  private(set) var few = 0.0
  private(set) var many = 0.0

  /// What was found; `nil`: nothing.
  private(set) var side: Side?

  /// What was counted and expected lately, each span half of the one after it.
  private var counted = 0.0
  private var expected = 0.0

  /// What was counted lately as a share of what was expected.
  var ratio: Double { expected > 0 ? counted / expected : 1 }

  /// The share in whole per cent, for people.
  var percent: String { "\(Int((min(ratio, 99) * 100).rounded())) %" }

  /// Takes in a stretch of time.
  ///
  /// - Parameters:
  ///   - number: Vehicles counted.
  ///   - expectation: Vehicles expected, from the least to the most that there is reason for.
  ///   - allowed: What a count may be as a share of what was expected.
  ///   - spread: Variance of what is counted, as a multiple of a Poisson number's.
  ///   - limit: Vehicles beyond the tolerance that find a drift.
  mutating func note(
    _ number: Double, of expectation: ClosedRange<Double>, allowed: ClosedRange<Double>,
    spread: Double = 1, limit: Double
  ) {
    let (least, most) = (expectation.lowerBound, expectation.upperBound)
    let top = Self.most * limit
    let width = max(1, spread)
    few = min(top, max(0, few + (allowed.lowerBound * least - number) / width))
    many = min(top, max(0, many + (number - allowed.upperBound * most) / width))
    counted = counted / 2 + number
    expected = expected / 2 + (least + most) / 2
    switch side {
    case .few where few == 0, .many where many == 0: side = nil
    case .few, .many: break
    case nil: side = few >= limit ? .few : many >= limit ? .many : nil
    }
  }
}
