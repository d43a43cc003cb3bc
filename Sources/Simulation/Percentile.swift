/// The smallest of `values` that at least `share` of them do not exceed (nearest rank); 0 of none.
func percentile(_ share: Double, of values: [Double]) -> Double {
  precondition(share > 0 && share <= 1, "a share of 0 to 1")
  guard !values.isEmpty else { return 0 }
  // 0.95 * 20 is a little above 19 in binary; without the slack the rank would be 20.
  let rank = (share * Double(values.count) - 1e-9).rounded(.up)
  return values.sorted()[min(values.count, max(1, Int(rank))) - 1]
}

/// How often each whole number came.
struct Tally: Sendable {
  private var counts: [Int] = []
  private var sum = 0
  private var samples = 0

  mutating func add(_ value: Int) {
    precondition(value >= 0, "numbers of vehicles are not negative")
    while counts.count <= value { counts.append(0) }
    counts[value] += 1
    sum += value
    samples += 1
  }

  var mean: Double { samples == 0 ? 0 : Double(sum) / Double(samples) }

  /// The smallest number that at least `share` of the samples do not exceed.
  func percentile(_ share: Double) -> Double {
    let rank = share * Double(samples) - 1e-9
    var passed = 0
    for (value, count) in counts.enumerated() {
      passed += count
      if Double(passed) >= rank && passed > 0 { return Double(value) }
    }
    return 0
  }
}
