import Glibc
import Phrases
import Synchronization
import Signals

/// Structured log lines on standard error: `key=value` pairs, one event a line.
///
/// The prefix `<n>` is the syslog priority that journald reads; it is left out on a terminal.
enum Log {
  /// How much an operator must care.
  enum Level: Int {
    case error = 3
    case warning = 4
    case notice = 5
    case info = 6

    var name: String {
      switch self {
      case .error: "error"
      case .warning: "warning"
      case .notice: "notice"
      case .info: "info"
      }
    }
  }

  private static let isChinese = Atomic(false)

  /// The language of what people read in the lines, which whoever began the daemon asked for: values of
  /// `words`. Keys, events and figures are the same in all, for programs.
  static var language: Language {
    get { isChinese.load(ordering: .relaxed) ? .chinese : .english }
    set { isChinese.store(newValue == .chinese, ordering: .relaxed) }
  }

  /// The fields whose values are words.
  private static let words = ["what", "cause", "reason", "last_reason", "control", "why"]

  /// Writes one event.
  ///
  /// - Parameters:
  ///   - level: How much an operator must care.
  ///   - event: What happened, a few words in a fixed form.
  ///   - at: When, on the daemon's clock; `nil` before it has one.
  ///   - fields: Where and with which values.
  static func write(
    _ level: Level, _ event: String, at: UTC? = nil, _ fields: [(String, String)] = []
  ) {
    let prefix = isTerminal ? "" : "<\(level.rawValue)>"
    let time = at.map { "time=\(timestamp($0)) " } ?? ""
    let language = language
    let pairs = fields.map { key, value in
      let isToSay = language != .english && words.contains(key)
      return " \(key)=\(quoted(isToSay ? Phrase(recorded: value).text(language) : value))"
    }.joined()
    complain("\(prefix)\(time)level=\(level.name) event=\(quoted(event))\(pairs)")
  }

  /// RFC 3339 with milliseconds.
  static func timestamp(_ utc: UTC) -> String {
    var seconds = time_t(utc.milliseconds >= 0 ? utc.milliseconds / 1000 : 0)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func padded(_ value: Int32, _ width: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    let date =
      "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))"
    let clock =
      "\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2)):\(padded(parts.tm_sec, 2))"
    return "\(date)T\(clock).\(padded(Int32(max(0, utc.milliseconds) % 1000), 3))Z"
  }

  /// A value that a reader can take apart again: quoted if it holds more than a plain word. What a
  /// terminal or a log viewer could take for the end of a line, or not show, is escaped by its number,
  /// so that no value can forge a line or hide in one.
  static func quoted(_ value: String) -> String {
    let plain = value.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII && scalar.value > 32 && scalar.value < 127
        && !"\"=\\".unicodeScalars.contains(scalar)
    }
    if plain && !value.isEmpty { return value }
    var text = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case _ where scalar.properties.generalCategory.isInvisible:
        text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}

extension Unicode.GeneralCategory {
  /// Control and format characters, those that turn the direction of writing among them, and what
  /// separates lines and paragraphs.
  fileprivate var isInvisible: Bool {
    [.control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse]
      .contains(self)
  }
}
