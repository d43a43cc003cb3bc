import Signals
import Testing

@testable import Counts

@Suite("Times as text")
struct TimeTextTests {
  @Test(
    "RFC 3339 is read to the millisecond, offsets included",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.001Z", 1),
      ("1970-01-01T00:00:00.5Z", 500), ("1970-01-01T00:00:00.25z", 250),
      ("2000-02-29t12:30:15Z", 951_827_415_000), ("2026-11-23T08:00:00.000Z", 1_795_420_800_000),
      ("2026-11-23T16:00:00+08:00", 1_795_420_800_000),
      ("2026-11-23T04:30:00-03:30", 1_795_420_800_000),
      ("1970-01-01T00:00:00-00:00", 0), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ] as [(String, Int64)])
  func good(_ text: String, _ milliseconds: Int64) throws {
    #expect(try TimeText.parse(text) == UTC(milliseconds: milliseconds))
  }

  @Test(
    "What is no time says why",
    arguments: [
      ("", "has no 4 digits for a year after 0 characters"),
      ("2026-11-23", "has no T after 10 characters"),
      ("2026-11-23 08:00:00Z", "has no T after 10 characters"),
      ("2026-13-01T00:00:00Z", "has 13 where a month is due"),
      ("2026-02-29T00:00:00Z", "has 29 where a day of that month is due"),
      ("1900-02-29T00:00:00Z", "has 29 where a day of that month is due"),
      ("2026-04-31T00:00:00Z", "has 31 where a day of that month is due"),
      ("2026-11-23T24:00:00Z", "has 24 where an hour is due"),
      ("2026-11-23T08:60:00Z", "has 60 where a minute is due"),
      ("2026-11-23T08:00:60Z", "has 60 where a second is due"),
      ("2026-11-23T08:00:00", "has no Z at its end"),
      ("2026-11-23T08:00:00.Z", "has 0 digits of a second, not 1 to 3"),
      ("2026-11-23T08:00:00.123456Z", "has 6 digits of a second, not 1 to 3"),
      ("2026-11-23T08:00:00X", "has no Z after 19 characters"),
      ("2026-11-23T08:00:00Z ", "goes on after its offset"),
      ("2026-11-23T08:00:00+0800", "has no : after 22 characters"),
      ("1969-12-31T23:59:59Z", "is before 1970"),
      ("1970-01-01T00:00:00+00:01", "is before 1970"),
      ("２０２６-11-23T08:00:00Z", "has no 4 digits for a year after 0 characters"),
    ])
  func bad(_ text: String, _ reason: String) {
    let error = #expect(throws: TimeText.Malformed.self) { try TimeText.parse(text) }
    #expect(error?.reason == reason)
  }

  @Test("Every day from 1970 to 2200 is written as the calendar says and read back")
  func everyDay() throws {
    // The oracle counts on from day to day; leap years by the rule of 4, 100 and 400.
    var (year, month, day) = (1970, 1, 1)
    for number in 0..<84_006 {
      let time = UTC(milliseconds: Int64(number) * 86_400_000 + 1)
      let text = TimeText.format(time)
      let expected =
        "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)T00:00:00.001Z"
      guard text == expected, try TimeText.parse(text) == time else {
        Issue.record("\(text) where \(expected) was due")
        return
      }
      let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      day += 1
      if day > lengths[month - 1] { (month, day) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
    }
    #expect(year == 2200)
  }
}
