import Control
import Signals

/// What a run keeps of its decisions.
struct DecisionTally {
  /// Plans that were sent.
  private(set) var plans = 0

  /// Plans that the safety check kept back.
  private(set) var refused = 0

  /// FNV-1a, 64 bits, over every decision's line: enough to tell runs apart, and short enough to be
  /// read out.
  private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ decision: Decision, at junction: Intersection) {
    plans += decision.order == nil ? 0 : 1
    refused += decision.reason.refused.count
    for byte in decision.line(at: junction).utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    hash = (hash ^ 10) &* 0x100_0000_01b3
  }

  /// Equal for equal decisions: 16 hexadecimal digits.
  var digest: String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
