import JSONText
import Phrases
import Signals

/// One JSON object, written key by key: the pages are told anew every second, for thousands of junctions.
struct JSONObject {
  private(set) var text = "{"

  /// The object as it is.
  var closed: String { text + "}" }

  /// JSON that is already text.
  mutating func add(_ key: String, json: String) {
    if text.utf8.count > 1 { text += "," }
    text += "\"\(key)\":\(json)"
  }

  mutating func add(_ key: String, _ value: String) { add(key, json: jsonString(value)) }

  mutating func add(_ key: String, _ value: Int) { add(key, json: "\(value)") }

  mutating func add(_ key: String, _ value: Bool) { add(key, json: "\(value)") }

  /// A number with so many places; what is not known is left out.
  mutating func add(_ key: String, _ value: Double?, places: Int = 1) {
    guard let value, value.isFinite, abs(value) < 1e12 else { return }
    add(key, json: decimal(value, places: places))
  }

  /// A time, RFC 3339; what is not known is left out.
  mutating func add(_ key: String, _ value: UTC?) {
    guard let value else { return }
    add(key, json: "\"\(timestamp(value))\"")
  }

  /// A text in both languages.
  mutating func add(_ key: String, _ value: Phrase) { add(key, json: both(value)) }

  mutating func add(_ key: String, list: [String]) {
    add(key, json: "[" + list.joined(separator: ",") + "]")
  }
}

/// `{"en":…,"zh":…}`.
func both(_ phrase: Phrase) -> String {
  "{\"en\":\(jsonString(phrase.text(.english))),\"zh\":\(jsonString(phrase.text(.chinese)))}"
}

/// `utc` as RFC 3339 to the second, "2026-11-25T00:00:03Z"; days as in Howard Hinnant's
/// `civil_from_days` (http://howardhinnant.github.io/date_algorithms.html).
func timestamp(_ utc: UTC) -> String {
  let seconds = Int((utc.seconds).rounded(.down))
  let day = Int((Double(seconds) / 86_400).rounded(.down))
  let second = seconds - day * 86_400
  let shifted = day + 719_468
  let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
  let dayOfEra = shifted - era * 146_097
  let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
  let month = (5 * dayOfYear + 2) / 153
  let date = dayOfYear - (153 * month + 2) / 5 + 1
  let civilMonth = month < 10 ? month + 3 : month - 9
  let civilYear = year + era * 400 + (civilMonth <= 2 ? 1 : 0)
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  return "\(civilYear)-\(two(civilMonth))-\(two(date))T\(two(second / 3600)):"
    + "\(two(second / 60 % 60)):\(two(second % 60))Z"
}
