import Support
import Testing

@testable import Sites

/// A key of the small junction, as it stands there, with the ends of its range.
struct KeyRange: Sendable, CustomTestStringConvertible {
  let right: String
  let least: String
  let most: String
  let below: String
  let above: String
  let unit: String

  /// `right` is `key: value unit`; one step outside the range are `below` and `above`.
  init(
    _ right: String, _ least: String, _ most: String, below: String, above: String, unit: String
  ) {
    self.right = right
    self.least = least
    self.most = most
    self.below = below
    self.above = above
    self.unit = unit
  }

  var testDescription: String { right }

  /// The key with another value.
  func with(_ value: String) -> String {
    let key = right.pieces(around: ": ").dropLast().joined(separator: ": ")
    return "\(key): \(value)" + (unit.isEmpty ? "" : " \(unit)")
  }
}

@Suite("Every number of a site file has a range, and its ends belong to it")
struct RangeTests {
  private static let ranges = [
    KeyRange("heading: 180 deg", "0", "359.999", below: "-1", above: "360", unit: "deg"),
    KeyRange("lanes: 1", "1", "8", below: "0", above: "9", unit: ""),
    KeyRange("length: 80 m", "1", "5000", below: "0.5", above: "5001", unit: "m"),
    KeyRange("length: 12 m", "1", "100", below: "0.9", above: "100.1", unit: "m"),
    KeyRange(
      "saturation_flow: 1600 pcu/h", "100", "20000", below: "99", above: "20001", unit: "pcu/h"),
    KeyRange("share: 0.7", "0", "1", below: "-0.1", above: "1.1", unit: ""),
    KeyRange("walk: 7 s", "1", "120", below: "0.9", above: "120.1", unit: "s"),
    KeyRange("clearance: 10 s", "1", "120", below: "0.9", above: "120.1", unit: "s"),
    KeyRange("min_green: 10 s", "0.1", "600", below: "0", above: "600.1", unit: "s"),
    KeyRange("max_green: 60 s", "0.1", "600", below: "0", above: "600.1", unit: "s"),
    KeyRange("longest_red: 100 s", "1", "3600", below: "0.9", above: "3601", unit: "s"),
    KeyRange("min_cycle: 40 s", "1", "3600", below: "0.9", above: "3601", unit: "s"),
    KeyRange("max_cycle: 120 s", "1", "3600", below: "0.9", above: "3601", unit: "s"),
    KeyRange("cycle: 70 s", "1", "3600", below: "0.9", above: "3601", unit: "s"),
    KeyRange("green: 40 s", "0.1", "600", below: "0", above: "600.1", unit: "s"),
    KeyRange("view: 80 m", "0", "1000", below: "-1", above: "1001", unit: "m"),
    KeyRange("lease: 60 s", "30", "3600", below: "29", above: "3601", unit: "s"),
  ]

  @Test("One step outside is refused with the range; the ends are not", arguments: ranges)
  func ends(range: KeyRange) throws {
    let unit = range.unit.isEmpty ? "" : " \(range.unit)"
    let bounds = "out of range; it must be \(range.least) to \(range.most)\(unit)"
    for value in [range.below, range.above] {
      let said = try #require(Mini.said(range.right, range.with(value)))
      #expect(said.contains("\(value)\(unit) is \(bounds)"))
    }
    for value in [range.least, range.most] {
      // Other rules may have something against it, but its own range has not.
      let said = try #require(Mini.said(range.right, range.with(value)))
      #expect(!said.contains("out of range"))
    }
  }

  @Test("No number goes without its unit or with another", arguments: ranges)
  func units(range: KeyRange) throws {
    guard !range.unit.isEmpty else { return }
    let bare = try #require(Mini.said(range.right, range.right.pieces(around: " ")[0] + " 50"))
    #expect(bare.contains("\"50\" has no unit; write 50 \(range.unit)"))
    let other = try #require(Mini.said(range.right, range.right.pieces(around: " ")[0] + " 50 ft"))
    #expect(other.contains("\"50 ft\" has the wrong unit; it must be in \(range.unit)"))
  }

  @Test(
    "Times of day and time zones are hours and minutes that exist",
    arguments: ["6:30", "24:00", "12:60", "1230", "12:3a", "-1:00", ":", "", "12:00:00"])
  func times(wrong: String) throws {
    let quoted = "\"\(wrong)\""
    let from = try #require(Mini.said("\"06:30\"", quoted))
    let zone = try #require(Mini.said("\"+08:00\"", "\"+\(wrong)\""))
    #expect(from.contains(wrong.isEmpty ? "has no value" : "\(quoted) is not a time of day"))
    #expect(zone.contains("\"+\(wrong)\" is not an offset from UTC"))
  }

  @Test("Time zones go from -12:00 to +14:00", arguments: ["-12:00", "+14:00", "+05:45", "+00:00"])
  func zones(right: String) {
    #expect(Mini.said("\"+08:00\"", "\"\(right)\"") == "valid")
  }

  @Test(
    "A cabinet is reached at a numeric address and a port",
    arguments: [
      "localhost:502", "127.0.0.1:0", "127.0.0.1:65536", "::1:502", "[::1]", "[127.0.0.1]:502",
      "256.0.0.1:502", "1.2.3:502", ":502",
    ])
  func addresses(wrong: String) throws {
    let said = try #require(
      Mini.said("control: {", "cabinet: {connect: \"\(wrong)\"}\ncontrol: {"))
    #expect(said.hasPrefix("m.yaml:46:20: error: cabinet.connect: "))
    #expect(said.contains("write, say, 127.0.0.1:1502"))
  }
}
