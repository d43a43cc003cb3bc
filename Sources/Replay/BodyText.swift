import Control
import Demand
import Signals

/// Writes decisions as canonical JSON: keys sorted, no white space, every number in its shortest form, so
/// that the same decision gives the same bytes.
///
/// By hand: a day of a hundred junctions has millions of them, and a general encoder takes ten times
/// as long.
struct BodyText {
  private var bytes: [UInt8] = []
  /// The last number with a point, and where it stands: of arrivals to come many are alike.
  private var last = (number: 0.0, begin: 0, end: 0)

  /// The JSON.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  init(_ body: DecisionBody) {
    bytes.reserveCapacity(10_000)
    raw("{\"cause\":")
    put(body.cause)
    if let plan = body.plan {
      raw(",\"plan\":")
      put(plan)
    }
    raw(",\"reason\":")
    put(body.reason)
    if let stage = body.stage { put(",\"stage\":", stage) }
    if let time = body.timeInState { put(",\"timeInState\":", time.count) }
    raw("}")
  }

  private mutating func put(_ reason: Reason) {
    raw("{")
    if let alternative = reason.alternative {
      raw("\"alternative\":{\"cost\":")
      put(alternative.cost)
      raw(",\"text\":")
      put(alternative.text)
      raw("},")
    }
    if let cost = reason.cost {
      raw("\"cost\":")
      put(cost)
      raw(",")
    }
    raw("\"demand\":{")
    if let changes = reason.demand.changes {
      raw("\"changes\":")
      put(changes) { $0.put($1) }
      raw(",")
    }
    raw("\"discharge\":")
    put(reason.demand.discharge) { $0.put($1) { $0.put($1) } }
    raw(",\"laneGroups\":")
    put(reason.demand.laneGroups) { $0.put($1) }
    raw("},\"refused\":")
    put(reason.refused) { $0.put($1) }
    raw(",\"text\":")
    put(reason.text)
    raw("}")
  }

  private mutating func put(_ change: ChangeDischarge) {
    raw("{\"from\":")
    put(change.from)
    raw(",\"laneGroup\":")
    put(change.laneGroup)
    raw(",\"rate\":")
    put(change.rate)
    raw(",\"to\":")
    put(change.to)
    raw("}")
  }

  private mutating func put(_ estimate: LaneGroupEstimate) {
    raw("{\"approaching\":")
    put(estimate.approaching)
    if let capacity = estimate.capacity {
      raw(",\"capacity\":")
      put(capacity)
    }
    if let coming = estimate.coming {
      raw(",\"coming\":")
      put(coming) { $0.put($1) }
    }
    raw(",\"flow\":")
    put(estimate.flow)
    if let heldUp = estimate.heldUp {
      raw(",\"heldUp\":")
      put(heldUp)
    }
    raw(",\"inbound\":")
    put(estimate.inbound) { $0.put($1) }
    raw(",\"queue\":")
    put(estimate.queue)
    raw(",\"trust\":")
    put(estimate.trust)
    raw(",\"viewTime\":")
    put(estimate.viewTime)
    raw("}")
  }

  private mutating func put(_ plan: TimingPlan) {
    raw("{")
    if let cycle = plan.cycle {
      put("\"cycle\":", cycle.count)
      raw(",")
    }
    raw("\"entries\":")
    put(plan.entries) { body, entry in
      body.put("{\"green\":", entry.green.count)
      body.put(",\"longestGreen\":", entry.longestGreen.count)
      body.put(",\"stage\":", entry.stage)
      body.raw("}")
    }
    put(",\"offset\":", plan.offset.count)
    put(",\"takeover\":", Int(plan.takeover.rawValue))
    raw("}")
  }

  private mutating func put<Element>(
    _ elements: [Element], _ one: (inout BodyText, Element) -> Void
  ) {
    raw("[")
    var isFirst = true
    for element in elements {
      if !isFirst { raw(",") }
      isFirst = false
      one(&self, element)
    }
    raw("]")
  }

  /// Whole numbers without a point, as other JSON writers do; what is no number as nothing.
  private mutating func put(_ number: Double) {
    if number == number.rounded(.towardZero), abs(number) < 1e15 {
      put(Int(number))
    } else if number == last.number {
      for position in last.begin..<last.end { bytes.append(bytes[position]) }
    } else {
      let begin = bytes.count
      raw(text: number.isFinite ? number.description : "null")
      last = (number, begin, bytes.count)
    }
  }

  private mutating func put(_ key: StaticString, _ number: Int) {
    raw(key)
    put(number)
  }

  private mutating func put(_ number: Int) {
    // Most are zeros or a few vehicles.
    if (0...9).contains(number) {
      bytes.append(48 + UInt8(number))
    } else {
      raw(text: number.description)
    }
  }

  private mutating func raw(text: String) {
    var text = text
    text.withUTF8 { bytes.append(contentsOf: $0) }
  }

  private mutating func raw(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  private mutating func put(_ string: String) {
    raw("\"")
    if string.utf8.allSatisfy({ $0 >= 32 && $0 != 34 && $0 != 92 }) {
      raw(text: string)
    } else {
      for scalar in string.unicodeScalars { put(scalar) }
    }
    raw("\"")
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": raw("\\\"")
    case "\\": raw("\\\\")
    case "\0"..<" ":
      let hex = String(scalar.value, radix: 16)
      raw(text: "\\u" + String(repeating: "0", count: 4 - hex.count) + hex)
    default: raw(text: String(Character(scalar)))
    }
  }
}
