public import Signals

/// What a person wanted of one junction in place of what control would choose.
public struct RecordedOverride: Sendable, Hashable {
  /// Identifier of the junction.
  public let intersection: String

  /// When it was placed.
  public let at: Moment

  /// Its number, the same at all junctions of one request.
  public let number: String

  /// What was wanted, such as "stage S2".
  public let action: String

  /// Who wanted it.
  public let who: String

  /// Why.
  public let reason: String

  /// From when on it was to be valid.
  public let begins: UTC

  /// When it was to end.
  public let ends: UTC

  /// What ran when it was placed, in words.
  public let before: String

  /// What it was to do, in words.
  public let after: String

  /// When it ended; `nil` while it lasts.
  public let ended: UTC?

  /// How it ended, such as "its time was over"; empty while it lasts.
  public let ending: String

  /// An override as it was placed, and its end if it has one.
  public init(
    intersection: String, at: Moment, number: String, action: String, who: String, reason: String,
    begins: UTC, ends: UTC, before: String, after: String, ended: UTC? = nil, ending: String = ""
  ) {
    self.intersection = intersection
    self.at = at
    self.number = number
    self.action = action
    self.who = who
    self.reason = reason
    self.begins = begins
    self.ends = ends
    self.before = before
    self.after = after
    self.ended = ended
    self.ending = ending
  }
}
