import Signals

/// The checks that set what a detector counts against another witness: its neighbours, the junction
/// upstream, the cabinet's loops, and its own queue. Each takes in a quarter of an hour, and says what the
/// sums of `Drift` have found.
extension HealthChecks {
  /// Takes in what the detector had of the junction's traffic, set against its usual share.
  ///
  /// Two witnesses must agree: its own approach and the whole junction. A closed road or a crowd changes
  /// an approach, a holiday or a storm the junction; a camera that misses half changes neither.
  ///
  /// - Parameters:
  ///   - watch: The detector.
  ///   - context: What is usual here now, and how the junction is.
  ///   - beside: What the other detectors of its approach had, and what is usual there.
  static func noteShare(
    _ watch: inout DetectorWatch, _ context: HealthContext,
    beside: (counted: Double, usual: Double)
  ) {
    let quarter = watch.quarter
    // A junction that is unlike itself proves nothing, nor does a camera that says it sees badly.
    guard let usual = context.usual, quarter.seconds >= 800, !watch.hasCondition,
      HealthMonitor.likeItself.contains(context.scale)
    else { return watch.shares = ShareWatch() }
    let hours = quarter.seconds / 3600
    // A normal number's median absolute deviation is 0.67 of its standard deviation.
    watch.shares.add(
      quarter.pcu, usual: usual.flow * hours, deviation: usual.deviation * hours / 0.67,
      scale: context.scale, beside: beside)
    let gathered = watch.shares
    guard let expectation = gathered.expectation else { return }
    watch.shares = ShareWatch()
    watch.share.note(
      gathered.counted, of: expectation, allowed: context.limits.around(\.shareTolerance),
      spread: gathered.variance / gathered.usual, limit: context.limits.driftVehicles)
  }

  /// Takes in what came off the stop lines upstream, set against what usually arrives of it.
  static func noteBalance(_ watch: inout DetectorWatch, _ context: HealthContext) {
    let (sent, here) = (watch.quarter.sent * watch.balance, watch.quarter.pcu)
    guard watch.balances >= 4, sent >= 4, watch.quarter.seconds >= 800,
      !watch.quarter.isSentDoubted
    else { return }
    // Who is as usual has nothing to answer for: it is the camera upstream that has changed.
    if let usual = context.usual {
      let share = watch.quarter.flow / max(1, usual.flow * context.scale)
      guard abs(share - 1) > context.limits.shareTolerance else {
        return watch.inflow.note(
          sent, of: sent...sent, allowed: 1...1, limit: context.limits.driftVehicles)
      }
    }
    watch.inflow.note(
      here, of: sent...sent, allowed: context.limits.around(\.balanceTolerance),
      // Both are counts, each with a chance of its own.
      spread: 2, limit: context.limits.driftVehicles)
  }

  /// Takes in what came off standing queues in green, set against the saturation flow.
  static func noteDischarge(_ watch: inout DetectorWatch, _ context: HealthContext) {
    let discharge = watch.green.take()
    let expected = context.capacity * discharge.seconds
    guard expected > 0, !watch.hasCondition else { return }
    watch.discharge.note(
      discharge.pcu, of: expected...expected,
      allowed: context.limits.dischargeLeast...context.limits.dischargeMost,
      limit: context.limits.driftVehicles)
  }

  /// More or less than its usual share of its approach and of the junction.
  static func share(_ watch: DetectorWatch, _ context: HealthContext) -> HealthFinding? {
    suspicion(.share, watch.share, context, "of its usual share of the traffic around it")
  }

  /// Other than what came off the stop lines upstream, set against what is usual between the two.
  static func balance(_ watch: DetectorWatch, _ context: HealthContext) -> HealthFinding? {
    suspicion(.balance, watch.inflow, context, "of what came off upstream and usually arrives")
  }

  /// Other than what comes off a standing queue in green.
  static func discharge(_ watch: DetectorWatch, _ context: HealthContext) -> HealthFinding? {
    suspicion(
      .discharge, watch.discharge, context, "of the saturation flow while a queue discharges")
  }

  /// Other than the loops in its lanes; or why these are not asked, which is nothing against it.
  static func loop(_ watch: DetectorWatch, _ context: HealthContext) -> HealthFinding? {
    let since = context.now.utc.advanced(bySeconds: -900)
    if let trouble = watch.loops.trouble {
      return HealthFinding(.loop, .ok, since: since, "not compared: \(trouble)")
    }
    guard let found = suspicion(.loop, watch.loops.drift, context, "of what its loops count")
    else { return nil }
    // Both were of one mind, and the camera still is as usual: it is the loops that have changed.
    guard watch.loops.haveAgreed, let usual = context.usual,
      abs(watch.quarter.flow / max(1, usual.flow * context.scale) - 1)
        <= context.limits.loopTolerance
    else { return found }
    return HealthFinding(.loop, .ok, since: since, "its loops count other than they did")
  }

  private static func suspicion(
    _ check: HealthCheck, _ drift: Drift, _ context: HealthContext, _ words: String
  ) -> HealthFinding? {
    guard drift.side != nil else { return nil }
    return HealthFinding(
      check, .suspect, since: context.now.utc.advanced(bySeconds: -900),
      "counts \(drift.percent) \(words)")
  }
}

extension HealthLimits {
  /// What lies within a tolerance of what was expected, as shares of it.
  func around(_ tolerance: KeyPath<HealthLimits, Double>) -> ClosedRange<Double> {
    // Nobody counts less than nothing: a tolerance above 1 is one for too many alone.
    max(0, 1 - self[keyPath: tolerance])...(1 + self[keyPath: tolerance])
  }
}
