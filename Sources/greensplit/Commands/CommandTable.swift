import History
import Phrases

/// One word after `greensplit` on the command line.
protocol Command: Sendable {
  /// Its name, options and help.
  static var options: OptionList { get }

  /// Does the work; what is thrown is printed on standard error.
  static func run(_ options: Options) throws -> ExitStatus
}

/// All commands, in the order in which a person meets them.
enum CommandTable {
  static let version = "0.1.0"

  static let commands: [any Command.Type] = [
    CheckCommand.self, FeedTestCommand.self, PlanCommand.self, RunCommand.self, StatusCommand.self,
    CabinetsCommand.self, WritesCommand.self, OverrideCommand.self, ExplainCommand.self,
    CabinetCommand.self,
    CabinetReadCommand.self,
    CabinetTestCommand.self, SimulateCommand.self, ReplayCommand.self, ReportCommand.self,
    ImportCommand.self, HistoryCommand.self, DemoCommand.self, BenchCommand.self,
  ]

  /// Runs the command that `arguments` name.
  static func run(_ arguments: [String]) -> ExitStatus {
    let language = language(of: arguments)
    guard let name = arguments.first, !["--help", "-h", "help"].contains(name) else {
      say(help(in: language))
      return arguments.isEmpty ? .usage : .success
    }
    if name == "--version" {
      say("greensplit \(version)")
      return .success
    }
    // For the package's scripts, which copy the history before it changes for good.
    if name == "--history-schema" {
      say("\(HistorySummary.currentSchema)")
      return .success
    }
    // For `make install`: what is generated from the very options that --help tells.
    if name == "--manual-page" {
      write(ManualPage(language).text, to: 1)
      return .success
    }
    if name == "--bash-completion" {
      write(BashCompletion.text, to: 1)
      return .success
    }
    guard let command = commands.first(where: { $0.options.command == name }) else {
      complain(
        Phrase(
          "greensplit: unknown command \(name); see greensplit --help",
          "greensplit: 没有命令 \(name)；见 greensplit --help"
        ).text(language))
      return .usage
    }
    let rest = Array(arguments.dropFirst())
    if rest.contains("--help") || rest.contains("-h") {
      write(command.options.help(in: language), to: 1)
      return .success
    }
    do {
      let options = try command.options.parse(rest)
      Log.language = options.language
      return try command.run(options)
    } catch let error as UsageError {
      complain(error.words.text(language))
      return .usage
    } catch {
      complain("greensplit \(name): \(Phrase(of: error).text(language))")
      return (error as? Failure)?.status ?? .failure
    }
  }

  /// The language of help and of errors, for which a command line need not be right.
  private static func language(of arguments: [String]) -> Language {
    var told: String?
    for (argument, next) in zip(arguments, arguments.dropFirst() + [""]) {
      if argument == "--lang" { told = next }
      if argument.hasPrefix("--lang=") { told = String(argument.dropFirst("--lang=".count)) }
    }
    return told.flatMap(Language.init(rawValue:)) ?? .ofEnvironment
  }

  private static func help(in language: Language) -> String {
    let width = commands.map { $0.options.command.count }.max() ?? 0
    let rows = commands.map { command in
      let name = command.options.command
      let padding = String(repeating: " ", count: width - name.count + 2)
      return "  \(name)\(padding)\(command.options.purpose.text(language))"
    }
    let table = rows.joined(separator: "\n")
    return Phrase(
      """
      Greensplit keeps traffic signals in step with traffic: camera counts become green time.

      usage: greensplit COMMAND [OPTIONS]

      \(table)

      greensplit COMMAND --help tells the options of a command; greensplit --version the version.
      """,
      """
      Greensplit 让信号配时跟上交通：相机计数变成绿灯时间。

      用法：greensplit 命令 [选项]

      \(table)

      greensplit 命令 --help 说明命令的选项；greensplit --version 给出版本。
      """
    ).text(language)
  }
}
