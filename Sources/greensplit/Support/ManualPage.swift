import Phrases

/// The page of greensplit(1) in one language, in man(7) macros, from the options of the commands.
struct ManualPage {
  private let language: Language

  init(_ language: Language) { self.language = language }

  /// The whole page.
  var text: String {
    let purpose = Phrase(
      "keeps traffic signals in step with traffic", "让信号配时跟上交通")
    let head = Phrase("User Commands", "用户命令")
    return """
      .\\" Printed by greensplit --manual-page.
      .TH GREENSPLIT 1 "" "greensplit \(CommandTable.version)" "\(said(head))"
      .\\" Names of files and options are too long for lines of equal length, and Chinese has no blanks.
      .ad l
      .nh
      .SH \(said(Phrase("NAME", "名称")))
      greensplit \\- \(said(purpose))
      .SH \(said(Phrase("SYNOPSIS", "用法")))
      .B greensplit
      .I \(said(Phrase("COMMAND", "命令")))
      .RI [ \(said(Phrase("OPTIONS", "选项"))) ]
      .SH \(said(Phrase("DESCRIPTION", "说明")))
      \(said(Self.description))
      .SH \(said(Phrase("COMMANDS", "命令")))
      \(CommandTable.commands.map { section($0.options) }.joined())\
      .SH \(said(Phrase("EXIT STATUS", "退出状态")))
      \(rows(Self.statuses.map { ("\($0.status.rawValue)", $0.meaning) }))\
      .SH \(said(Phrase("ENVIRONMENT", "环境变量")))
      \(rows([("LC_ALL, LC_MESSAGES, LANG", Self.environment)]))\
      .SH \(said(Phrase("FILES", "文件")))
      \(rows(Self.files))\
      .SH \(said(Phrase("SEE ALSO", "另见")))
      .BR systemctl (1),
      .BR journalctl (1),
      \(said(Phrase("the handbook in", "手册位于")))
      .I /usr/share/doc/greensplit/handbook

      """
  }

  private static let description = Phrase(
    "Camera counts become green time: greensplit run reads counts, works out green splits, and "
      + "writes timing plans into signal cabinets over Modbus. Plans are leased: if greensplit falls "
      + "silent, each cabinet returns to its own plan.",
    "相机计数变成绿灯时间：greensplit run 读取计数，计算绿信比，并通过 Modbus 把配时方案写入信号机。"
      + "方案有租约：greensplit 一旦静默，各信号机自动恢复本地方案。")

  private static let environment = Phrase(
    "the language of help and of texts, en or zh, unless --lang says it; the first that is set",
    "未用 --lang 指定时，帮助和文字的语言（en 或 zh）；取第一个已设置的变量")

  static let statuses: [(status: ExitStatus, meaning: Phrase)] = [
    (.success, Phrase("done, or told to stop", "完成，或按要求停止")),
    (
      .failure,
      Phrase("what was checked is not right, or the work failed", "所检查的内容有误，或操作失败")
    ),
    (
      .usage,
      Phrase(
        "the command line cannot be understood, or what it was given to read cannot be",
        "命令行无法理解，或所给的输入无法读取")
    ),
    (
      .plant,
      Phrase("an attached simulator failed; the result so far is kept", "外接仿真器失败；保留已有结果")
    ),
    (
      .held,
      Phrase(
        "another operator holds a junction, or a person has stopped writing",
        "路口由另一操作员控制，或写入已被人停止")
    ),
    (.declined, Phrase("the person who was asked did not agree", "被询问的人未同意")),
  ]

  private static let files: [(name: String, meaning: Phrase)] = [
    (
      "/etc/greensplit/greensplit.yaml",
      Phrase("the configuration of greensplit.service", "greensplit.service 的配置文件")
    ),
    (
      "/etc/greensplit/DISTRICT/greensplit.yaml",
      Phrase("that of greensplit@DISTRICT.service", "greensplit@DISTRICT.service 的配置文件")
    ),
    (
      HistoryCommand.usualPath,
      Phrase("the history; greensplit history copies it", "历史数据库；用 greensplit history 备份")
    ),
  ]

  /// One command with its options.
  private func section(_ list: OptionList) -> String {
    let operands = list.operands.map { " \(Self.escaped($0))" } ?? ""
    let options = list.options.map { option in
      (option.value.map { "\(option.name) \($0)" } ?? option.name, option.help)
    }
    return """
      .SS greensplit \(Self.escaped(list.command))\(operands)
      \(said(list.purpose))
      \(rows(options))
      """
  }

  /// Names in bold, each with its meaning below.
  private func rows(_ rows: [(name: String, meaning: Phrase)]) -> String {
    rows.map { ".TP\n\\fB\(Self.escaped($0.name))\\fR\n\(said($0.meaning))\n" }.joined()
  }

  private func said(_ phrase: Phrase) -> String { Self.escaped(phrase.text(language)) }

  /// Text that troff takes for text: no escapes, no hyphens that it would make typographic, and no
  /// control line.
  static func escaped(_ text: String) -> String {
    let escaped = text.reduce(into: "") { result, character in
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      default: result.append(character)
      }
    }
    return escaped.first == "." || escaped.first == "'" ? "\\&" + escaped : escaped
  }
}
