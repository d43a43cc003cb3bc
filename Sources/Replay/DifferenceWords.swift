public import Phrases

extension DecisionDifference {
  /// One line for people; what was recorded and is decided now is told as it is kept, in Chinese as far
  /// as it is a sentence.
  public var words: Phrase {
    func chinese(_ text: String) -> String { Phrase(recorded: text).text(.chinese) }
    return Phrase(
      "\(junction) at \(at), tick \(tick) of epoch \(epoch), \(field): recorded \(recorded); now \(now)",
      "\(junction)，\(at)，任期号 \(epoch) 的第 \(tick) 步，\(chinese(field))：记录为 \(chinese(recorded))；"
        + "现为 \(chinese(now))")
  }
}
