import Cabinets
import FoundationEssentials
import Signals

/// A write to a cabinet, or what came of one, as a line of the log of writes (`docs/running.md`).
struct WriteLine: Encodable, Sendable {
  /// UTC, RFC 3339.
  let time: String
  let junction: String
  /// Where the cabinet is.
  let cabinet: String
  /// Epoch of this daemon, and the number of the write in it: the write and its outcome have the same.
  let epoch: UInt32
  let write: Int
  /// What is written; `nil` in a line about the outcome.
  var what: String?
  /// Why.
  var reason: String?
  /// What the cabinet last said of itself.
  var before: Before?
  /// What it is to do from now on.
  var after: After?
  /// First register, 0-based.
  var address: UInt16?
  /// The registers, four hexadecimal digits each.
  var registers: String?
  /// What came of the write.
  var outcome: String?

  /// One stage of a plan.
  struct Entry: Encodable, Sendable {
    let stage: String
    let green: Double
  }

  /// What ran before.
  struct Before: Encodable, Sendable {
    let source: String
    let stage: String
    let plan: UInt32
    let leaseLeft: Int
    let entries: [Entry]?
  }

  /// What was written, in words.
  struct After: Encodable, Sendable {
    var plan: UInt32?
    var entries: [Entry]?
    var cycle: Double?
    var offset: Double?
    var takeover: String?
    var lease: UInt16?
    var clock: String?
  }

  /// The line without its end.
  var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let bytes = try? encoder.encode(self) else {
      // Only a number that is none could be in the way, and registers hold none.
      return "{\"junction\":\"\(junction)\",\"write\":\(write)}"
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension WriteLine {
  /// Says what is written, and in place of what.
  mutating func tell(
    _ values: [UInt16], at address: UInt16, to site: Intersection, before report: CabinetReport?,
    reason: String
  ) {
    func named(_ entries: [PlanEntry]) -> [Entry] {
      entries.map { entry in
        let isKnown = site.stages.indices.contains(entry.stage)
        return Entry(
          stage: isKnown ? site.stages[entry.stage].name : "\(entry.stage + 1)",
          green: entry.green.seconds)
      }
    }
    self.address = address
    self.reason = reason
    registers = values.map(\.fourDigits).joined()
    before = report.map { report in
      Before(
        source: "\(report.source)", stage: site.stages[report.stage].name,
        plan: report.activeSequence, leaseLeft: report.leaseLeft,
        entries: report.plan.map { named($0.entries) })
    }
    switch address {
    case RegisterMap.plan.address:
      guard let order = try? PlanOrder(registers: values) else { break }
      let plan = order.plan
      what = order.operation == .activate ? "plan" : "\(order.operation)"
      after = After(
        plan: order.sequence, entries: named(plan.entries), cycle: plan.cycle?.seconds,
        offset: plan.cycle.map { _ in plan.offset.seconds }, takeover: "\(plan.takeover)",
        lease: order.leaseSeconds)
    case RegisterMap.heartbeat.address:
      guard let beat = try? Heartbeat(registers: values) else { break }
      what = "lease"
      after = After(plan: beat.sequence, lease: beat.leaseSeconds)
    case RegisterMap.setClock.address:
      guard let order = try? ClockOrder(registers: values) else { break }
      what = "clock"
      after = After(clock: Log.timestamp(order.utc))
    default: break
    }
    what = what ?? "registers"
  }
}

extension UInt16 {
  /// In hexadecimal, with leading zeros.
  var fourDigits: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
