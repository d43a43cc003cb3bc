/// An error that is told to a person, in every language.
public protocol WordedError: Error, CustomStringConvertible {
  /// What is wrong, where, and what would be right.
  var words: Phrase { get }
}

extension WordedError {
  /// Its words in English.
  public var description: String { words.text(.english) }
}

extension Phrase {
  /// What an error says: its own words, or those of the catalogue for an error that is recorded in
  /// English.
  public init(of error: any Error) {
    self = (error as? any WordedError)?.words ?? Phrase(recorded: "\(error)")
  }
}
