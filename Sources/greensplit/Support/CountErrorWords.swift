public import Counts
public import Phrases

extension CountError: WordedError {
  /// Where, which field, what is wrong and what would be right.
  public var words: Phrase {
    let place = element.map { "第 \(line) 行第 \($0) 项：" } ?? "第 \(line) 行："
    let name = field.map { "\($0)：" } ?? ""
    return Phrase(description, place + name + Phrase(recorded: reason).text(.chinese))
  }
}
