import Signals

/// The thresholds of the checks of detectors, the standard one for each that is left out; `nil` if one
/// cannot be read.
func readHealth(_ field: Field) -> HealthLimits? {
  guard let table = field.table(Schema.health) else { return nil }
  var limits = HealthLimits()
  var isWhole = true
  for threshold in thresholds {
    guard let field = table[threshold.key] else { continue }
    guard let value = threshold.value(field) else {
      isWhole = false
      continue
    }
    limits[keyPath: threshold.path] = value
  }
  if isWhole, limits.ratioLeast >= limits.ratioMost {
    field.report("ratio_least is not below ratio_most; write, say, 2 m and 20 m")
    return nil
  }
  return isWhole ? limits : nil
}

/// One key of `detector_health`.
private struct Threshold {
  let key: String
  let path: WritableKeyPath<HealthLimits, Double>
  /// The unit it is written with; `nil` for a number.
  let unit: Unit?
  let range: ClosedRange<Double>

  init(
    _ key: String, _ path: WritableKeyPath<HealthLimits, Double>, _ unit: Unit?,
    _ range: ClosedRange<Double>
  ) {
    (self.key, self.path, self.unit, self.range) = (key, path, unit, range)
  }

  func value(_ field: Field) -> Double? {
    unit.map { field.quantity($0, in: range) } ?? field.number(in: range)
  }
}

private var thresholds: [Threshold] {
  [
    Threshold("missing_intervals", \.missingIntervals, nil, 1...100),
    Threshold("missing_fault", \.missingFault, .second, 10...3600),
    Threshold("zero_by_day", \.zeroByDay, .second, 60...86_400),
    Threshold("zero_by_night", \.zeroByNight, .second, 60...86_400),
    Threshold("zero_expected", \.zeroExpected, nil, 1...1000),
    Threshold("zero_certain", \.zeroCertain, nil, 5...1000),
    Threshold("stuck_occupancy", \.stuckOccupancy, nil, 0.5...1),
    Threshold("stuck_time", \.stuckTime, .second, 60...86_400),
    Threshold("chatter_per_minute", \.chatterPerMinute, nil, 10...600),
    Threshold("chatter_capacity", \.chatterCapacity, nil, 1...10),
    Threshold("range_flow", \.rangeFlow, .vehiclePerHour, 500...20_000),
    Threshold("range_speed", \.rangeSpeed, .kilometrePerHour, 50...500),
    Threshold("constant_intervals", \.constantIntervals, nil, 3...1000),
    Threshold("constant_green", \.constantGreen, .second, 5...600),
    Threshold("ratio_least", \.ratioLeast, .metre, 0.5...20),
    Threshold("ratio_most", \.ratioMost, .metre, 5...100),
    Threshold("balance_tolerance", \.balanceTolerance, nil, 0.05...10),
    Threshold("profile_deviations", \.profileDeviations, nil, 1...100),
    Threshold("profile_quarters", \.profileQuarters, nil, 1...96),
    Threshold("condition_reliability", \.conditionReliability, nil, 0...1),
    Threshold("recovery", \.recovery, .second, 0...3600),
  ]
}
