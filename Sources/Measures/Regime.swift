/// Who sets the greens of a junction, as far as days are compared by it.
public enum Regime: String, Sendable, Codable {
  /// Plans that greensplit makes of counts.
  case adaptive
  /// The time-of-day plan, whoever runs it.
  case fixed
}

/// How long each regime ruled, by the hour, s.
struct RegimeTally: Sendable {
  private(set) var adaptive = Array(repeating: 0.0, count: Figure.hours)
  private(set) var fixed = Array(repeating: 0.0, count: Figure.hours)

  mutating func pass(_ seconds: Double, in hour: Int, under regime: Regime?) {
    switch regime {
    case .adaptive?: adaptive[hour] += seconds
    case .fixed?: fixed[hour] += seconds
    case nil: break
    }
  }
}

/// How long greensplit's plans and the time-of-day plan ruled; the rest went by hand, by override, in flash
/// or by priority.
public struct ControlMeasures: Sendable, Equatable, Codable {
  /// Under plans that greensplit made of counts, s.
  public let adaptive: Figure

  /// Under the time-of-day plan, of the cabinet or sent by greensplit, s.
  public let fixed: Figure
}
