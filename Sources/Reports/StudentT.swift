import Glibc

/// The mean of paired differences and how far it can be trusted.
public struct PairedDifference: Sendable, Equatable {
  /// Number of pairs.
  public let pairs: Int
  /// Mean difference.
  public let mean: Double
  /// Half the width of the 95 % confidence interval; `nil` with fewer than two pairs.
  public let half: Double?

  /// The mean of `differences` with Student's interval, which takes them for independent draws of a
  /// normal distribution; `nil` of none.
  public init?(_ differences: [Double]) {
    guard !differences.isEmpty else { return nil }
    let number = Double(differences.count)
    pairs = differences.count
    mean = differences.reduce(0, +) / number
    guard differences.count > 1 else {
      half = nil
      return
    }
    let center = mean
    let squares = differences.reduce(0) { $0 + ($1 - center) * ($1 - center) }
    let error = (squares / (number - 1) / number).squareRoot()
    half = studentQuantile(0.975, freedom: number - 1) * error
  }

  /// Whether the interval leaves out zero; `nil` if there is none.
  public var isCertain: Bool? { half.map { abs(mean) > $0 } }
}

/// The quantile of Student's t distribution: P(T <= t) = `share`.
///
/// By bisection over the incomplete beta function: Abramowitz and Stegun 26.7.1, 26.5.8.
///
/// - Parameters:
///   - share: 0.5 ..< 1.
///   - freedom: Degrees of freedom, at least 1.
/// - Returns: t.
public func studentQuantile(_ share: Double, freedom: Double) -> Double {
  precondition((0.5..<1).contains(share) && freedom >= 1, "an upper quantile")
  var (low, high) = (0.0, 1.0)
  while studentShare(high, freedom: freedom) < share { high *= 2 }
  for _ in 0..<100 {
    let middle = (low + high) / 2
    if studentShare(middle, freedom: freedom) < share { low = middle } else { high = middle }
  }
  return (low + high) / 2
}

/// P(T <= `t`) for `t` >= 0.
private func studentShare(_ t: Double, freedom: Double) -> Double {
  1 - incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
}

/// The regularised incomplete beta function I_x(a, b).
private func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  guard x > 0 else { return 0 }
  guard x < 1 else { return 1 }
  let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
  // The continued fraction converges fast below the mean, the mirrored one above it.
  guard x < (a + 1) / (a + b + 2) else { return 1 - front * fraction(1 - x, b, a) / b }
  return front * fraction(x, a, b) / a
}

/// The continued fraction of the incomplete beta function, by Lentz's method.
private func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
  let tiny = 1e-300
  func kept(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
  var c = 1.0
  var d = 1 / kept(1 - (a + b) * x / (a + 1))
  var result = d
  for step in 1...300 {
    let m = Double(step)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / kept(1 + even * d)
    c = kept(1 + even / c)
    result *= d * c
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / kept(1 + odd * d)
    c = kept(1 + odd / c)
    result *= d * c
    if abs(d * c - 1) < 1e-15 { break }
  }
  return result
}
