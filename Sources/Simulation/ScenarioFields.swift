import Sites

extension Field {
  /// Seconds since local midnight of a time such as `07:00`.
  func secondOfDay() -> Double? { timeOfDay().map { Double($0) * 60 } }

  /// A flow over time: a list of points `{at: 07:00, flow: 400 veh/h}` in the order of time.
  func profile(_ unit: Unit) -> FlowProfile? {
    guard let entries = list(count: 1...1000) else { return nil }
    var points: [FlowProfile.Point] = []
    for entry in entries {
      let keys: [Key] = [
        .required("at", "07:00"), .required("flow", "400 \(unit.rawValue)"),
      ]
      let table = entry.table(keys)
      let at = table?["at"]?.secondOfDay()
      // More than eight lanes can discharge; a longer number is a slip.
      let flow = table?["flow"]?.quantity(unit, in: 0...20_000)
      guard let at, let flow else { continue }
      if let last = points.last, last.at >= at {
        table?["at"]?.report(
          "is not later than the point before; write points in order of time",
          "不晚于前一点；请按时间顺序写")
        continue
      }
      points.append(FlowProfile.Point(at: at, flow: flow))
    }
    return points.count == entries.count ? FlowProfile(points) : nil
  }
}
