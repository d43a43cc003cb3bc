public import Phrases

/// A place in a file, counted from 1 as editors do.
public struct Mark: Hashable, Comparable, Sendable {
  /// Line, from 1.
  public let line: Int

  /// Column in characters, from 1.
  public let column: Int

  /// The place in `line` at `column`.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// Where every file begins; errors about a file as a whole stand there.
  public static let start = Mark(line: 1, column: 1)

  /// Whether `a` comes before `b`.
  public static func < (a: Mark, b: Mark) -> Bool { (a.line, a.column) < (b.line, b.column) }
}

/// One thing that is wrong in a file, worded for the person who edits it.
public struct SiteError: Error, Hashable, Sendable {
  /// The file, as it was named by whoever asked for it.
  public let file: String

  /// Where it is wrong.
  public let mark: Mark

  /// The key at fault with all keys around it, such as `stages[A].min_green`; an entry of a list
  /// stands under its name, or as `#2` if it has none.
  public let key: String

  /// What is wrong, and what would be right.
  public let problem: Phrase

  /// Line, from 1.
  public var line: Int { mark.line }

  /// Column in characters, from 1.
  public var column: Int { mark.column }

  /// Something wrong at `mark` of `file`.
  public init(file: String, mark: Mark, key: String, problem: Phrase) {
    self.file = file
    self.mark = mark
    self.key = key
    self.problem = problem
  }
}

extension SiteError: CustomStringConvertible {
  /// The error in English.
  public var description: String { text(.english) }

  /// `file:line:column: error: key: what is wrong, and what would be right`.
  public func text(_ language: Language) -> String {
    "\(file):\(line):\(column): error: \(key): \(problem.text(language))"
  }
}

/// Everything that is wrong in one or more files; never empty.
public struct SiteErrors: WordedError, Hashable {
  /// The errors of each file by position, files in the order in which they were read.
  public let errors: [SiteError]

  init(_ errors: [SiteError]) {
    precondition(!errors.isEmpty, "errors without an error")
    self.errors = errors
  }

  /// One line for each error.
  public var words: Phrase { Phrase(text(.english), text(.chinese)) }

  /// One line for each error.
  public func text(_ language: Language) -> String {
    errors.map { $0.text(language) }.joined(separator: "\n")
  }
}

/// The errors of one file while it is read.
///
/// A class, so that every field can report where it stands and reading goes on to the next one.
public final class Problems {
  /// The file, as it was named by whoever asked for it.
  public let file: String

  private var found: [SiteError] = []

  init(file: String) { self.file = file }

  /// Whether nothing is wrong so far.
  public var isEmpty: Bool { found.isEmpty }

  /// Notes what is wrong with `key`, in English and in Chinese.
  func report(_ mark: Mark, _ key: String, _ english: String, _ chinese: String) {
    report(mark, key, Phrase(english, chinese))
  }

  /// Notes that `problem` is wrong with `key`.
  func report(_ mark: Mark, _ key: String, _ problem: Phrase) {
    found.append(SiteError(file: file, mark: mark, key: key, problem: problem))
  }

  /// All errors by position; at the same position in the order in which they were found.
  public var sorted: [SiteError] {
    found.enumerated().sorted { ($0.element.mark, $0.offset) < ($1.element.mark, $1.offset) }
      .map(\.element)
  }
}
