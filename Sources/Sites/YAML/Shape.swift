public import Signals

/// What the value of a key must be.
///
/// The reader converts by it and the JSON Schema is made of it, so that neither can say anything that
/// the other does not know.
public enum Shape: Sendable {
  /// A name of 1 to 64 characters.
  case name
  /// The name of an entry that stands elsewhere.
  case reference
  /// Text of a form that the reader checks: an ECMA 262 expression that is never stricter than it.
  case text(pattern: String)
  /// Likewise, where an editor may take it for a number or a flag.
  case plain(pattern: String)
  /// A whole number.
  case integer(ClosedRange<Int>)
  /// One of some whole numbers.
  case oneOf([Int])
  /// A decimal number without a unit.
  case number(ClosedRange<Double>)
  /// A decimal number with its unit.
  case quantity(Unit, ClosedRange<Double>)
  /// A time of whole tenths of a second.
  case duration(ClosedRange<Tenths>)
  /// `true` or `false`.
  case flag
  /// One of some words.
  case choice([String])
  /// A list of so many values of one shape.
  indirect case list(Shape, ClosedRange<Int>)
  /// A map from names of entries to values of one shape.
  indirect case map(to: Shape)
  /// A map with known keys.
  case table([Key])
  /// What each entry of a list of the file is, by the list's key: a table cannot hold itself.
  case entry(of: String)

  /// One of the values of an enumeration.
  public static func choice<Value>(of type: Value.Type) -> Shape
  where Value: CaseIterable & RawRepresentable<String> {
    .choice(Value.allCases.map(\.rawValue))
  }

  /// Entries with known keys.
  public static func entries(_ keys: [Key], _ count: ClosedRange<Int>) -> Shape {
    .list(.table(keys), count)
  }

  /// Names of entries that stand elsewhere; as many as the file holds.
  public static let references = Shape.list(.reference, anyCount)

  /// Lists whose length only the size of the file bounds.
  public static let anyCount = 0...1000

  /// What each value of a list or a map must be.
  var element: Shape? {
    switch self {
    case .list(let shape, _), .map(let shape): shape
    default: nil
    }
  }
}

extension Field {
  /// A whole number in the range of its key.
  public func integer() -> Int? {
    guard case .integer(let range) = shape else { return misread("a whole number") }
    return integer(in: range)
  }

  /// A number in the range of its key: in its unit, if it has one.
  public func number() -> Double? {
    switch shape {
    case .number(let range): return number(in: range)
    case .quantity(let unit, let range): return quantity(unit, in: range)
    default: return misread("a number")
    }
  }

  /// A duration in the range of its key.
  func duration() -> Tenths? {
    guard case .duration(let range) = shape else { return misread("a duration") }
    return duration(in: range)
  }

  /// The entries of a list, as many as its key allows.
  public func listed() -> [Field]? {
    guard case .list(_, let count) = shape else { return misread("a list") }
    return list(count: count)
  }

  /// The map here, with the keys that its shape has.
  public func table() -> Table? {
    guard case .table(let keys) = shape else { return misread("a map") }
    return table(keys)
  }

  /// The table of keys and the reader disagree: our own mistake, found by the first file that is read.
  private func misread<Value>(_ kind: String) -> Value? {
    preconditionFailure("\(key) is read as \(kind), which its key does not say")
  }
}

/// Texts whose form the reader checks; each expression lets pass all that it does.
extension Shape {
  /// An offset from UTC, `-12:00` to `+14:00`.
  public static let timeZone = Shape.text(pattern: "^[+-][01][0-9]:[0-5][0-9]$")
  /// A time of day, `00:00` to `23:59`.
  static let timeOfDay = Shape.text(pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$")
  /// A numeric address with a port: host by host it is for the reader.
  public static let address = Shape.text(pattern: "^[0-9A-Fa-f:.\\[\\]]+:[+-]?[0-9]+$")
  /// A serial device.
  static let device = Shape.text(pattern: "^/dev/")
  /// Any words.
  public static let words = Shape.plain(pattern: "[\\s\\S]")
  /// A path of a file.
  public static let path = words
  /// A number that a register holds, decimal or hexadecimal.
  static let register = Shape.plain(pattern: "^(0x[0-9A-Fa-f]+|[0-9]+)$")
  /// What one step of a register is worth, with its unit or without.
  static let step = Shape.plain(pattern: "^[0-9]+(\\.[0-9]+)?( .*)?$")
  /// A Modbus frame in hexadecimal.
  static let frame = words
}
