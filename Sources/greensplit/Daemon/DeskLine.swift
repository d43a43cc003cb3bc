import FoundationEssentials
import Phrases

/// A request to the desk as one line of JSON (`docs/override.md`), as it comes over the control socket.
enum DeskLine {
  /// Most bytes of a line.
  static let limit = OverrideRequest.byteLimit

  /// The words of a line beside those of an override.
  private struct Words: Decodable {
    let `do`: String
    let id: String?
    let junction: String?
    let at: String?
    let take_over: Bool?
  }

  /// Hands what `line` asks for to `desk`; `done` is called once, on any queue, with the answer's line.
  static func answer(
    _ line: [UInt8], from visitor: Visitor, at desk: Desk,
    done: @escaping @Sendable (String) -> Void
  ) {
    let give: @Sendable (DeskAnswer) -> Void = { done(text($0)) }
    do throws(DeskProblem) {
      let words = try words(line)
      switch words.do {
      case "place":
        desk.place(try OverrideRequest.read(line, beside: ["do"]), for: visitor, done: give)
      case "end":
        give(desk.end(words.id ?? "", for: visitor, takingOver: words.take_over ?? false))
      case "list": give(desk.list())
      case "explain": desk.explain(words.junction ?? "", at: words.at, done: give)
      default:
        throw DeskProblem(
          400,
          Phrase(
            "unknown word \(visible(words.do)); known are place, end, list, explain",
            "未知命令 \(visible(words.do))；已知命令为 place、end、list、explain"))
      }
    } catch {
      give(desk.turnAway(visitor, error))
    }
  }

  private static func words(_ line: [UInt8]) throws(DeskProblem) -> Words {
    do {
      return try JSONDecoder().decode(Words.self, from: Data(line))
    } catch {
      throw DeskProblem(
        400, Phrase("a line is a JSON object with a word in \"do\"", "每行为一个 JSON 对象，\"do\" 中给出命令"))
    }
  }

  /// {"body":…,"status":200}
  private static func text(_ answer: DeskAnswer) -> String {
    "{\"body\":\(answer.body),\"status\":\(answer.status)}"
  }
}
