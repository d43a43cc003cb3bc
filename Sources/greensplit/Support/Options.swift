import Glibc
import Phrases

/// The options that a command takes. Written by hand since no Swift package can be had and getopt
/// neither describes itself nor reports several errors.
struct OptionList {
  /// One option of a command.
  struct Option {
    /// Name with its dashes, such as "--sites".
    let name: String
    /// Placeholder of its value in the help text; `nil` for a switch.
    let value: String?
    /// What it does, one line.
    let help: Phrase
  }

  /// What every command takes.
  private static let common = [
    Option(
      name: "--lang", value: "LANGUAGE",
      help: Phrase("en or zh (as LANG has it)", "en 或 zh（按环境变量 LANG）"))
  ]

  /// Command, such as "run".
  let command: String
  /// What the command does, one line.
  let purpose: Phrase
  /// Placeholder of the operands; `nil` if it takes none.
  let operands: String?
  /// Its options, in the order of the help text.
  let options: [Option]

  /// Describes a command.
  init(command: String, purpose: Phrase, operands: String? = nil, options: [Option]) {
    self.command = command
    self.purpose = purpose
    self.operands = operands
    self.options = options + Self.common
  }

  /// The text of `--help`.
  func help(in language: Language) -> String {
    let usage = Phrase("usage: ", "用法：").text(language)
    let hint = Phrase("OPTIONS", "选项").text(language)
    let width = options.map { label($0).count }.max() ?? 0
    let rows = options.map { option in
      let label = label(option)
      return "  \(label)\(String(repeating: " ", count: width - label.count + 2))"
        + "\(option.help.text(language))\n"
    }
    let operand = operands.map { " \($0)" } ?? ""
    return "\(usage)greensplit \(command)\(operand) [\(hint)]\n\(purpose.text(language))\n\n"
      + rows.joined()
  }

  /// Reads `arguments`, or tells what is wrong with them.
  func parse(_ arguments: [String]) throws(UsageError) -> Options {
    var values: [(name: String, value: String)] = []
    var operandValues: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("--"), argument != "--" else {
        operandValues.append(argument)
        continue
      }
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard let option = options.first(where: { $0.name == name }) else {
        throw wrong("unknown option \(name)", "没有选项 \(name)")
      }
      if option.value == nil {
        guard parts.count == 1 else {
          throw wrong("\(name) takes no value", "\(name) 不带值")
        }
        values.append((name, ""))
      } else if parts.count == 2 {
        values.append((name, String(parts[1])))
      } else if let value = rest.popFirst() {
        values.append((name, value))
      } else {
        throw wrong(
          "\(name) needs a value: \(label(option))", "\(name) 缺少值：\(label(option))")
      }
    }
    guard operands != nil || operandValues.isEmpty else {
      throw wrong(
        "unexpected operand \(operandValues[0])", "多余的参数 \(operandValues[0])")
    }
    let language = try language(values.last { $0.name == "--lang" }?.value)
    return Options(
      command: command, language: language, values: values, operands: operandValues)
  }

  private func language(_ word: String?) throws(UsageError) -> Language {
    guard let word else { return .ofEnvironment }
    guard let language = Language(rawValue: word) else {
      throw wrong("--lang \(word): expected en or zh", "--lang \(word)：应为 en 或 zh")
    }
    return language
  }

  private func wrong(_ english: String, _ chinese: String) -> UsageError {
    UsageError(command: command, problem: Phrase(english, chinese))
  }

  private func label(_ option: Option) -> String {
    option.value.map { "\(option.name) \($0)" } ?? option.name
  }
}

/// What was said on the command line.
struct Options {
  let command: String
  /// The language in which to answer.
  let language: Language
  fileprivate let values: [(name: String, value: String)]
  /// The words that belong to no option, in order.
  let operands: [String]

  /// Whether a switch was given.
  func has(_ name: String) -> Bool { values.contains { $0.name == name } }

  /// The last value of an option.
  subscript(_ name: String) -> String? { values.last { $0.name == name }?.value }

  /// Every value of an option, in order.
  func all(_ name: String) -> [String] { values.filter { $0.name == name }.map(\.value) }

  /// A value that must be there.
  func require(_ name: String) throws(UsageError) -> String {
    guard let value = self[name] else {
      throw wrong("\(name) is missing", "缺少 \(name)")
    }
    return value
  }

  /// A value read by `read`; `expected` says what would be right if it cannot be.
  func value<Value>(
    _ name: String, expected: Phrase, read: (String) -> Value?
  ) throws(UsageError) -> Value? {
    guard let text = self[name] else { return nil }
    guard let value = read(text) else {
      throw wrong(
        "\(name) \(text): expected \(expected.text(.english))",
        "\(name) \(text) 不正确，应为：\(expected.text(.chinese))")
    }
    return value
  }

  /// What is wrong with the command line, and what would be right.
  func wrong(_ english: String, _ chinese: String) -> UsageError {
    UsageError(command: command, problem: Phrase(english, chinese))
  }
}

/// A command line that cannot be understood: exit status 2.
struct UsageError: WordedError {
  let command: String
  let problem: Phrase

  /// One line: the problem, and where more is told.
  var words: Phrase {
    Phrase(
      "greensplit \(command): \(problem.text(.english)); see greensplit \(command) --help",
      "greensplit \(command): \(problem.text(.chinese))；见 greensplit \(command) --help")
  }
}

/// What options take.
extension Phrase {
  static let wholeNumber = Phrase("a whole number", "整数")

  /// A number of `range`.
  static func number(in range: ClosedRange<Int>) -> Phrase {
    Phrase(
      "\(range.lowerBound) to \(range.upperBound)", "\(range.lowerBound) 至 \(range.upperBound)")
  }
}

extension Language {
  /// The one that the environment of the process asks for.
  static var ofEnvironment: Language { Language { getenv($0).map { String(cString: $0) } } }
}
