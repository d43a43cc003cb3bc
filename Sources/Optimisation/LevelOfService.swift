/// Level of service of a signalised lane group (服务水平), A the best (HCM exhibit 19-8).
public enum LevelOfService: String, Sendable, CaseIterable, Comparable, Codable {
  /// At most 10 s/veh.
  case a = "A"
  /// At most 20 s/veh.
  case b = "B"
  /// At most 35 s/veh.
  case c = "C"
  /// At most 55 s/veh.
  case d = "D"
  /// At most 80 s/veh.
  case e = "E"
  /// More than 80 s/veh, or more demand than capacity.
  case f = "F"

  /// The level at a control delay in s/veh; always F if demand exceeds capacity.
  public init(delay: Double, saturation: Double) {
    switch delay {
    case _ where saturation > 1: self = .f
    case ...10: self = .a
    case ...20: self = .b
    case ...35: self = .c
    case ...55: self = .d
    case ...80: self = .e
    default: self = .f
    }
  }

  /// Whether `a` is the better level.
  public static func < (a: LevelOfService, b: LevelOfService) -> Bool { a.rawValue < b.rawValue }
}
