import Control
import Counts
import FoundationEssentials
import Phrases
import Signals

/// Who asks something of the desk.
struct Visitor: Sendable, Equatable {
  /// Name of the user or of the token.
  let name: String
  /// From where, such as "uid 1000" or "10.1.2.3".
  let place: String

  /// For records: both.
  var who: String { name == place ? name : "\(name) (\(place))" }
}

/// What the desk answers: a status as in HTTP, and JSON.
struct DeskAnswer: Sendable, Equatable {
  let status: Int
  let body: String

  init(_ status: Int, _ body: some Encodable) {
    self.status = status
    self.body = jsonText(body)
  }

  init(_ problem: DeskProblem) {
    self.init(
      problem.status,
      DeskProblem.Body(
        error: problem.words.text(.english), words: Told(problem.words), held_by: problem.holders))
  }
}

/// Why the desk does not do what it was asked for.
struct DeskProblem: WordedError {
  /// 400 not understood, 403 may not, 404 unknown, 409 held by others, 422 cannot be done, 503 not now.
  let status: Int
  let words: Phrase
  /// The overrides that are in the way.
  let holders: [OverrideReport]?

  init(_ status: Int, _ words: Phrase, holders: [OverrideReport]? = nil) {
    self.status = status
    self.words = words
    self.holders = holders
  }

  /// The problem as JSON.
  struct Body: Codable {
    let error: String
    let words: Told
    let held_by: [OverrideReport]?
  }
}

/// A text in both languages, as JSON.
struct Told: Codable, Sendable, Equatable {
  let en: String
  let zh: String

  init(_ phrase: Phrase) {
    en = phrase.text(.english)
    zh = phrase.text(.chinese)
  }

  /// As it was before it was JSON.
  var phrase: Phrase { Phrase(en, zh) }

  func text(_ language: Language) -> String { phrase.text(language) }
}

/// One override of one junction, as JSON.
struct OverrideReport: Codable, Sendable, Equatable {
  /// Its number; `nil` if it is only shown.
  let id: String?
  /// Identifier of the junction; empty for the whole installation.
  let junction: String
  /// The action of the request.
  let action: String
  /// What it does.
  let words: Told
  /// What ran before.
  let before: Told
  let who: String
  let reason: String
  /// RFC 3339, UTC.
  let begins: String
  /// When the stage of a route is to be green; as `begins` for all others.
  let ready: String
  let ends: String
}

/// What became of a request.
struct OverrideAnswer: Codable, Sendable {
  /// Number of the override; `nil` if it was only shown.
  let id: String?
  let dry_run: Bool
  let from: String
  let until: String
  let overrides: [OverrideReport]
  /// Overrides of others that have ended for it, or would.
  let takes_over: [OverrideReport]
}

/// All overrides that last.
struct OverrideList: Codable, Sendable {
  /// Version of the format.
  static let format = "greensplit-overrides-1"

  let format: String
  let at: String
  /// The longest that an override may last, minutes.
  let longest_minutes: Double
  let overrides: [OverrideReport]
}
