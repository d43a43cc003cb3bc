/// A language in which a report can be written.
public enum Language: String, Sendable, CaseIterable {
  /// English.
  case english = "en"
  /// Simplified Chinese, in the terms of GB/T 20999 and GA/T 1049.
  case chinese = "zh"

  /// Its tag in HTML.
  var tag: String {
    switch self {
    case .english: "en"
    case .chinese: "zh-Hans"
    }
  }
}

/// One text in every language: it cannot be made without all of them.
struct Phrase: Sendable {
  private let english: String
  private let chinese: String

  init(_ english: String, _ chinese: String) {
    self.english = english
    self.chinese = chinese
  }

  /// A name from a file, which is the same in every language.
  init(name: String) { self.init(name, name) }

  /// The text in one language.
  func text(_ language: Language) -> String {
    switch language {
    case .english: english
    case .chinese: chinese
    }
  }
}
