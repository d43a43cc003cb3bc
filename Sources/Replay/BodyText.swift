import Control
import Demand
import Signals

/// Writes decisions as canonical JSON: keys sorted, no white space, every number in its shortest form, so
/// that the same decision gives the same bytes.
///
/// By hand: a day of a hundred junctions has millions of them, and a general encoder takes ten times
/// as long.
struct BodyText {
  private(set) var text = ""

  init(_ body: DecisionBody) {
    text.reserveCapacity(3000)
    text += "{\"cause\":"
    put(body.cause)
    if let plan = body.plan {
      text += ",\"plan\":"
      put(plan)
    }
    text += ",\"reason\":"
    put(body.reason)
    if let stage = body.stage { text += ",\"stage\":" + stage.description }
    if let time = body.timeInState { text += ",\"timeInState\":" + time.count.description }
    text += "}"
  }

  private mutating func put(_ reason: Reason) {
    text += "{"
    if let alternative = reason.alternative {
      text += "\"alternative\":{\"cost\":"
      put(alternative.cost)
      text += ",\"text\":"
      put(alternative.text)
      text += "},"
    }
    if let cost = reason.cost {
      text += "\"cost\":"
      put(cost)
      text += ","
    }
    text += "\"demand\":{\"discharge\":"
    put(reason.demand.discharge) { $0.put($1) { $0.put($1) } }
    text += ",\"laneGroups\":"
    put(reason.demand.laneGroups) { $0.put($1) }
    text += "},\"refused\":"
    put(reason.refused) { $0.put($1) }
    text += ",\"text\":"
    put(reason.text)
    text += "}"
  }

  private mutating func put(_ estimate: LaneGroupEstimate) {
    text += "{\"approaching\":"
    put(estimate.approaching)
    text += ",\"flow\":"
    put(estimate.flow)
    text += ",\"inbound\":"
    put(estimate.inbound) { $0.put($1) }
    text += ",\"queue\":"
    put(estimate.queue)
    text += ",\"trust\":"
    put(estimate.trust)
    text += ",\"viewTime\":"
    put(estimate.viewTime)
    text += "}"
  }

  private mutating func put(_ plan: TimingPlan) {
    text += "{"
    if let cycle = plan.cycle { text += "\"cycle\":\(cycle.count)," }
    text += "\"entries\":"
    put(plan.entries) { body, entry in
      body.text +=
        "{\"green\":\(entry.green.count),\"longestGreen\":\(entry.longestGreen.count),"
        + "\"stage\":\(entry.stage)}"
    }
    text += ",\"offset\":\(plan.offset.count),\"takeover\":\(plan.takeover.rawValue)}"
  }

  private mutating func put<Element>(
    _ elements: [Element], _ one: (inout BodyText, Element) -> Void
  ) {
    text += "["
    var isFirst = true
    for element in elements {
      if !isFirst { text += "," }
      isFirst = false
      one(&self, element)
    }
    text += "]"
  }

  /// Whole numbers without a point, as other JSON writers do; what is no number as nothing.
  private mutating func put(_ number: Double) {
    if number == number.rounded(.towardZero), abs(number) < 1e15 {
      text += Int(number).description
    } else {
      text += number.isFinite ? number.description : "null"
    }
  }

  private mutating func put(_ string: String) {
    text += "\""
    if string.utf8.allSatisfy({ $0 >= 32 && $0 != 34 && $0 != 92 }) {
      text += string
    } else {
      for scalar in string.unicodeScalars { put(scalar) }
    }
    text += "\""
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": text += "\\\""
    case "\\": text += "\\\\"
    case "\0"..<" ":
      let hex = String(scalar.value, radix: 16)
      text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    default: text.unicodeScalars.append(scalar)
    }
  }
}
