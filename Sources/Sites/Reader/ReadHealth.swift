import Signals

/// The thresholds of the checks of detectors, the standard one for each that is left out; `nil` if one
/// cannot be read.
func readHealth(_ field: Field) -> HealthLimits? {
  guard let table = field.table() else { return nil }
  var limits = HealthLimits()
  var isWhole = true
  for threshold in thresholds {
    guard let field = table[threshold.key] else { continue }
    guard let value = field.number() else {
      isWhole = false
      continue
    }
    limits[keyPath: threshold.path] = value
  }
  if isWhole, limits.ratioLeast >= limits.ratioMost {
    field.report(
      "ratio_least is not below ratio_most; write, say, 2 m and 20 m",
      "ratio_least 不小于 ratio_most；例如写 2 m 和 20 m")
    return nil
  }
  return isWhole ? limits : nil
}

/// Where each key of `detector_health` goes.
private var thresholds: [(key: String, path: WritableKeyPath<HealthLimits, Double>)] {
  [
    ("missing_intervals", \.missingIntervals),
    ("missing_fault", \.missingFault),
    ("zero_by_day", \.zeroByDay),
    ("zero_by_night", \.zeroByNight),
    ("zero_expected", \.zeroExpected),
    ("zero_certain", \.zeroCertain),
    ("stuck_occupancy", \.stuckOccupancy),
    ("stuck_time", \.stuckTime),
    ("chatter_per_minute", \.chatterPerMinute),
    ("chatter_capacity", \.chatterCapacity),
    ("range_flow", \.rangeFlow),
    ("range_speed", \.rangeSpeed),
    ("constant_intervals", \.constantIntervals),
    ("constant_green", \.constantGreen),
    ("ratio_least", \.ratioLeast),
    ("ratio_most", \.ratioMost),
    ("balance_tolerance", \.balanceTolerance),
    ("profile_deviations", \.profileDeviations),
    ("profile_quarters", \.profileQuarters),
    ("share_tolerance", \.shareTolerance),
    ("loop_tolerance", \.loopTolerance),
    ("drift_vehicles", \.driftVehicles),
    ("discharge_least", \.dischargeLeast),
    ("discharge_most", \.dischargeMost),
    ("condition_reliability", \.conditionReliability),
    ("recovery", \.recovery),
  ]
}
