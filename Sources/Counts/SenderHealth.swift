import Signals

/// A camera of another junction whose vehicles come here: how far it can be believed, by its records alone.
///
/// Its own junction knows more of it. But what is decided here must follow from what was heard here, or no
/// replay would decide the same.
struct SenderHealth: Sendable, Equatable, Codable {
  /// Its identifier in count records.
  let id: String

  private var watch = DetectorWatch()
  private var grade = HealthGrade.ok
  private var found = Instant(milliseconds: 0)

  /// A camera that has said nothing yet.
  init(id: String) { self.id = id }

  /// Takes in a record that came at `moment`.
  mutating func note(_ record: CountRecord, at moment: Moment, limits: HealthLimits) {
    watch.note(record, at: moment, lanes: 1, limits: limits)
    // Lanes and green of the other junction are not known here; these two checks do without.
    let context = HealthContext(
      limits: limits, lanes: 1, capacity: 0, now: moment, begin: moment.utc, isNight: false,
      usual: nil, scale: 1)
    let findings = [
      HealthChecks.condition(watch), HealthChecks.constant(watch, context),
    ].compactMap(\.self)
    // Who sees badly counts half, as here.
    let now = findings.map { max($0.grade, .suspect) }.max() ?? .ok
    if now >= grade {
      grade = now
      found = moment.monotonic
    } else if moment.monotonic.seconds(since: found) >= limits.recovery {
      grade = now
    }
  }

  /// What its vehicles count, 0 ... 1.
  func reliability(_ limits: HealthLimits) -> Double {
    switch grade {
    case .ok: 1
    case .suspect: limits.conditionReliability
    case .fault: 0
    }
  }
}
