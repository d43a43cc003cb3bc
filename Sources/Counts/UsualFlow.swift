import Signals

/// What a detector usually counts at each half hour of each weekday: for the check of its profile, and in
/// its place when it fails.
///
/// Each half hour keeps a middle and a usual deviation, which stand for the median and the median absolute
/// deviation: a new value moves the middle by no more than two deviations, so that a holiday or a closed
/// road leaves it as it is.
struct UsualFlow: Sendable, Equatable, Codable {
  /// Half hours of a week.
  static let slots = 336

  /// What is usual, pcu/h.
  struct Value: Sendable, Equatable {
    /// The middle.
    let flow: Double
    /// The usual deviation from it.
    let deviation: Double
  }

  /// Values of one half hour after which it tells something: two of one day, and two of another.
  static let enough = 4

  /// Whole pcu/h; empty before the first value, as most detectors of a test are.
  private var middles: [UInt16] = []
  private var deviations: [UInt16] = []
  private var seen: [UInt8] = []

  /// Nothing is known yet.
  init() {}

  /// Whether nothing has been learned.
  var isEmpty: Bool { middles.isEmpty }

  /// The quarter of an hour of the local week in which `utc` lies; the week begins on Monday.
  static func quarter(at utc: UTC, timeZoneMinutes: Int) -> Int {
    let minutes = utc.milliseconds / 60_000 + Int64(timeZoneMinutes)
    // 1970-01-01 was a Thursday.
    let ofWeek = (minutes + 3 * 1440) % 10_080
    return Int((ofWeek + 10_080) % 10_080) / 15
  }

  /// Takes in that `flow` pcu/h came in the quarter of an hour `quarter` of the week. On a day on which the
  /// whole junction is unlike itself, the middle follows slowly and the deviation not at all.
  mutating func learn(_ flow: Double, at quarter: Int, isOddDay: Bool = false) {
    let slot = quarter / 2
    if middles.isEmpty {
      middles = Array(repeating: 0, count: Self.slots)
      deviations = middles
      seen = Array(repeating: 0, count: Self.slots)
    }
    let middle = Double(middles[slot])
    // Off what the slope of the hour lets expect in this quarter, which is not the middle of its half hour.
    let before = seen[slot] < 2 ? middle : value(at: quarter)?.flow ?? middle
    let spread = Double(deviations[slot])
    let count = Double(seen[slot]) + 1
    // The first values as their mean; later ones count an eighth: two months at two values a week.
    let share = isOddDay ? 1.0 / 16 : max(1 / count, 1.0 / 8)
    let isNew = seen[slot] < 2
    let reach = max(2 * spread, (max(1, before)).squareRoot() * 4)
    let step = isNew ? flow - before : max(-reach, min(reach, flow - before))
    middles[slot] = UInt16(max(0, min(65_535, (middle + share * step).rounded())))
    if count > 1, !isOddDay {
      let off = abs(step)
      let known = seen[slot] == 1 ? off : spread + share * (off - spread)
      deviations[slot] = UInt16(max(0, min(65_535, known.rounded())))
    }
    seen[slot] = UInt8(min(255, count))
  }

  /// What is usual in a quarter of an hour of the week: on the straight line between the middles of its half
  /// hour and of the one nearer to it; `nil` while too little is known.
  func value(at quarter: Int) -> Value? {
    let slot = quarter / 2
    guard let own = value(in: slot) else { return nil }
    let nearer = (slot + (quarter % 2 == 0 ? Self.slots - 1 : 1)) % Self.slots
    guard let other = value(in: nearer) else { return own }
    return Value(flow: 0.75 * own.flow + 0.25 * other.flow, deviation: own.deviation)
  }

  /// What is usual in the half hour `slot`; `nil` while too little is known.
  ///
  /// A half hour that is new itself takes the mean of the same one on days of its kind: Monday to Friday,
  /// or Saturday and Sunday.
  private func value(in slot: Int) -> Value? {
    guard !middles.isEmpty else { return nil }
    if seen[slot] >= Self.enough { return value(of: [slot]) }
    let (day, time) = (slot / 48, slot % 48)
    let days = day < 5 ? 0..<5 : 5..<7
    let known = days.map { $0 * 48 + time }.filter { seen[$0] > 0 }
    guard known.reduce(0, { $0 + Int(seen[$1]) }) >= Self.enough else { return nil }
    return value(of: known)
  }

  private func value(of slots: [Int]) -> Value {
    let count = Double(slots.count)
    let flow = slots.reduce(0) { $0 + Double(middles[$1]) } / count
    let spread = slots.reduce(0) { $0 + Double(deviations[$1]) } / count
    // Between days that stand for each other lies something too.
    let between = slots.reduce(0) { $0 + abs(Double(middles[$1]) - flow) } / count
    return Value(flow: flow, deviation: max(spread, between))
  }
}
