import Signals

/// What a check knows beside the detector's own reports.
struct HealthContext {
  let limits: HealthLimits
  /// Lanes that it sees.
  let lanes: Double
  /// What those lanes let through in green, pcu/s.
  let capacity: Double
  let now: Moment
  /// Since when the junction has been watched.
  let begin: UTC
  let isNight: Bool
  /// What is usual now.
  let usual: UsualFlow.Value?
  /// How much the whole junction has, as a share of what is usual there.
  let scale: Double
}

/// The checks, each a function of what a detector has said and what is known around it. Sources and
/// standard thresholds: `HealthLimits`.
enum HealthChecks {
  /// No record for two intervals: suspect; for five minutes: fault. The junction has been watched since
  /// `begin`.
  static func missing(
    _ watch: DetectorWatch, _ limits: HealthLimits, since begin: UTC, at now: Moment
  ) -> HealthFinding? {
    let silent =
      watch.received.map { now.monotonic.seconds(since: $0) } ?? now.utc.seconds(since: begin)
    guard silent > patience(watch.interval, limits) else { return nil }
    let isFault = silent >= limits.missingFault
    return HealthFinding(
      .missing, isFault ? .fault : .suspect, since: watch.lastEnd ?? begin, "no record")
  }

  /// Silence that is none yet after a record of `interval` seconds, s: a second of ticking and two of transit
  /// never are.
  static func patience(_ interval: Double, _ limits: HealthLimits) -> Double {
    max(limits.missingIntervals * interval, CountLedger.grace)
  }

  /// No vehicle, though so many should have come that it cannot be chance.
  ///
  /// Where its own approach flows, the camera is blind. Where the whole approach is empty, the camera of
  /// the approach may be blind or the road closed: that is a suspicion alone.
  static func zero(_ watch: DetectorWatch, _ context: HealthContext) -> HealthFinding? {
    guard let since = watch.zeroSince else { return nil }
    let limit = context.isNight ? context.limits.zeroByNight : context.limits.zeroByDay
    let time = context.now.utc.seconds(since: since)
    // Who knows what is usual needs fewer to be sure.
    let enough = context.usual == nil ? context.limits.zeroCertain : context.limits.zeroExpected
    let isLong = time >= limit && watch.awaited >= enough
    // Longer than any red, for cameras that see the stop line alone.
    guard isLong || (time >= 300 && watch.awaited >= context.limits.zeroCertain) else { return nil }
    if watch.beside >= context.limits.zeroExpected {
      return HealthFinding(.zero, .fault, since: since, "no vehicle while its approach flows")
    }
    guard watch.elsewhere >= context.limits.zeroExpected else { return nil }
    return HealthFinding(
      .zero, .suspect, since: since, "no vehicle on its approach: blind, or the road is closed")
  }

  /// The zone is never free and nobody crosses.
  static func stuck(_ watch: DetectorWatch, _ context: HealthContext) -> HealthFinding? {
    guard let since = watch.stuckSince,
      context.now.utc.seconds(since: since) >= context.limits.stuckTime
    else { return nil }
    return HealthFinding(
      .stuck, watch.isOccupied ? .fault : .suspect, since: since, "stuck on: nobody crosses")
  }

  /// More vehicles in a minute than any lane carries, or in a quarter of an hour than the green let
  /// through.
  static func chatter(_ watch: DetectorWatch, _ context: HealthContext) -> HealthFinding? {
    let minutes = watch.minute.seconds / 60
    if minutes >= 0.5, watch.minute.vehicles > 3,
      watch.minute.vehicles / minutes > context.limits.chatterPerMinute * context.lanes
    {
      return HealthFinding(
        .chatter, .fault, since: context.now.utc.advanced(bySeconds: -60),
        "more vehicles than a lane carries")
    }
    let quarter = watch.quarter
    // A whole quarter of an hour of which all is known.
    guard quarter.known >= 800, quarter.seconds >= 800 else { return nil }
    let most = context.limits.chatterCapacity * context.capacity * quarter.open + 5
    guard quarter.pcu > most else { return nil }
    return HealthFinding(
      .chatter, .suspect, since: context.now.utc.advanced(bySeconds: -900),
      "more vehicles than its green lets through")
  }

  /// Figures that no road has.
  static func range(_ watch: DetectorWatch, _ context: HealthContext) -> HealthFinding? {
    let minuteAgo = context.now.utc.advanced(bySeconds: -60)
    if watch.minute.fastest > context.limits.rangeSpeed {
      return HealthFinding(
        .range, .suspect, since: minuteAgo, "speed of \(Int(watch.minute.fastest)) km/h")
    }
    if watch.minute.watched > 0, watch.minute.occupied == 0, watch.minute.vehicles >= 3,
      watch.minute.watched == watch.minute.seconds
    {
      return HealthFinding(.range, .suspect, since: minuteAgo, "vehicles in a zone never occupied")
    }
    let quarter = watch.quarter
    guard quarter.seconds >= 800,
      quarter.vehicles / quarter.seconds * 3600 > context.limits.rangeFlow * context.lanes
    else { return nil }
    return HealthFinding(
      .range, .fault, since: context.now.utc.advanced(bySeconds: -900),
      "more vehicles than any lane has")
  }

  /// The very same figures so often that chance cannot be it.
  static func constant(_ watch: DetectorWatch, _ context: HealthContext) -> HealthFinding? {
    guard Double(watch.same) >= context.limits.constantIntervals, watch.figures.hasAny else {
      return nil
    }
    let count = watch.figures.count ?? 0
    if count > 0 {
      // e^-21 is one in 10^9: in a month less than once in a city.
      guard watch.surprise >= 21 else { return nil }
      // A queue that discharges through each green as long as an interval is as constant.
      let share = watch.quarter.known > 0 ? watch.quarter.open / watch.quarter.known : 1
      let full = 0.8 * context.capacity * share * watch.interval
      guard watch.interval < 30 || count < full else { return nil }
      return HealthFinding(.constant, .fault, since: watch.sameSince, "frozen: the same figures")
    }
    // Who waits for red is the same for a while; through a green he is not.
    guard watch.sameOpen >= context.limits.constantGreen else { return nil }
    // One or two may be parked.
    let standing = watch.figures.queue ?? watch.figures.inView ?? 0
    let isFault = watch.sameOpen >= 3 * context.limits.constantGreen && standing >= 3
    return HealthFinding(
      .constant, isFault ? .fault : .suspect, since: watch.sameSince,
      "frozen: the same vehicles through green")
  }

  /// The mean vehicle is too short or too long: occupied time × speed ÷ count (WSDOT).
  static func ratio(_ watch: DetectorWatch, _ context: HealthContext) -> HealthFinding? {
    let quarter = watch.quarter
    guard quarter.passing >= 20 else { return nil }
    let length = quarter.passed / quarter.passing
    guard !(context.limits.ratioLeast...context.limits.ratioMost).contains(length) else {
      return nil
    }
    return HealthFinding(
      .ratio, .suspect, since: context.now.utc.advanced(bySeconds: -900),
      "vehicles \(Int(length.rounded())) m long by occupancy and speed")
  }

  /// Far off what is usual at this weekday and time, quarter after quarter, set against the whole
  /// junction: on a holiday all is less.
  static func profile(_ watch: DetectorWatch, _ context: HealthContext) -> HealthFinding? {
    guard watch.oddQuarters >= Int(context.limits.profileQuarters), let usual = context.usual
    else { return nil }
    return HealthFinding(
      .profile, .suspect,
      since: context.now.utc.advanced(bySeconds: -900 * Double(watch.oddQuarters)),
      "\(Int(watch.quarter.flow.rounded())) pcu/h where \(Int(usual.flow.rounded())) are usual")
  }

  /// Whether the quarter that ends is far off its profile.
  static func isOdd(_ watch: DetectorWatch, _ context: HealthContext) -> Bool {
    guard let usual = context.usual, watch.quarter.seconds >= 800 else { return false }
    // A junction that has less than a third of what is usual is not believed as a whole.
    let scale = max(0.3, min(3, context.scale))
    let flow = usual.flow * scale
    // Of a number of vehicles that come at random the usual deviation is 0.67 of its root; four quarters
    // to the hour.
    let chance = 0.67 * (max(1, flow / 4)).squareRoot() * 4
    let deviation = max(usual.deviation * scale, chance)
    return abs(watch.quarter.flow - flow) > context.limits.profileDeviations * deviation
  }

  /// The camera's own word: darkness or weather, a doubt, a fault.
  static func condition(_ watch: DetectorWatch) -> HealthFinding? {
    guard watch.received != nil else { return nil }
    switch watch.status {
    case .fault:
      return HealthFinding(.condition, .fault, since: watch.toldSince, "calls itself faulty")
    case .suspect:
      return HealthFinding(.condition, .suspect, since: watch.toldSince, "doubts itself")
    case .ok, .degraded, .estimated:
      guard watch.hasCondition else { return nil }
      return HealthFinding(.condition, .ok, since: watch.toldSince, "sees badly")
    }
  }
}
