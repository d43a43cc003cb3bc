/// Finds where the elements of a JSON array begin and end, and how deep a text is nested.
///
/// By hand: libjansson tells neither the place of an element nor what lies around a broken one, and
/// it recurses; the good elements are to be kept, and each error is to name its line.
struct JSONOutline {
  /// One element of the outermost array.
  struct Element {
    /// Its bytes, without white space around.
    let bytes: ArraySlice<UInt8>
    /// Line of its first byte, counted from 1.
    let line: Int
  }

  private(set) var elements: [Element] = []

  /// Line and reason of what is wrong with the array itself.
  private(set) var fault: (line: Int, reason: String)?

  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  private var line: Int
  private var start: Int
  private var startLine: Int

  /// The elements of the array whose opening bracket is the first byte of `bytes`.
  init(array bytes: ArraySlice<UInt8>, line: Int = 1) {
    self.line = line
    startLine = line
    start = bytes.startIndex + 1
    for position in bytes.indices {
      let byte = bytes[position]
      let wasOpen = depth > 0
      step(byte)
      if !isInString && depth == 1 && byte == UInt8(ascii: ",") {
        close(bytes[start..<position], isLast: false)
        start = position + 1
        startLine = self.line
      } else if wasOpen && depth == 0 {
        close(bytes[start..<position], isLast: true)
        checkRest(bytes[(position + 1)...])
        return
      }
      if byte == UInt8(ascii: "\n") { self.line += 1 }
      if byte == UInt8(ascii: "\n") && startsBlank(bytes, upTo: position) {
        start = position + 1
        startLine = self.line
      }
    }
    close(bytes[start...], isLast: true)
    fault = (self.line, "the array is not closed: ] is missing at its end")
  }

  /// The deepest nesting of brackets in `bytes`, those in strings left out.
  static func depth(of bytes: ArraySlice<UInt8>) -> Int {
    var outline = JSONOutline()
    return bytes.reduce(0) { deepest, byte in
      outline.step(byte)
      return max(deepest, outline.depth)
    }
  }

  private init() { (line, start, startLine) = (1, 0, 1) }

  private mutating func step(_ byte: UInt8) {
    if isInString {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isInString = false
      }
      return
    }
    switch Unicode.Scalar(byte) {
    case "\"": isInString = true
    case "[", "{": depth += 1
    case "]", "}": depth -= 1
    default: break
    }
  }

  /// Whether nothing but white space has come since the last element ended.
  private func startsBlank(_ bytes: ArraySlice<UInt8>, upTo position: Int) -> Bool {
    start <= position && bytes[start..<position].allSatisfy(isBlank)
  }

  private mutating func close(_ bytes: ArraySlice<UInt8>, isLast: Bool) {
    let element = trimmed(bytes)
    // "[]" has no element; anything else between commas is one, if only to be refused.
    if element.isEmpty && isLast && elements.isEmpty { return }
    elements.append(Element(bytes: element, line: startLine))
  }

  private mutating func checkRest(_ bytes: ArraySlice<UInt8>) {
    guard !bytes.allSatisfy(isBlank) else { return }
    fault = (line, "something follows the array's end; a body is one array or lines of objects")
  }
}

/// Whether `byte` is white space to JSON.
func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...10).contains(byte) || byte == 13 }

/// `bytes` without white space around.
func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
  guard let first = bytes.firstIndex(where: { !isBlank($0) }),
    let last = bytes.lastIndex(where: { !isBlank($0) })
  else { return bytes.prefix(0) }
  return bytes[first...last]
}
