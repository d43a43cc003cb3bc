public import Measures

/// Days under greensplit beside days under the fixed plan, by pairs of equal weekdays (`docs/day-report.md`).
public struct DayComparison: Sendable, Encodable {
  /// What `format` holds in this version.
  public static let format = "greensplit-comparison-1"

  /// Least number of pairs of which a difference is claimed: of fewer not even a difference that all pairs
  /// share rules out chance at 5 % (sign test, 2 ÷ 2^n), whatever its distribution.
  public static let leastPairs = 6

  /// Share of the time under either regime that makes a day one of it.
  static let ruling = 0.9

  /// How the comparison is written: another value, another meaning of the fields.
  public let format: String

  /// All junctions together, then each by itself if there are several.
  public let scopes: [Scope]

  /// Where the record has holes.
  public let gaps: [DayGap]

  /// One day as it was recorded.
  public struct Day: Sendable {
    /// Local date, such as 2026-11-23.
    public let date: String
    /// Day of the week, 1 for Monday to 7.
    public let weekday: Int
    /// What a person says of its regime, in place of the record; `nil` if nobody does.
    public let said: Regime?
    /// Its junctions, those of every other day in the same order.
    public let junctions: [JunctionDay]

    /// A day of the local date `date`.
    public init(date: String, weekday: Int, said: Regime?, junctions: [JunctionDay]) {
      self.date = date
      self.weekday = weekday
      self.said = said
      self.junctions = junctions
    }
  }

  /// One junction, or all.
  public struct Scope: Sendable, Encodable {
    /// Identifier; `nil` for all together.
    public let junction: String?
    /// All days.
    public let days: [Classed]
    /// By time of the first of the two.
    public let pairs: [Pair]
    /// Every measure, in the order of `ComparedMeasure`.
    public let measures: [Difference]
  }

  /// A day with its regime.
  public struct Classed: Sendable, Encodable {
    /// Local date.
    public let date: String
    /// 1 for Monday to 7.
    public let weekday: Int
    /// `nil` if neither ruled.
    public let regime: Regime?
    /// Share of the time under either regime that was greensplit's; `nil` if nothing was recorded.
    public let adaptiveShare: Double?
    /// Whether a person said so.
    public let isSaid: Bool
  }

  /// Two days of the same weekday.
  public struct Pair: Sendable, Equatable, Encodable {
    /// Date of the day under greensplit.
    public let adaptive: String
    /// Date of the day under the fixed plan.
    public let fixed: String
  }

  /// Compares `days`, which follow each other.
  public init(_ days: [Day], gaps: [DayGap]) {
    format = Self.format
    self.gaps = gaps
    let junctions = days.first?.junctions.map(\.junction) ?? []
    let each = junctions.count > 1 ? Array(junctions.indices) : []
    scopes = [Scope(nil, days)] + each.map { Scope($0, days) }
  }
}

extension DayComparison.Scope {
  /// Junction number `position`, or all.
  init(_ position: Int?, _ days: [DayComparison.Day]) {
    let parts = days.map { day in position.map { [day.junctions[$0]] } ?? day.junctions }
    junction = position.flatMap { days.first?.junctions[$0].junction }
    let classed = zip(days, parts).map(DayComparison.Classed.init)
    self.days = classed
    let found = weekdayPairs(of: classed)
    pairs = found.map {
      DayComparison.Pair(adaptive: days[$0.adaptive].date, fixed: days[$0.fixed].date)
    }
    measures = ComparedMeasure.allCases.map { measure in
      DayComparison.Difference(
        measure,
        found.compactMap { pair in
          JunctionDay.values(of: measure, on: parts[pair.adaptive], and: parts[pair.fixed]).map {
            (adaptive: $0.one, fixed: $0.other, isAdaptiveFirst: pair.adaptive < pair.fixed)
          }
        })
    }
  }
}

extension DayComparison.Classed {
  init(_ day: DayComparison.Day, _ junctions: [JunctionDay]) {
    let adaptive = junctions.reduce(0) { $0 + $1.adaptive }
    let known = adaptive + junctions.reduce(0) { $0 + $1.fixed }
    date = day.date
    weekday = day.weekday
    isSaid = day.said != nil
    adaptiveShare = known > 0 ? (adaptive / known * 1000).rounded() / 1000 : nil
    let ruling = DayComparison.ruling
    let seen: Regime? =
      switch known > 0 ? adaptive / known : nil {
      case let share? where share >= ruling: .adaptive
      case let share? where share <= 1 - ruling: .fixed
      default: nil
      }
    regime = known > 0 ? day.said ?? seen : nil
  }
}

/// Positions of days of the same weekday and of different regimes, each with the next such day, each day once.
private func weekdayPairs(of days: [DayComparison.Classed]) -> [(adaptive: Int, fixed: Int)] {
  var waiting: [Int: (day: Int, regime: Regime)] = [:]
  var pairs: [(adaptive: Int, fixed: Int)] = []
  for (position, day) in days.enumerated() {
    guard let regime = day.regime else { continue }
    guard let before = waiting[day.weekday], before.regime != regime else {
      waiting[day.weekday] = (position, regime)
      continue
    }
    waiting[day.weekday] = nil
    pairs.append(
      regime == .adaptive ? (position, before.day) : (before.day, position))
  }
  return pairs.sorted { min($0.adaptive, $0.fixed) < min($1.adaptive, $1.fixed) }
}
