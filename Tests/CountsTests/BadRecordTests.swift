import Counts
import Testing

/// A record with one field changed, what the error says, and of which field.
struct BadField: Sendable, CustomTestStringConvertible {
  let change: String
  let field: String?
  let reason: String

  init(_ change: String, _ field: String?, _ reason: String) {
    (self.change, self.field, self.reason) = (change, field, reason)
  }

  var testDescription: String { change }
}

private let timeHelp = "; write 2026-11-23T08:00:00.000Z, or seconds as a number"
private let nameRule = "1 to 128 bytes without control characters"

private let bad: [BadField] = [
  BadField(#""v":2"#, "v", "is 2; this program reads version 1"),
  BadField(#""v":"1""#, "v", #"is "1"; this program reads version 1"#),
  BadField(#""v":null"#, "v", "is missing; write 1, the version of the record"),
  BadField(#""det":null"#, "det", "is missing; the detector's id as the site file names it"),
  BadField(#""det":7"#, "det", "is 7; a text of " + nameRule),
  BadField(#""det":"""#, "det", #"is ""; a text of "# + nameRule),
  BadField(#""det":"a\nb""#, "det", #"is "a?b"; a text of "# + nameRule),
  BadField(#""src":["a"]"#, "src", "is an array; a text of " + nameRule),
  BadField(#""boot":17"#, "boot", "is 17; a text of " + nameRule),
  BadField(#""start":null"#, "start", "is missing" + timeHelp),
  BadField(#""start":true"#, "start", "is true, no time" + timeHelp),
  BadField(
    #""start":-1"#, "start", "is -1 s; seconds go from 0 to the year 9999 (not milliseconds)"),
  BadField(
    #""end":1795420805000"#, "end",
    "is 1795420805000 s; seconds go from 0 to the year 9999 (not milliseconds)"),
  BadField(
    #""start":"23.11.2026 08:00""#, "start",
    #""23.11.2026 08:00" has no 4 digits for a year after 0 characters"# + timeHelp),
  BadField(#""end":0.05"#, "end", "is 0.05 s after start; an interval is 0.1 s to 900 s long"),
  BadField(#""end":901"#, "end", "is 901 s after start; an interval is 0.1 s to 900 s long"),
  BadField(#""end":0"#, "end", "is 0 s after start; an interval is 0.1 s to 900 s long"),
  BadField(#""start":10"#, "end", "is -5 s after start; an interval is 0.1 s to 900 s long"),
  BadField(#""seq":-1"#, "seq", "is -1; a whole number from 0 to 9007199254740991"),
  BadField(#""seq":1.5"#, "seq", "is 1.5; a whole number from 0 to 9007199254740991"),
  BadField(#""seq":"9""#, "seq", #"is "9"; a whole number from 0 to 9007199254740991"#),
  BadField(#""count":-1"#, "count", "is -1; 0 to 10000 vehicles"),
  BadField(#""count":1e300"#, "count", "is 1e+300; 0 to 10000 vehicles"),
  BadField(
    #""count":"3""#, "count", #"is "3", no number; 0 to 10000 vehicles, or null if not measured"#),
  BadField(#""count":{}"#, "count", "names 0 classes; 1 to 32, or null if not measured"),
  BadField(#""count":{"car":-2}"#, "count.car", "is -2; 0 to 10000 vehicles"),
  BadField(
    #""count":{"car":{}}"#, "count.car",
    "is an object, no number; 0 to 10000 vehicles, or null if not measured"),
  BadField(#""count":{"":1}"#, "count", #"names the class ""; "# + nameRule),
  BadField(#""in_view":10001"#, "in_view", "is 10001; 0 to 10000 vehicles"),
  BadField(#""in_view":2,"queue":3"#, "queue", "3 is more than in_view 2, of which it is a part"),
  BadField(#""occ":1.01"#, "occ", "is 1.01; 0 to 1 as a share"),
  BadField(#""speed_kmh":501"#, "speed_kmh", "is 501; 0 to 500 km/h"),
  BadField(#""q":"ok""#, "q", #"is "ok"; an object of status, flags and conf"#),
  BadField(
    #""q":{"status":"fine"}"#, "q.status",
    #"is "fine"; one of ok, degraded, suspect, fault, estimated"#),
  BadField(#""q":{"conf":93}"#, "q.conf", "is 93; 0 to 1 as a share"),
  BadField(
    #""q":{"flags":"rain"}"#, "q.flags", "must be an array of at most 32 texts of " + nameRule),
  BadField(
    #""q":{"flags":["rain",3]}"#, "q.flags", "must be an array of at most 32 texts of " + nameRule),
]

@Suite("Refusing what is no count record")
struct BadRecordTests {
  /// Fields of a good record, of which those that `change` names are left out.
  private func line(_ change: String) -> String {
    let fields = [("v", "1"), ("det", "\"a\""), ("start", "0"), ("end", "5")]
    let kept = fields.filter { !change.hasPrefix("\"\($0.0)\"") }.map { "\"\($0.0)\":\($0.1)" }
    return "{" + (kept + [change]).joined(separator: ",") + "}"
  }

  @Test("Each field says what is wrong and what would be right", arguments: bad)
  func fields(_ bad: BadField) {
    let input = parse("\n\(line(bad.change))\n")
    #expect(input.records == [])
    #expect(input.errors == [CountError(line: 2, field: bad.field, reason: bad.reason)])
  }

  @Test("Every wrong field of a record is named at once")
  func allAtOnce() {
    let input = parse(#"{"v":3,"start":"x","end":"y","occ":-1,"q":{"status":1}}"#)
    #expect(input.errors.map(\.field) == ["v", "det", "start", "end", "occ", "q.status"])
  }

  @Test(
    "What is not JSON is refused as a whole",
    arguments: [
      "{", "}", "nonsense", "{\"v\":1,}", "{'v':1}", "{\"v\":NaN}", "{\"v\":1e999}", "3", "null",
      "\"text\"", "{\"v\":1} {\"v\":1}", "{\"v\":01}", "\u{FEFF}{}", "{\"a\":\"\\u0000\"}",
      "{\"v\":1,\"v\":1}", "{\"a\":99999999999999999999}",
    ])
  func notJSON(_ text: String) {
    let input = parse(text)
    #expect(input.records == [])
    #expect(input.errors.count == 1)
    #expect(input.errors.first?.field == nil)
    #expect(input.errors.first?.reason.hasSuffix("one JSON object is due") == true)
  }

  @Test("Bytes that are no UTF-8 are refused")
  func notUTF8() {
    let bytes =
      Array(#"{"v":1,"det":""#.utf8) + [0xFF, 0xFE] + Array(#"","start":0,"end":5}"#.utf8)
    let input = CountParser.parse(body: bytes)
    #expect(input.records == [])
    #expect(input.errors.map(\.field) == [nil])
  }

  @Test("Classes whose names differ only in how an accent is written are two classes")
  func accents() {
    let input = parse(
      "{\"v\":1,\"det\":\"a\",\"start\":0,\"end\":5,\"count\":{\"e\u{301}\":1,\"\u{e9}\":2}}")
    #expect(input.records.first?.count?.total == 3)
  }

  @Test("An error shows no more than 40 characters of what was sent")
  func longText() throws {
    let text = String(repeating: "x", count: 1000)
    let reason = try #require(
      parse(#"{"v":1,"det":"a","start":0,"end":5,"q":{"status":"\#(text)"}}"#).errors.first?.reason)
    #expect(reason.hasPrefix("is \"" + String(repeating: "x", count: 40) + "…\"; one of"))
  }
}
