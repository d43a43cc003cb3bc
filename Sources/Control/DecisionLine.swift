import Safety
public import Signals

extension Decision {
  /// The decision in one line, the same bytes for the same decision: what is compared when two runs
  /// are to be the same.
  ///
  /// - Parameter junction: The junction, whose stage names are used.
  /// - Returns: Time, rung, lease, plan, cost and reason, without a line feed.
  public func line(at junction: Intersection) -> String {
    let plan = order.map { checked in
      let entries = checked.plan.entries.map {
        "\(junction.stages[$0.stage].name)=\($0.green.count)"
      }
      return "\(checked.plan.takeover) \(entries.joined(separator: ","))"
    }
    return "\(at.utc.milliseconds) \(level) \(renewsLease ? "renew" : "lapse") \(plan ?? "-") "
      + "\(reason.cost.map { decimal($0, places: 3) } ?? "-") \(reason.text)"
  }
}
