import Glibc

/// A scale from 0 on, or on both sides of it, with round steps.
struct Axis {
  /// Its ends, multiples of `step`.
  let lower: Double
  let upper: Double
  let step: Double

  /// A scale that holds `values` and 0 in some `parts` parts.
  init(_ values: [Double], parts: Double = 4) {
    // Beyond a billion nothing is a time or a queue, and arithmetic on it would not be safe.
    let known = values.filter { abs($0) < 1e9 }
    let low = min(0, known.min() ?? 0)
    let high = max(0, known.max() ?? 0)
    let raw = max(high - low, 1e-9) / parts
    let power = pow(10, log10(raw).rounded(.down))
    let factor = [1.0, 2, 5, 10].first { $0 * power >= raw * 0.999 } ?? 10
    step = high - low > 1e-9 ? factor * power : 1
    lower = (low / step + 1e-9).rounded(.down) * step
    upper = max((high / step - 1e-9).rounded(.up) * step, lower + step)
  }

  /// The places of its marks.
  var ticks: [Double] {
    (0...Int(((upper - lower) / step).rounded())).map { lower + Double($0) * step }
  }

  /// Where `value` lies, 0 at the lower and 1 at the upper end.
  func share(_ value: Double) -> Double { (value - lower) / (upper - lower) }
}

/// `value` as a length in a drawing: two places are finer than any screen.
func place(_ value: Double) -> String { number(value, places: 2) }

/// "07:10" of seconds since some midnight.
func clock(_ seconds: Double) -> String {
  // Whatever a file says, the day has 24 hours.
  let minutes = Int((seconds.truncatingRemainder(dividingBy: 86_400) / 60).rounded(.down))
  let minute = (minutes + 1440) % 1440
  func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
  return "\(two(minute / 60)):\(two(minute % 60))"
}
