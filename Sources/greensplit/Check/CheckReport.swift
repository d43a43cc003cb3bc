import Lint
import Phrases
import Sites

/// What `greensplit check` found, before it is known how to tell it.
struct CheckReport {
  /// How much a problem matters.
  enum Level: String, Encodable {
    /// The file is refused.
    case error
    /// The file is taken, and somebody should look.
    case warning
    /// The file says that it knows, and why.
    case accepted
  }

  /// One thing that was found.
  struct Problem {
    let level: Level
    /// Name of the rule, which never changes.
    let rule: String
    let file: String
    /// Where in it; `nil` if it is about the file among others.
    let place: Place?
    let message: Phrase
    /// What the rules of the trade say besides.
    let finding: Finding?
  }

  /// A file that can be read.
  struct File {
    let path: String
    let summary: Phrase
  }

  private(set) var problems: [Problem] = []
  private(set) var files: [File] = []

  func count(_ level: Level) -> Int { problems.count { $0.level == level } }

  /// How the command ends: with any error, and where it is strict with any warning.
  func status(isStrict: Bool) -> ExitStatus {
    count(.error) == 0 && (!isStrict || count(.warning) == 0) ? .success : .failure
  }

  mutating func add(_ file: String, _ summary: Phrase) {
    files.append(File(path: file, summary: summary))
  }

  mutating func add(_ errors: [SiteError]) {
    problems += errors.map { error in
      Problem(
        level: .error, rule: OtherRule.invalid.id, file: error.file,
        place: Place(mark: error.mark, key: error.key), message: error.problem,
        finding: nil)
    }
  }

  mutating func add(_ findings: [Finding]) {
    problems += findings.map { finding in
      Problem(
        level: finding.acceptance == nil ? .warning : .accepted, rule: finding.rule.id,
        file: finding.file, place: finding.place, message: finding.message, finding: finding)
    }
  }

  /// What the make of a junction's cabinet cannot do.
  mutating func addLacks(of file: SiteFile) {
    problems += file.lacks.map { lack in
      Problem(
        level: .warning, rule: OtherRule.cabinetLacks.id, file: file.path, place: file.makePlace,
        message: lack, finding: nil)
    }
  }

  /// What a configuration file names that no site file has.
  mutating func addStranger(_ words: Phrase, _ rule: OtherRule, in file: String) {
    problems.append(
      Problem(
        level: .error, rule: rule.id, file: file, place: nil,
        message: words, finding: nil))
  }
}

/// What is found otherwise than by the rules of the trade.
enum OtherRule: String, CaseIterable {
  case invalid
  case cabinetLacks = "cabinet-lacks"
  case unknownDetector = "unknown-detector"
  case unknownJunction = "unknown-junction"

  var id: String { rawValue }

  var level: CheckReport.Level { self == .cabinetLacks ? .warning : .error }

  var title: Phrase {
    switch self {
    case .invalid: Phrase("the file cannot be used as it is", "文件无法使用")
    case .cabinetLacks:
      Phrase("the make of the cabinet cannot do all", "该型号信号机能力不足")
    case .unknownDetector:
      Phrase("a camera names a detector of no site file", "相机引用了不存在的检测器")
    case .unknownJunction:
      Phrase("a mode is set for a junction of no site file", "为不存在的路口设置了控制方式")
    }
  }
}
