import Lint
import Phrases
import Sites

/// A check for people, one line for each problem, as compilers tell them.
extension CheckReport {
  /// Problems on standard error, and a line for each good file on standard output. What a file accepts
  /// is not told again.
  func tell(in language: Language) {
    for problem in problems where problem.level != .accepted {
      complain(problem.line(in: language))
    }
    for file in files { say(file.summary.text(language)) }
  }
}

extension CheckReport.Problem {
  fileprivate func line(in language: Language) -> String {
    let words = message.text(language)
    guard let place else { return "\(file): \(words)" }
    let start = "\(file):\(place.mark.line):\(place.mark.column): \(level.rawValue): \(place.key): "
    guard let finding else { return start + words }
    let formula = finding.rule.formula.text(language)
    let source = finding.rule.source.text(language)
    return start + "\(words) (\(formula); \(source)) [\(rule)]"
  }
}
