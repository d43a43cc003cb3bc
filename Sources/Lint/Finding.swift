public import Phrases
public import Sites

/// What a rule of the trade found in a site file: a value, and the value that was to be expected.
public struct Finding: Sendable, Equatable {
  /// The rule.
  public let rule: Rule
  /// The file, as it was named by whoever asked for it.
  public let file: String
  /// Where in it, and at which key.
  public let place: Place
  /// Identifier of the junction.
  public let junction: String
  /// What of the junction it is about.
  public let elements: [Element]
  /// The value found, with its unit.
  public let found: String
  /// What was expected, with its unit.
  public let expected: String
  /// What it means.
  public let message: Phrase
  /// Why the file accepts it; `nil` if it does not.
  public let acceptance: String?

  /// `true` unless two findings differ; rules are the same if their ids are.
  public static func == (a: Finding, b: Finding) -> Bool {
    a.rule.id == b.rule.id && a.file == b.file && a.place == b.place && a.junction == b.junction
      && a.elements == b.elements && a.found == b.found && a.expected == b.expected
      && a.message == b.message && a.acceptance == b.acceptance
  }
}

/// An element of a junction, by name.
public struct Element: Sendable, Equatable {
  /// What it is.
  public enum Kind: String, Sendable, CaseIterable {
    /// An arm.
    case approach
    /// A signal group.
    case signalGroup = "signal_group"
    /// A queue.
    case laneGroup = "lane_group"
    /// A crossing.
    case crossing
    /// A stage.
    case stage
  }

  /// What it is.
  public let kind: Kind
  /// Its name in the file.
  public let name: String

  init(_ kind: Kind, _ name: String) {
    self.kind = kind
    self.name = name
  }
}

/// What a rule saw, before it is known where in the file that stands.
struct Observation {
  /// Section, entry and key of the file.
  let section: String
  let entry: Int?
  let key: String?
  let elements: [Element]
  let found: String
  let expected: String
  let message: Phrase

  init(
    _ section: String, _ entry: Int? = nil, _ key: String? = nil, _ elements: [Element] = [],
    found: String, expected: String, _ message: Phrase
  ) {
    self.section = section
    self.entry = entry
    self.key = key
    self.elements = elements
    self.found = found
    self.expected = expected
    self.message = message
  }
}
