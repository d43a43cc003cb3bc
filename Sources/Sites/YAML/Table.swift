public import Phrases

/// A key that a map may have.
public struct Key: Sendable {
  let name: String
  let example: Phrase
  let isRequired: Bool
  /// What its value must be; `nil` where the code that reads it says so.
  let shape: Shape?

  /// A key that must be there; `example` is what an error proposes.
  public static func required(_ name: String, _ example: String, _ shape: Shape? = nil) -> Key {
    required(name, Phrase(name: example), shape)
  }

  /// Likewise, where a value would be too long and words say what it is.
  public static func required(_ name: String, _ example: Phrase, _ shape: Shape? = nil) -> Key {
    Key(name: name, example: example, isRequired: true, shape: shape)
  }

  /// A key that may be left out; `example` is what an error proposes.
  public static func optional(_ name: String, _ example: String, _ shape: Shape? = nil) -> Key {
    optional(name, Phrase(name: example), shape)
  }

  /// Likewise, where a value would be too long and words say what it is.
  public static func optional(_ name: String, _ example: Phrase, _ shape: Shape? = nil) -> Key {
    Key(name: name, example: example, isRequired: false, shape: shape)
  }
}

/// A map with known keys.
public struct Table {
  /// The map itself, for errors about it as a whole.
  public let field: Field

  private let keys: [Key]
  private let pairs: [YAMLPair]

  fileprivate init(_ field: Field, keys: [Key], pairs: [YAMLPair]) {
    self.field = field
    self.keys = keys
    self.pairs = pairs
  }

  /// The value of a key, which is one of the table's; `nil` if it is left out.
  public subscript(_ name: String) -> Field? {
    guard let key = keys.first(where: { $0.name == name }) else {
      preconditionFailure("\(name) is not among the keys of \(field.key)")
    }
    return pairs.first { $0.key == name }.map { pair in
      Field(
        node: pair.value, mark: pair.value.mark, key: field.child(name), example: key.example,
        shape: key.shape, problems: field.problems)
    }
  }
}

extension Table {
  /// What an optional key means: `standard` if it is left out, `nil` if it is wrong.
  public func value<Value>(
    _ name: String, or standard: Value, _ convert: (Field) -> Value?
  ) -> Value? {
    guard let field = self[name] else { return standard }
    return convert(field)
  }
}

extension Field {
  /// The map here, whose unknown and missing keys are reported at once; `nil` if it is no map.
  public func table(_ keys: [Key]) -> Table? {
    guard let pairs = pairs() else { return nil }
    for pair in pairs where !keys.contains(where: { $0.name == pair.key }) {
      let meant = suggestion(for: pair.key, among: keys.map(\.name), of: .key)
      problems.report(
        pair.mark, child(pair.key), "is not a key here; \(meant.text(.english))",
        "不是此处可用的键；\(meant.text(.chinese))")
    }
    for key in keys where key.isRequired && !pairs.contains(where: { $0.key == key.name }) {
      problems.report(
        mark, child(key.name), "is missing; write, say, \(key.name): \(key.example.text(.english))",
        "缺少；例如写 \(key.name): \(key.example.text(.chinese))")
    }
    return Table(self, keys: keys, pairs: pairs)
  }
}
