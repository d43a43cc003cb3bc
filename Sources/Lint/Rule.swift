public import Phrases

/// A rule of the trade: pure, values in, observations out.
public struct Rule: Sendable {
  /// Its name, which never changes: files accept findings by it, and other programs know it.
  public let id: String
  /// What it finds, in a few words.
  public let title: Phrase
  /// How the expected value is worked out.
  public let formula: Phrase
  /// Where that is written.
  public let source: Phrase

  let observe: @Sendable (Surveyed) -> [Observation]

  init(
    _ id: String, _ title: Phrase, formula: Phrase, source: Phrase,
    _ observe: @escaping @Sendable (Surveyed) -> [Observation]
  ) {
    self.id = id
    self.title = title
    self.formula = formula
    self.source = source
    self.observe = observe
  }
}
