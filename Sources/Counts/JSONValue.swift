import CJansson

/// A JSON text that libjansson has read; its values live as long as it does.
package struct JSONDocument: ~Copyable {
  /// Deepest nesting. A record needs two levels and unknown fields are skipped, so more is a mistake
  /// or an attack on the stack of a parser that recurses.
  static let depthLimit = 16

  /// Why a text is no JSON.
  package struct Malformed: Error {
    /// What is wrong and what would be right.
    package let reason: String
  }

  private let top: UnsafeMutablePointer<json_t>

  /// The one object or array that `bytes` hold; a key that stands twice in an object is refused.
  package init(_ bytes: ArraySlice<UInt8>) throws(Malformed) {
    guard JSONOutline.depth(of: bytes) <= Self.depthLimit else {
      throw Malformed(reason: "is nested deeper than \(Self.depthLimit) levels")
    }
    var error = json_error_t()
    let read = bytes.withUnsafeBytes {
      json_loadb($0.baseAddress, $0.count, Int(JSON_REJECT_DUPLICATES), &error)
    }
    guard let read else {
      let text = String(cString: greensplit_json_error_text(&error))
      // The library quotes the input; unprintable bytes of it must not reach a log.
      let printable = String(
        String.UnicodeScalarView(
          text.unicodeScalars.filter { $0.properties.generalCategory != .control }))
      throw Malformed(
        reason: "is not JSON after \(error.position) bytes: \(printable); one JSON object is due")
    }
    top = read
  }

  /// The outermost value.
  var root: JSONValue { JSONValue(pointer: top) }

  deinit { json_decref(top) }
}

/// A value inside a `JSONDocument`, to be used no longer than the document lives.
struct JSONValue {
  fileprivate let pointer: UnsafeMutablePointer<json_t>

  /// What a value is.
  enum Kind {
    case object, array, string, number, boolean, null
  }

  var kind: Kind {
    switch greensplit_json_type(pointer) {
    case JSON_OBJECT: .object
    case JSON_ARRAY: .array
    case JSON_STRING: .string
    case JSON_INTEGER, JSON_REAL: .number
    case JSON_NULL: .null
    default: .boolean
    }
  }

  /// The field `name`; `nil` if it is missing or null.
  func field(_ name: String) -> JSONValue? {
    guard let found = json_object_get(pointer, name) else { return nil }
    let value = JSONValue(pointer: found)
    return value.kind == .null ? nil : value
  }

  /// All fields of an object in the order of the text.
  var fields: [(name: String, value: JSONValue)] {
    var found: [(name: String, value: JSONValue)] = []
    var next = json_object_iter(pointer)
    while let field = next {
      if let name = json_object_iter_key(field), let value = json_object_iter_value(field) {
        found.append((String(cString: name), JSONValue(pointer: value)))
      }
      next = json_object_iter_next(pointer, field)
    }
    return found
  }

  /// The elements of an array.
  var elements: [JSONValue] {
    (0..<json_array_size(pointer)).compactMap { position in
      json_array_get(pointer, position).map(JSONValue.init)
    }
  }

  /// The text of a string.
  var text: String? {
    guard kind == .string, let start = json_string_value(pointer) else { return nil }
    let bytes = UnsafeRawBufferPointer(start: start, count: json_string_length(pointer))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The value of a number.
  var number: Double? { kind == .number ? json_number_value(pointer) : nil }

  /// The value as an error may show it.
  var shown: String {
    switch kind {
    case .object: "an object"
    case .array: "an array"
    case .string: quoted(text ?? "")
    case .number: number.map(plain) ?? "a number"
    case .boolean: greensplit_json_type(pointer) == JSON_TRUE ? "true" : "false"
    case .null: "null"
    }
  }
}

/// `number` as canonical text: whole numbers without a point, others in the fewest digits that read
/// back as the same number.
func plain(_ number: Double) -> String {
  guard let whole = Int64(exactly: number), abs(whole) <= CountRecord.sequenceLimit else {
    return "\(number)"
  }
  return "\(whole)"
}
