/// The `degree`-th root of `value` ≥ 0, by Halley's iteration: the standard library offers the square
/// root alone, and libm's `pow` is not reachable without the whole of Glibc.
@inline(__always)
func root(_ degree: Int, of value: Double) -> Double {
  guard value >= .leastNormalMagnitude else { return 0 }
  precondition(value.isFinite && degree >= 1, "a root of a finite number")
  // With value = 2^n (1 + m) its root is 2^(n / degree) (1 + m)^(1 / degree); logarithm and power of
  // two by parabolas, so that the first guess is within a hundredth. Each step cubes that.
  let order = Double(degree)
  let exponent = Int(value.bitPattern >> 52) - 1023
  let mantissa = Double(bitPattern: value.bitPattern & (1 << 52 - 1) | 1023 << 52) - 1
  let logarithm = (Double(exponent) + mantissa * (1.3465 - 0.3465 * mantissa)) / order
  let whole = Int(logarithm) - (logarithm < 0 ? 1 : 0)
  let part = logarithm - Double(whole)
  let scale = Double(bitPattern: UInt64(whole + 1023) << 52)
  var guess = scale * (1 + part * (0.6565 + 0.3435 * part))
  for _ in 0..<2 {
    let reached = power(guess, degree)
    guess *=
      ((order - 1) * reached + (order + 1) * value) / ((order + 1) * reached + (order - 1) * value)
  }
  return guess
}

/// `base` to a whole `exponent` ≥ 0, by repeated squaring.
@inline(__always)
func power(_ base: Double, _ exponent: Int) -> Double {
  var result = 1.0
  var square = base
  var left = exponent
  while left > 0 {
    if left & 1 == 1 { result *= square }
    square *= square
    left >>= 1
  }
  return result
}
