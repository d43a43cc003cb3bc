/// Measured numbers in order of size.
package struct Sample: Sendable {
  private let values: [Double]

  /// At least one number.
  package init(_ values: [Double]) {
    precondition(!values.isEmpty, "a number")
    self.values = values.sorted()
  }

  /// How many there are.
  package var count: Int { values.count }

  /// The number below which `share` of all lie.
  package func quantile(_ share: Double) -> Double {
    values[min(values.count - 1, Int(share * Double(values.count)))]
  }

  /// The middle one.
  package var median: Double { quantile(0.5) }

  /// Their mean.
  package var mean: Double { values.reduce(0, +) / Double(values.count) }

  /// The greatest.
  package var most: Double { values[values.count - 1] }
}

/// Microseconds that `solve` takes for each of `problems`, `rounds` times over, after a round that
/// is not counted.
package func microseconds<Problem>(
  _ problems: [Problem], rounds: Int, solve: (Problem) -> Void
) -> Sample {
  let clock = ContinuousClock()
  for problem in problems { solve(problem) }
  var times: [Double] = []
  for _ in 0..<rounds {
    for problem in problems {
      let spent = clock.measure { solve(problem) }.components
      times.append(Double(spent.seconds) * 1e6 + Double(spent.attoseconds) / 1e12)
    }
  }
  return Sample(times)
}
