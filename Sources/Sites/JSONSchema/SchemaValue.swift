/// A value of a JSON Schema, as an encoder writes it.
public indirect enum SchemaValue: Sendable, Equatable, Encodable {
  /// `true` or `false`.
  case flag(Bool)
  /// A whole number.
  case integer(Int)
  /// A number.
  case number(Double)
  /// A text.
  case text(String)
  /// A list.
  case list([SchemaValue])
  /// An object.
  case object([String: SchemaValue])

  /// Writes the value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .flag(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    case .object(let values): try container.encode(values)
    }
  }

  static func texts(_ values: [String]) -> SchemaValue { .list(values.map(SchemaValue.text)) }
}
