/// What a detector counted and what was to be expected of it, gathered until the other detectors of its
/// approach have seen enough to be a witness.
///
/// Beside a quiet left turn that takes two hours at night and half an hour at noon, and a quarter in the
/// peak: a quarter of an hour alone would leave all but the peaks unjudged.
struct ShareWatch: Sendable, Equatable, Codable {
  /// Vehicles that the others must have been expected to have: of ten, seven to thirteen are usual.
  static let enough = 10.0

  /// What was expected longer ago tells nothing of now: quarters of an hour.
  static let longest = 8

  /// Vehicles counted.
  private(set) var counted = 0.0
  /// Vehicles that are usual, as the whole junction is.
  private(set) var expected = 0.0
  /// Vehicles that are usual, and the variance that is.
  private(set) var usual = 0.0
  private(set) var variance = 0.0
  /// What the other detectors of its approach had, and what is usual there.
  private var beside = 0.0
  private var besideUsual = 0.0
  private var quarters = 0

  /// Takes in a quarter of an hour.
  ///
  /// - Parameters:
  ///   - counted: Vehicles counted.
  ///   - usual: Vehicles that are usual.
  ///   - deviation: Their usual deviation.
  ///   - scale: What the whole junction had as a share of what is usual.
  ///   - beside: What the other detectors of its approach had, and what is usual there.
  mutating func add(
    _ counted: Double, usual: Double, deviation: Double, scale: Double,
    beside: (counted: Double, usual: Double)
  ) {
    if quarters >= Self.longest { self = ShareWatch() }
    quarters += 1
    self.counted += counted
    self.usual += usual
    expected += usual * scale
    variance += deviation * deviation
    self.beside += beside.counted
    besideUsual += beside.usual
  }

  /// What is to be expected by the junction and by the approach, the lesser first; `nil` while too few
  /// vehicles tell.
  var expectation: ClosedRange<Double>? {
    // Of fewer than four nobody knows within 20 % what is usual.
    guard besideUsual >= Self.enough, usual >= 4 else { return nil }
    let approach = usual * beside / besideUsual
    return min(expected, approach)...max(expected, approach)
  }
}
