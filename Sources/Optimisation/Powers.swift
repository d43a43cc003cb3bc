/// The `degree`-th root of `value` ≥ 0, by Newton's iteration: the standard library offers the
/// square root alone, and libm's `pow` is not reachable without the whole of Glibc.
func root(_ degree: Int, of value: Double) -> Double {
  guard value > 0 else { return 0 }
  precondition(value.isFinite && degree >= 1, "a root of a finite number")
  // From above the iteration falls monotonically, so the first step that does not is the end.
  var guess = max(1, value)
  let order = Double(degree)
  while true {
    let next = ((order - 1) * guess + value / power(guess, degree - 1)) / order
    guard next < guess else { return guess }
    guess = next
  }
}

/// `base` to a whole `exponent` ≥ 0, by repeated squaring.
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
