import Counts
import Signals

/// Why a message of a camera is not understood: the field and what would be right.
struct Misread: Error, Hashable {
  let field: String?
  let reason: String

  /// The error as feeds tell it; a message has one line.
  var error: CountError { CountError(line: 1, field: field, reason: reason) }
}

extension JSONValue {
  /// The object `name`.
  func object(_ name: String, _ path: String) throws(Misread) -> JSONValue {
    guard let found = field(name) else { throw Misread(field: path, reason: "is missing") }
    guard found.kind == .object else {
      throw Misread(field: path, reason: "is \(found.shown); an object is due")
    }
    return found
  }

  /// The objects of the list `name`.
  func objects(_ name: String, _ path: String) throws(Misread) -> [JSONValue] {
    guard let found = field(name) else { throw Misread(field: path, reason: "is missing") }
    guard found.kind == .array else {
      throw Misread(field: path, reason: "is \(found.shown); a list of objects is due")
    }
    let elements = found.elements
    guard elements.count <= 256, elements.allSatisfy({ $0.kind == .object }) else {
      throw Misread(field: path, reason: "is no list of at most 256 objects")
    }
    return elements
  }

  /// The figure `name`, which some cameras write as a text; `nil` if it is missing or null.
  func figure(
    _ name: String, _ path: String, in range: ClosedRange<Double>
  ) throws(Misread) -> Double? {
    guard let found = field(name) else { return nil }
    let written = found.text.flatMap { $0.utf8.count <= 24 ? Double($0) : nil }
    guard let figure = found.number ?? written, range.contains(figure) else {
      throw Misread(
        field: path,
        reason: "is \(found.shown); a number from \(range.lowerBound) to \(range.upperBound) is due"
      )
    }
    return figure == 0 ? 0 : figure
  }

  /// The time `name`, which may lack an offset if `minutes` ahead of UTC are known, and may have more
  /// digits than milliseconds.
  func time(_ name: String, _ path: String, ahead minutes: Int?) throws(Misread) -> UTC {
    guard let found = field(name) else { throw Misread(field: path, reason: "is missing") }
    guard let text = found.text, text.utf8.count <= 40 else {
      throw Misread(field: path, reason: "is \(found.shown), no time")
    }
    let digits = withMilliseconds(text)
    if let time = UTC(rfc3339: digits) { return time }
    guard let local = UTC(rfc3339: digits + "Z") else {
      throw Misread(field: path, reason: "is \(found.shown); 2026-11-23T08:00:00+08:00 is due")
    }
    guard let minutes else {
      throw Misread(
        field: path,
        reason: "is \(found.shown), which has no offset; give the camera a time_zone")
    }
    let utc = local.milliseconds - Int64(minutes) * 60_000
    guard utc >= 0 else { throw Misread(field: path, reason: "is before 1970") }
    return UTC(milliseconds: utc)
  }
}

/// `text` with no more than three digits of a second.
private func withMilliseconds(_ text: String) -> String {
  guard let point = text.firstIndex(of: ".") else { return text }
  let rest = text[point...].dropFirst()
  let digits = rest.prefix { ("0"..."9").contains($0) }
  return text[..<point] + "." + digits.prefix(3) + rest.dropFirst(digits.count)
}
