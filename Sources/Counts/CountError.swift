/// Why a piece of input is no count record: where, what, and what would be right.
public struct CountError: Error, Sendable, Hashable {
  /// Line of the input on which the record begins, from 1.
  public let line: Int

  /// Position in a JSON array, from 1; `nil` for a record on a line of its own.
  public let element: Int?

  /// The field at fault, such as "end" or "count.car"; `nil` if it is the record as a whole.
  public let field: String?

  /// What is wrong and what would be right.
  public let reason: String

  /// An error of `field` of the record that begins on `line`.
  public init(line: Int, element: Int? = nil, field: String?, reason: String) {
    self.line = line
    self.element = element
    self.field = field
    self.reason = reason
  }
}

extension CountError: CustomStringConvertible {
  /// For the person who must act: "line 3: end: is missing; …".
  public var description: String {
    let place = element.map { "line \(line), element \($0): " } ?? "line \(line): "
    return place + (field.map { "\($0): " } ?? "") + reason
  }
}

/// The records and the errors of a piece of input, each in the order of the input.
public struct CountInput: Sendable, Hashable {
  /// What could be read.
  public var records: [CountRecord]

  /// What could not.
  public var errors: [CountError]

  /// Records and errors.
  public init(records: [CountRecord] = [], errors: [CountError] = []) {
    self.records = records
    self.errors = errors
  }

  /// Whether there is neither a record nor an error.
  public var isEmpty: Bool { records.isEmpty && errors.isEmpty }
}

/// Text from outside as an error may show it: in quotes, at most 40 characters, nothing unprintable.
func quoted(_ text: String) -> String {
  let shown = text.unicodeScalars.prefix(40).map { scalar -> String in
    scalar.properties.generalCategory == .control ? "?" : String(scalar)
  }
  return "\"" + shown.joined() + (text.unicodeScalars.count > 40 ? "…\"" : "\"")
}
