/// One text in every language: it cannot be made without all of them.
public struct Phrase: Sendable, Hashable {
  private let english: String
  private let chinese: String

  /// A text, in English and in Chinese.
  public init(_ english: String, _ chinese: String) {
    self.english = english
    self.chinese = chinese
  }

  /// A name from a file, which is the same in every language.
  public init(name: String) { self.init(name, name) }

  /// One text after the other; `separator` stands between them.
  public static func joined(_ phrases: [Phrase], separator: Phrase) -> Phrase {
    Phrase(
      phrases.map(\.english).joined(separator: separator.english),
      phrases.map(\.chinese).joined(separator: separator.chinese))
  }

  /// The text in one language.
  public func text(_ language: Language) -> String {
    switch language {
    case .english: english
    case .chinese: chinese
    }
  }
}
