import Phrases
import Signals

/// What a shape is in a JSON Schema (draft 2020-12) of files as an editor sees them: YAML 1.2 whose plain
/// scalars are numbers and flags where they look like them.
///
/// A schema says no more than the reader: what it refuses, the reader refuses. It says less where JSON
/// Schema has no words, as for names of other entries, and for the range of a number with a unit.
extension Shape {
  /// The keywords of the shape.
  var schema: [String: SchemaValue] {
    switch self {
    case .name, .reference: Self.word
    case .text(let pattern): Self.scalar("string", pattern: pattern)
    case .plain(let pattern): Self.scalar("string", "number", "boolean", pattern: pattern)
    case .integer(let range):
      Self.scalar("integer", "string", pattern: "^-?[0-9]+$").with([
        "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound),
      ])
    case .oneOf(let values):
      ["enum": .list(values.map { .integer($0) } + values.map { .text("\($0)") })]
    case .number(let range):
      Self.scalar("number", "string", pattern: "^\(Self.decimal)$").with([
        "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound),
      ])
    case .quantity(let unit, let range):
      Self.scalar("string", pattern: "^\(Self.decimal) \(unit.rawValue)$").with([
        "description": .text(Self.words(range, unit))
      ])
    case .duration(let range):
      Self.scalar("string", pattern: "^-?[0-9]+(\\.[0-9]0*)? s$").with([
        "description": .text(
          Self.words(range.lowerBound.seconds...range.upperBound.seconds, .second)
            + ", in whole tenths")
      ])
    case .flag: ["enum": .list([.flag(true), .flag(false), .text("true"), .text("false")])]
    case .choice(let words): ["enum": .texts(words)]
    case .list(let element, let count): Self.list(element, count)
    case .map(let element):
      ["type": .text("object"), "additionalProperties": .object(element.schema)]
    case .table(let keys): Self.table(keys)
    case .entry(let list): ["$ref": .text("#/properties/\(list)/items")]
    }
  }

  private static let decimal = "-?[0-9]+(\\.[0-9]+)?"

  /// Text without control characters or a space at either end. An editor takes plain `1` and `NO` for
  /// something else, and here they are names.
  private static let word = scalar(
    "string", "number", "boolean",
    pattern: "^(?! )[^\\u0000-\\u001F\\u007F-\\u009F]+(?<! )$")

  private static func scalar(_ types: String..., pattern: String) -> [String: SchemaValue] {
    [
      "type": types.count == 1 ? .text(types[0]) : .texts(types), "pattern": .text(pattern),
    ]
  }

  private static func list(_ element: Shape, _ count: ClosedRange<Int>) -> [String: SchemaValue] {
    [
      "type": .text("array"), "items": .object(element.schema),
      "minItems": .integer(count.lowerBound), "maxItems": .integer(count.upperBound),
    ]
  }

  private static func table(_ keys: [Key]) -> [String: SchemaValue] {
    let properties = keys.map { ($0.name, SchemaValue.object($0.schema)) }
    return [
      "type": .text("object"), "additionalProperties": .flag(false),
      "properties": .object(Dictionary(uniqueKeysWithValues: properties)),
      "required": .texts(keys.filter(\.isRequired).map(\.name)),
    ]
  }

  /// "5 to 150 km/h".
  private static func words(_ range: ClosedRange<Double>, _ unit: Unit) -> String {
    "\(rounded(range.lowerBound)) to \(rounded(range.upperBound)) \(unit.rawValue)"
  }
}

extension Key {
  /// What the schema says of the key's value, with what an error would propose as example.
  fileprivate var schema: [String: SchemaValue] {
    guard let shape else { preconditionFailure("\(name) does not say what its value is") }
    switch shape {
    case .list, .map, .table: return shape.schema
    default:
      let example = example.text(.english)
      let isQuoted = example.hasPrefix("\"")
      let text = isQuoted ? String(example.dropFirst().dropLast()) : example
      return shape.schema.with(["examples": .texts([text])])
    }
  }
}

extension [String: SchemaValue] {
  fileprivate func with(_ others: [String: SchemaValue]) -> Self {
    merging(others) { _, new in new }
  }
}
