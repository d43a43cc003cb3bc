public import Signals

/// Times of count records as text (RFC 3339, up to milliseconds) and as seconds.
///
/// By hand: the standard library has no calendar, and Foundation's is not for the core.
enum TimeText {
  /// Milliseconds from 1970-01-01T00:00:00Z to 10000-01-01T00:00:00Z, the end of four-digit years.
  static let limit: Int64 = 253_402_300_800_000

  /// What is no time.
  struct Malformed: Error { let reason: String }

  /// The time that `text` says, such as "2026-11-23T08:00:00.000Z" or with an offset "+08:00".
  static func parse(_ text: String) throws(Malformed) -> UTC {
    var scanner = Scanner(bytes: Array(text.utf8))
    let year = try scanner.number(digits: 4, "a year")
    try scanner.skip("-")
    let month = try scanner.number(digits: 2, "a month", in: 1...12)
    try scanner.skip("-")
    let days = daysIn(month: month, year: year)
    let day = try scanner.number(digits: 2, "a day of that month", in: 1...days)
    try scanner.skip("T", or: "t")
    let hour = try scanner.number(digits: 2, "an hour", in: 0...23)
    try scanner.skip(":")
    let minute = try scanner.number(digits: 2, "a minute", in: 0...59)
    try scanner.skip(":")
    let second = try scanner.number(digits: 2, "a second", in: 0...59)
    let fraction = try scanner.milliseconds()
    let offset = try scanner.offsetMinutes()
    let dayNumber = daysSince1970(year: year, month: month, day: day)
    let minutes = (dayNumber * 24 + hour) * 60 + minute - offset
    let milliseconds = Int64(minutes * 60 + second) * 1000 + Int64(fraction)
    guard (0..<limit).contains(milliseconds) else { throw Malformed(reason: "is before 1970") }
    return UTC(milliseconds: milliseconds)
  }

  /// `time` to the millisecond in UTC, such as "2026-11-23T08:00:00.000Z".
  static func format(_ time: UTC) -> String {
    precondition((0..<limit).contains(time.milliseconds), "a year from 1970 to 9999")
    let (days, rest) = time.milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
    let date = civil(daysSince1970: Int(days))
    let milliseconds = Int(rest)
    return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2) + "T"
      + padded(milliseconds / 3_600_000, 2) + ":" + padded(milliseconds / 60_000 % 60, 2) + ":"
      + padded(milliseconds / 1000 % 60, 2) + "." + padded(milliseconds % 1000, 3) + "Z"
  }

  private static func padded(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  private static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  private static func daysIn(month: Int, year: Int) -> Int {
    // Long and short months alternate, and anew from August on.
    month == 2 ? (isLeap(year) ? 29 : 28) : (month + month / 8) % 2 == 1 ? 31 : 30
  }

  /// Days before the `year` of the Gregorian calendar, carried back before its introduction.
  private static func daysBefore(year: Int) -> Int {
    let past = year - 1
    return past * 365 + past / 4 - past / 100 + past / 400
  }

  private static let daysTo1970 = daysBefore(year: 1970)

  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    var months = 0
    for before in 1..<month { months += daysIn(month: before, year: year) }
    return daysBefore(year: year) - daysTo1970 + months + day - 1
  }

  private static func civil(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    // 146,097 days are 400 years; leap days put the guess a year off at most.
    var year = (days + daysTo1970) * 400 / 146_097 + 1
    while daysBefore(year: year) - daysTo1970 > days { year -= 1 }
    while daysBefore(year: year + 1) - daysTo1970 <= days { year += 1 }
    var rest = days - (daysBefore(year: year) - daysTo1970)
    var month = 1
    while rest >= daysIn(month: month, year: year) {
      rest -= daysIn(month: month, year: year)
      month += 1
    }
    return (year, month, rest + 1)
  }
}

/// Reads a time from left to right.
private struct Scanner {
  let bytes: [UInt8]
  var position = 0

  mutating func skip(
    _ due: Unicode.Scalar, or other: Unicode.Scalar? = nil
  ) throws(TimeText.Malformed) {
    guard position < bytes.count,
      due == Unicode.Scalar(bytes[position]) || other == Unicode.Scalar(bytes[position])
    else { throw TimeText.Malformed(reason: "has no \(due) after \(position) characters") }
    position += 1
  }

  mutating func number(
    digits: Int, _ meaning: String, in range: ClosedRange<Int> = 0...9999
  ) throws(TimeText.Malformed) -> Int {
    let end = position + digits
    guard end <= bytes.count, bytes[position..<end].allSatisfy(isDigit) else {
      throw TimeText.Malformed(
        reason: "has no \(digits) digits for \(meaning) after \(position) characters")
    }
    let value = bytes[position..<end].reduce(0) { $0 * 10 + Int($1) - 48 }
    position = end
    guard range.contains(value) else {
      throw TimeText.Malformed(reason: "has \(value) where \(meaning) is due")
    }
    return value
  }

  mutating func milliseconds() throws(TimeText.Malformed) -> Int {
    guard position < bytes.count, bytes[position] == UInt8(ascii: ".") else { return 0 }
    position += 1
    let digits = bytes[position...].prefix(while: isDigit)
    guard (1...3).contains(digits.count) else {
      throw TimeText.Malformed(reason: "has \(digits.count) digits of a second, not 1 to 3")
    }
    position += digits.count
    let scale = [100, 10, 1][digits.count - 1]
    return digits.reduce(0) { $0 * 10 + Int($1) - 48 } * scale
  }

  /// Minutes by which the written time is ahead of UTC; nothing may follow.
  mutating func offsetMinutes() throws(TimeText.Malformed) -> Int {
    guard position < bytes.count else { throw TimeText.Malformed(reason: "has no Z at its end") }
    let sign = bytes[position]
    var minutes = 0
    switch Unicode.Scalar(sign) {
    case "Z", "z": position += 1
    case "+", "-":
      position += 1
      let hours = try number(digits: 2, "an offset's hours", in: 0...23)
      try skip(":")
      minutes = try hours * 60 + number(digits: 2, "an offset's minutes", in: 0...59)
    default: throw TimeText.Malformed(reason: "has no Z after \(position) characters")
    }
    guard position == bytes.count else {
      throw TimeText.Malformed(reason: "goes on after its offset")
    }
    return sign == UInt8(ascii: "-") ? -minutes : minutes
  }

  private func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}

extension UTC {
  /// The time that `text` says as count records do, such as "2026-11-23T08:00:00Z" or with an offset
  /// "+08:00"; `nil` if it says none.
  public init?(rfc3339 text: String) {
    guard let time = try? TimeText.parse(text) else { return nil }
    self = time
  }

  /// The time as count records say it, with milliseconds; what no year of four digits has, as the end
  /// of those that have.
  public var rfc3339: String {
    TimeText.format(UTC(milliseconds: min(max(0, milliseconds), TimeText.limit - 1)))
  }
}
