import Counts
import FoundationEssentials
import Glibc
import Phrases
import Signals

/// What a person wants of junctions in place of what control would choose (`docs/override.md`).
enum OverrideCommand: Command {
  static let options = OptionList(
    command: "override",
    purpose: Phrase(
      "Hold a stage, run a plan, hand over, stop writing, keep a route green: for a while, with a reason.",
      "限时并注明原因地锁定阶段、指定方案、交还本机、停止写入或保障勤务路线。"),
    operands: "stage S | plan A=30,B=12 | day-plan [NAME] | flash | all-red | writes | route LEG… "
      + "| list | end ID",
    options: [
      ControlQuestion.option,
      .init(
        name: "--junction", value: "ID",
        help: Phrase("the junction; several times, or with commas", "路口；可多次给出或用逗号分隔")),
      .init(
        name: "--reason", value: "TEXT",
        help: Phrase("why: for the log, the history and the next shift", "原因：供日志、历史和下一班查看")),
      .init(
        name: "--minutes", value: "N",
        help: Phrase("how long it lasts (30)", "持续多少分钟（30）")),
      .init(
        name: "--until", value: "TIME",
        help: Phrase(
          "when it ends instead: 08:30 by this machine's clock, or 2026-11-25T00:30:00Z",
          "改为给出结束时间：本机时间 08:30，或 2026-11-25T00:30:00Z")),
      .init(
        name: "--dry-run", value: nil,
        help: Phrase("show what would be done, and do nothing", "只显示将做什么，不执行")),
      .init(
        name: "--take-over", value: nil,
        help: Phrase(
          "end the override of another operator that is in the way; it is recorded",
          "结束占用该路口的他人干预；将被记录")),
      .init(
        name: "--yes", value: nil,
        help: Phrase("do not ask before it is done", "执行前不再询问")),
      .init(
        name: "--json", value: nil,
        help: Phrase("answer with JSON (docs/override.md)", "以 JSON 回答（docs/override.md）")),
    ])

  static func run(_ options: Options) throws -> ExitStatus {
    let words = options.operands
    let question = ControlQuestion(options)
    switch words.first {
    case "list" where words.count == 1:
      return try show(question.answer(to: #"{"do":"list"}"#), options)
    case "end" where words.count == 2:
      let line =
        #"{"do":"end","id":\#(jsonText(words[1])),"take_over":\#(options.has("--take-over"))}"#
      return try show(question.answer(to: line), options)
    case .some(let word):
      guard let action = OverrideRequest.Action(rawValue: word) else {
        throw options.wrong(
          "\(word): expected stage, plan, day-plan, flash, all-red, writes, route, list or end ID",
          "\(word)：应为 stage、plan、day-plan、flash、all-red、writes、route、list 或 end ID")
      }
      let request = try OverrideArguments(options).request(action)
      return try place(request, question, options)
    case nil:
      throw options.wrong("say what is to be done", "请说明要做什么")
    }
  }

  /// Shows what will be done, asks whether it is to be, and does it.
  private static func place(
    _ request: OverrideRequest, _ question: ControlQuestion, _ options: Options
  ) throws -> ExitStatus {
    let isAsked = !options.has("--yes") && !options.has("--dry-run")
    guard !isAsked || isatty(STDIN_FILENO) == 1 else {
      throw options.wrong(
        "without a terminal nobody can be asked: say --yes, or --dry-run",
        "没有终端，无法询问：请加 --yes 或 --dry-run")
    }
    if isAsked || options.has("--dry-run") {
      let answer = try question.answer(to: line(request.dry(true)))
      let status = try show(answer, options)
      guard status == .success, isAsked else { return status }
      write(Phrase("Do it? [y/N] ", "执行吗？[y/N] ").text(options.language), to: STDERR_FILENO)
      guard ["y", "yes", "是"].contains((readLine() ?? "").lowercased()) else { return .declined }
    }
    return try show(question.answer(to: line(request)), options)
  }

  private static func line(_ request: OverrideRequest) -> String {
    #"{"do":"place","# + request.json.dropFirst()
  }

  /// Prints an answer, and says how the command ends for it.
  private static func show(
    _ answer: (status: Int, body: [UInt8]), _ options: Options
  ) throws(Failure) -> ExitStatus {
    let text = String(decoding: answer.body, as: UTF8.self)
    guard answer.status < 300 else {
      if options.has("--json") { say(text) }
      let problem = try read(DeskProblem.Body.self, answer.body)
      complain("greensplit override: \(problem.words.text(options.language))")
      return answer.status == 409 ? .held : .failure
    }
    if options.has("--json") {
      say(text)
    } else if let done = try? JSONDecoder().decode(OverrideAnswer.self, from: Data(answer.body)) {
      say(OverrideText(language: options.language).text(done))
    } else {
      let list = try read(OverrideList.self, answer.body)
      let isEnd = options.operands.first == "end"
      say(OverrideText(language: options.language).text(list, isEnd: isEnd))
    }
    return .success
  }

  private static func read<Value: Decodable>(
    _ type: Value.Type, _ body: [UInt8]
  ) throws(Failure) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(body))
    } catch {
      throw Failure.otherVersion
    }
  }
}
