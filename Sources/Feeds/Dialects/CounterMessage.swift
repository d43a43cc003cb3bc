import Counts
import Signals

/// What a counter stands at: totals since its last reset.
struct CounterMessage: Sendable, Hashable {
  /// The camera's name of the scenario or rule.
  let lane: String

  /// When it stood there, by the camera's clock.
  let time: UTC

  /// When the camera says that it began to count, in its own words; another text is a reset.
  let began: String?

  /// The totals; one class without a name if the camera tells none apart.
  let totals: ClassSum

  /// Largest total that is taken: what a number keeps exactly.
  private static let range = 0...Double(CountRecord.sequenceLimit)

  /// A message of AXIS Object Analytics. The lane is the last word of its topic, such as
  /// `Device1Scenario1`; totals are texts in some versions and numbers in others.
  static func axis(_ root: JSONValue, of camera: Camera) throws(Misread) -> CounterMessage {
    guard let topic = root.field("topic")?.text, let lane = topic.split(separator: "/").last else {
      throw Misread(
        field: "topic", reason: "is missing; that of an Object Analytics scenario is due")
    }
    let latest = 253_402_300_799_000.0
    guard let stamp = try root.figure("timestamp", "timestamp", in: 0...latest) else {
      throw Misread(field: "timestamp", reason: "is missing; milliseconds since 1970 are due")
    }
    let data = try root.object("message", "message").object("data", "message.data")
    var sum = ClassSum()
    for (word, value) in data.fields where word.hasPrefix("total") && word != "total" {
      guard value.kind != .null, sum.names.count < 32 else { continue }
      let total = try data.figure(word, "message.data.\(word)", in: range)
      if let total { sum.add(total, to: camera.className(of: word)) }
    }
    if sum.names.isEmpty {
      guard let total = try data.figure("total", "message.data.total", in: range) else {
        throw Misread(
          field: "message.data.total", reason: "is missing; is the scenario a crossline counter?")
      }
      sum.add(total, to: "")
    }
    return CounterMessage(
      lane: String(lane), time: UTC(milliseconds: Int64(stamp)),
      began: data.field("startTime")?.shown, totals: sum)
  }

  /// A message of an ONVIF counter. The lane is its rule.
  static func onvif(_ root: JSONValue, of camera: Camera) throws(Misread) -> CounterMessage {
    let source = try root.object("Source", "Source")
    guard let rule = source.field("Rule")?.text else {
      throw Misread(
        field: "Source.Rule", reason: "is missing; the name of the counting rule is due")
    }
    let time = try root.time("UtcTime", "UtcTime", ahead: camera.offsetMinutes)
    let data = try root.object("Data", "Data")
    guard let total = try data.figure("Count", "Data.Count", in: range) else {
      throw Misread(field: "Data.Count", reason: "is missing; is the rule a counter?")
    }
    var sum = ClassSum()
    sum.add(total, to: "")
    return CounterMessage(lane: rule, time: time, began: nil, totals: sum)
  }
}
