public import Phrases
public import Signals

/// What can be wrong at a junction. The first five are of its traffic, as Chinese operators name them.
public enum TroubleKind: String, Sendable, CaseIterable {
  /// Some lane groups have far more green than they need, others too little.
  case imbalance
  /// A queue is about to block what lies behind it.
  case spillback
  /// Green that nobody uses while others wait.
  case wastedGreen = "wasted_green"
  /// More arrives than can leave, cycle after cycle.
  case oversaturation
  /// The cycle has lost its step with the neighbours.
  case lostCoordination = "lost_coordination"
  /// Lane groups without counts.
  case noCounts = "no_counts"
  /// The cabinet tells of a fault.
  case fault

  /// Its name.
  public var name: Phrase {
    switch self {
    case .imbalance: Phrase("imbalance", "失衡")
    case .spillback: Phrase("spillback", "溢流")
    case .wastedGreen: Phrase("wasted green", "空放")
    case .oversaturation: Phrase("oversaturation", "过饱和")
    case .lostCoordination: Phrase("lost coordination", "失调")
    case .noCounts: Phrase("no counts", "检测器无数据")
    case .fault: Phrase("cabinet fault", "信号机故障")
    }
  }
}

/// One thing that is wrong now.
public struct Trouble: Sendable, Equatable {
  /// What.
  public let kind: TroubleKind

  /// Lane group or stage that it concerns; empty for the junction as a whole.
  public let place: String

  /// How bad, or how many: lane groups without counts, bits of critical faults; a degree of saturation or a difference of two, a share of the storage, a share of the
  /// green, or seconds out of step.
  public let value: Double

  /// Since when.
  public let since: UTC

  /// What is wrong, in a line.
  public var words: Phrase {
    let percent = decimal(value * 100, places: 0)
    let ratio = decimal(value, places: 2)
    switch kind {
    case .imbalance:
      return Phrase(
        "degrees of saturation differ by \(ratio), \(place) is the fullest",
        "饱和度相差 \(ratio)，\(place) 最高")
    case .spillback:
      return Phrase(
        "the queue of \(place) fills \(percent) % of its storage", "\(place) 排队占蓄车空间 \(percent)%")
    case .wastedGreen:
      return Phrase(
        "\(percent) % of the green was used by nobody while others waited, most in stage \(place)",
        "\(percent)% 的绿灯空放而其他方向在等待，以阶段 \(place) 最多")
    case .oversaturation:
      return Phrase(
        "degree of saturation \(ratio) at \(place), three rounds and more",
        "\(place) 饱和度 \(ratio)，已持续三个周期以上")
    case .lostCoordination:
      return Phrase(
        "the cycle is \(decimal(value, places: 0)) s out of step",
        "周期与相位差偏离 \(decimal(value, places: 0)) 秒")
    case .noCounts:
      let count = decimal(value, places: 0)
      return Phrase(
        "\(count) lane groups without counts, \(place) first", "\(count) 个车道组无数据，\(place) 等")
    case .fault:
      return value > 0
        ? Phrase("the cabinet has a critical fault", "信号机严重故障")
        : Phrase("the cabinet tells of a fault", "信号机报告故障")
    }
  }
}

/// `number` with so many decimal places, rounded half away from zero; what is not finite is "–".
func decimal(_ number: Double, places: Int) -> String {
  guard number.isFinite, abs(number) < 1e12 else { return "–" }
  let factor = [1.0, 10, 100, 1000][min(places, 3)]
  let scaled = Int64((abs(number) * factor).rounded())
  let sign = number < 0 && scaled > 0 ? "-" : ""
  guard places > 0 else { return "\(sign)\(scaled)" }
  let digits = "\(scaled % Int64(factor))"
  let zeros = String(repeating: "0", count: min(places, 3) - digits.count)
  return "\(sign)\(scaled / Int64(factor)).\(zeros)\(digits)"
}
