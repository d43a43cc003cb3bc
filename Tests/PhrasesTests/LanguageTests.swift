import Phrases
import Testing

@Suite("The language in which people are spoken to")
struct LanguageTests {
  /// An environment, and the language that it asks for.
  static let environments: [(variables: [String: String], language: Language)] = [
    ([:], .english),
    (["LANG": "C"], .english),
    (["LANG": "zh_CN.UTF-8"], .chinese),
    (["LANG": "zh"], .chinese),
    (["LANG": "ZH-Hans"], .chinese),
    (["LANG": "de_DE.UTF-8"], .english),
    (["LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"], .english),
    (["LANG": "en_US.UTF-8", "LC_ALL": "zh_TW"], .chinese),
    (["LANG": "zh_CN.UTF-8", "LC_ALL": ""], .chinese),
    (["LANG": "zhuang"], .english),
  ]

  @Test("is the one that the environment asks for, else English", arguments: environments.indices)
  func environment(index: Int) {
    let (variables, language) = Self.environments[index]
    #expect(Language { variables[$0] } == language)
  }

  @Test("has every text, and names are the same in each")
  func phrases() {
    let green = Phrase("green", "绿灯")
    #expect(Language.allCases.map(green.text) == ["green", "绿灯"])
    #expect(Language.allCases.map(Phrase(name: "J001").text) == ["J001", "J001"])
  }
}
