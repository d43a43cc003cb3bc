/// A language in which people read what greensplit says.
public enum Language: String, Sendable, CaseIterable {
  /// English.
  case english = "en"
  /// Simplified Chinese, in the terms of GB/T 20999 and GA/T 1049.
  case chinese = "zh"

  /// Its tag in HTML (BCP 47).
  public var tag: String {
    switch self {
    case .english: "en"
    case .chinese: "zh-Hans"
    }
  }

  /// The language that an environment asks for, as POSIX has it: `LC_ALL` before `LC_MESSAGES` before
  /// `LANG`, whichever is first not empty. English for every language that is not there.
  ///
  /// - Parameter variable: A variable of the environment; `nil` if it is not set.
  public init(environment variable: (String) -> String?) {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap(variable).first { !$0.isEmpty }
    let code = locale?.prefix { $0 != "_" && $0 != "." && $0 != "@" && $0 != "-" } ?? ""
    self = Self(rawValue: code.lowercased()) ?? .english
  }
}
