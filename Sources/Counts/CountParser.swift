/// Reads count records from JSON (`docs/count-record.md`).
///
/// Fields that version 1 does not know are passed over, so that cameras may say more; a field of
/// the wrong type or out of range refuses the record, with every such field named.
public enum CountParser {
  /// Longest line, or element of an array, bytes.
  public static let lineLimit = 65_536

  /// What one line holds: one record, or its errors, or nothing if the line is blank.
  ///
  /// - Parameters:
  ///   - bytes: The line without its line feed.
  ///   - number: Its number, for errors.
  /// - Returns: One record, or one error or more, or neither.
  public static func parse(line bytes: ArraySlice<UInt8>, number: Int = 1) -> CountInput {
    var input = CountInput()
    read(bytes, line: number, into: &input)
    return input
  }

  /// Adds what one line holds to `input`.
  static func read(_ bytes: ArraySlice<UInt8>, line: Int, into input: inout CountInput) {
    parse(trimmed(bytes), line: line, element: nil, into: &input)
  }

  /// What a body holds: a JSON array if its first character is a bracket, otherwise lines.
  public static func parse(body: [UInt8]) -> CountInput {
    let content = trimmed(body[...])
    guard content.first == UInt8(ascii: "[") else {
      var reader = CountLineReader()
      var input = reader.consume(body[...])
      let rest = reader.finish()
      input.records += rest.records
      input.errors += rest.errors
      return input
    }
    let before = body[..<content.startIndex].lazy.filter { $0 == UInt8(ascii: "\n") }.count
    return parse(JSONOutline(array: content, line: before + 1))
  }

  private static func parse(_ outline: JSONOutline) -> CountInput {
    var input = CountInput()
    for (position, element) in outline.elements.enumerated() {
      guard !element.bytes.isEmpty else {
        input.errors.append(
          CountError(
            line: element.line, element: position + 1, field: nil,
            reason: "is empty: a record is due between two commas"))
        continue
      }
      parse(element.bytes, line: element.line, element: position + 1, into: &input)
    }
    if let fault = outline.fault {
      input.errors.append(CountError(line: fault.line, field: nil, reason: fault.reason))
    }
    return input
  }

  private static func parse(
    _ bytes: ArraySlice<UInt8>, line: Int, element: Int?, into input: inout CountInput
  ) {
    guard !bytes.isEmpty else { return }
    func refuse(_ reason: String, _ field: String? = nil) {
      input.errors.append(CountError(line: line, element: element, field: field, reason: reason))
    }
    guard bytes.count <= lineLimit else {
      return refuse("has \(bytes.count) bytes; a record has at most \(lineLimit)")
    }
    do {
      let document = try JSONDocument(bytes)
      guard document.root.kind == .object else {
        return refuse("is \(document.root.shown); one JSON object is due")
      }
      var reader = RecordReader(object: document.root)
      if let record = reader.record() {
        input.records.append(record)
      } else {
        for fault in reader.faults { refuse(fault.reason, fault.field) }
      }
    } catch {
      refuse(error.reason)
    }
  }
}

/// Puts lines together from pieces as they arrive; a half-written line waits for its line feed.
///
/// It keeps at most one line of `CountParser.lineLimit` bytes.
public struct CountLineReader: Sendable {
  private var half: [UInt8] = []
  private var isTooLong = false

  /// Lines ended so far.
  public private(set) var lines = 0

  /// Bytes of the half-written line that are kept.
  public var pendingBytes: Int { half.count }

  /// A reader at the start of a file, a pipe or a body.
  public init() {}

  /// What the lines hold that end in `piece`.
  public mutating func consume(_ piece: ArraySlice<UInt8>) -> CountInput {
    var input = CountInput()
    var rest = piece
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let line = rest[..<end]
      if half.isEmpty && !isTooLong && line.count <= CountParser.lineLimit {
        // A whole line, as nearly all are, is read where it lies.
        lines += 1
        CountParser.read(line, line: lines, into: &input)
      } else {
        append(line)
        endLine(into: &input)
      }
      rest = rest[(end + 1)...]
    }
    append(rest)
    return input
  }

  /// What the last line holds if no line feed ended it: nothing more will come.
  public mutating func finish() -> CountInput {
    var input = CountInput()
    if !half.isEmpty || isTooLong { endLine(into: &input) }
    return input
  }

  /// Forgets the half-written line, whose rest will never come, and counts lines anew.
  public mutating func restart() { self = CountLineReader() }

  private mutating func append(_ bytes: ArraySlice<UInt8>) {
    guard !isTooLong else { return }
    // One byte more is a carriage return, which is not part of the line.
    if half.count + bytes.count > CountParser.lineLimit + 1 {
      isTooLong = true
      half = []
    } else {
      half += bytes
    }
  }

  private mutating func endLine(into input: inout CountInput) {
    lines += 1
    if isTooLong {
      input.errors.append(
        CountError(
          line: lines, field: nil,
          reason: "is longer than \(CountParser.lineLimit) bytes; one record a line is due"))
    } else {
      CountParser.read(half[...], line: lines, into: &input)
    }
    half.removeAll(keepingCapacity: true)
    isTooLong = false
  }
}
