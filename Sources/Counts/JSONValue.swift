import CJansson
import CSimdjson
import Glibc

/// A JSON text that simdjson has read; its values live as long as it does.
///
/// simdjson, since count records are a hot path: on the specification's example it took 0.4 µs where
/// libjansson took 5. It does not say where a text is wrong, so libjansson explains what it refuses.
package struct JSONDocument: ~Copyable {
  /// Deepest nesting. A record needs two levels and unknown fields are skipped, so more is a mistake
  /// or an attack on the stack of a parser that recurses.
  static let depthLimit = 16

  /// Why a text is no JSON.
  package struct Malformed: Error {
    /// What is wrong and what would be right.
    package let reason: String
  }

  private let text: OpaquePointer

  /// The one object or array that `bytes` hold; a key that stands twice in an object is refused.
  package init(_ bytes: ArraySlice<UInt8>) throws(Malformed) {
    let read = bytes.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.flatMap {
        greensplit_json_read($0, buffer.count, Self.depthLimit)
      }
    }
    guard let read else { throw Self.explanation(of: bytes) }
    let root = JSONValue(read)
    guard root.kind == .object || root.kind == .array, root.isStrict else {
      greensplit_json_free(read)
      throw Self.explanation(of: bytes)
    }
    text = read
  }

  /// The outermost value.
  package var root: JSONValue { JSONValue(text) }

  deinit { greensplit_json_free(text) }

  /// What libjansson finds wrong with `bytes`.
  private static func explanation(of bytes: ArraySlice<UInt8>) -> Malformed {
    guard JSONOutline.depth(of: bytes) <= Self.depthLimit else {
      return Malformed(reason: "is nested deeper than \(Self.depthLimit) levels")
    }
    var error = json_error_t()
    let read = bytes.withUnsafeBytes {
      json_loadb($0.baseAddress, $0.count, Int(JSON_REJECT_DUPLICATES), &error)
    }
    guard read == nil else {
      json_decref(read)
      return Malformed(reason: "is not JSON; one JSON object is due")
    }
    let text = String(cString: greensplit_json_error_text(&error))
    // The library quotes the input; unprintable bytes of it must not reach a log.
    let printable = String(
      String.UnicodeScalarView(
        text.unicodeScalars.filter { $0.properties.generalCategory != .control }))
    return Malformed(
      reason: "is not JSON after \(error.position) bytes: \(printable); one JSON object is due")
  }
}

/// A value inside a `JSONDocument`, to be used no longer than the document lives.
///
/// It is a place on simdjson's tape, whose words hold a letter for the kind of a value in their upper
/// eight bits and where it is or ends in the others.
package struct JSONValue {
  private let tape: UnsafePointer<UInt64>
  private let strings: UnsafePointer<UInt8>
  private let place: Int

  /// What a value is.
  package enum Kind {
    case object, array, string, number, boolean, null
  }

  fileprivate init(_ text: OpaquePointer) {
    tape = greensplit_json_tape(text)
    strings = greensplit_json_strings(text)
    place = 1
  }

  private init(at place: Int, of other: JSONValue) {
    (tape, strings, self.place) = (other.tape, other.strings, place)
  }

  private var letter: Unicode.Scalar {
    Unicode.Scalar(UInt8(truncatingIfNeeded: tape[place] >> 56))
  }

  private var payload: UInt64 { tape[place] & 0x00FF_FFFF_FFFF_FFFF }

  package var kind: Kind {
    switch letter {
    case "{": .object
    case "[": .array
    case "\"": .string
    case "l", "u", "d": .number
    case "n": .null
    default: .boolean
    }
  }

  /// The place after this value.
  private var end: Int {
    switch letter {
    case "{", "[": Int(payload & 0xFFFF_FFFF)
    case "l", "u", "d": place + 2
    default: place + 1
    }
  }

  /// The bytes of a string.
  private var bytes: UnsafeRawBufferPointer {
    let start = UnsafeRawPointer(strings) + Int(payload)
    return UnsafeRawBufferPointer(
      start: start + 4, count: Int(start.loadUnaligned(as: UInt32.self)))
  }

  /// The field `name`; `nil` if it is missing or null, or if this is no object.
  package func field(_ name: String) -> JSONValue? {
    // The walk ends at a brace: that of an array would leave the tape.
    guard kind == .object else { return nil }
    var name = name
    return name.withUTF8 { wanted in
      var key = JSONValue(at: place + 1, of: self)
      while key.letter != "}" {
        let value = JSONValue(at: key.place + 1, of: self)
        if isSame(key.bytes, UnsafeRawBufferPointer(wanted)) {
          return value.letter == "n" ? nil : value
        }
        key = JSONValue(at: value.end, of: self)
      }
      return nil
    }
  }

  /// All fields of an object in the order of the text; none of anything else.
  package var fields: [(name: String, value: JSONValue)] {
    guard kind == .object else { return [] }
    var found: [(name: String, value: JSONValue)] = []
    var key = JSONValue(at: place + 1, of: self)
    while key.letter != "}" {
      let value = JSONValue(at: key.place + 1, of: self)
      found.append((String(decoding: key.bytes, as: UTF8.self), value))
      key = JSONValue(at: value.end, of: self)
    }
    return found
  }

  /// The elements of an array; none of anything else.
  package var elements: [JSONValue] {
    guard kind == .array else { return [] }
    var found: [JSONValue] = []
    var element = JSONValue(at: place + 1, of: self)
    while element.letter != "]" {
      found.append(element)
      element = JSONValue(at: element.end, of: self)
    }
    return found
  }

  /// The text of a string.
  package var text: String? { letter == "\"" ? String(decoding: bytes, as: UTF8.self) : nil }

  /// The value of a number.
  package var number: Double? {
    switch letter {
    case "l": Double(Int64(bitPattern: tape[place + 1]))
    case "u": Double(tape[place + 1])
    case "d": Double(bitPattern: tape[place + 1])
    default: nil
    }
  }

  /// The value as an error may show it.
  package var shown: String {
    switch kind {
    case .object: "an object"
    case .array: "an array"
    case .string: quoted(text ?? "")
    case .number: number.map(plain) ?? "a number"
    case .boolean: letter == "t" ? "true" : "false"
    case .null: "null"
    }
  }
}

// MARK: What simdjson takes and count records do not

extension JSONValue {
  /// Whether no key stands twice in an object, no string holds a NUL and every whole number has 64 bits
  /// with its sign.
  fileprivate var isStrict: Bool {
    var place = place
    while place < end {
      let value = JSONValue(at: place, of: self)
      switch value.letter {
      case "{" where !value.hasEachKeyOnce: return false
      case "\"" where value.hasNUL: return false
      case "u": return false
      case "l", "d": place += 2
      default: place += 1
      }
    }
    return true
  }

  private var hasNUL: Bool { bytes.contains(0) }

  private var hasEachKeyOnce: Bool {
    var keys: [UnsafeRawBufferPointer] = []
    var key = JSONValue(at: place + 1, of: self)
    while key.letter != "}" {
      keys.append(key.bytes)
      key = JSONValue(at: JSONValue(at: key.place + 1, of: self).end, of: self)
    }
    guard keys.count > Self.fewKeys else {
      return keys.indices.allSatisfy { position in
        !keys[..<position].contains { isSame($0, keys[position]) }
      }
    }
    keys.sort { $0.lexicographicallyPrecedes($1) }
    return zip(keys, keys.dropFirst()).allSatisfy { !isSame($0, $1) }
  }

  /// Up to so many keys are compared each with each, which is faster for few and ruinous for many.
  private static var fewKeys: Int { 24 }
}

private func isSame(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
  guard a.count == b.count, let one = a.baseAddress, let other = b.baseAddress else {
    return a.count == b.count
  }
  return memcmp(one, other, a.count) == 0
}

/// `number` as canonical text: whole numbers without a point, others in the fewest digits that read
/// back as the same number.
func plain(_ number: Double) -> String {
  guard let whole = Int64(exactly: number), abs(whole) <= CountRecord.sequenceLimit else {
    return "\(number)"
  }
  return "\(whole)"
}
