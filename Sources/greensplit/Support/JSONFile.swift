import FoundationEssentials

/// A file for results that may take minutes to come: whether it can be written is said before.
struct JSONFile {
  private let file: OutputFile

  /// Throws the system's reason if nothing can be written there.
  init(_ path: String) throws(Failure) { file = try OutputFile(path) }

  /// Writes `value` with sorted keys, lists of numbers on one line, whole or not at all.
  func write(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try file.write(withShortLists(Array(try encoder.encode(value))) + [UInt8(ascii: "\n")])
  }
}

/// `json`, indented, with every list of numbers on one line: an hour by the minute would else be a page.
private func withShortLists(_ json: [UInt8]) -> [UInt8] {
  var short: [UInt8] = []
  short.reserveCapacity(json.count)
  var isInString = false
  var position = 0
  while position < json.count {
    let byte = json[position]
    if isInString, byte == UInt8(ascii: "\\") {
      short += json[position...(position + 1)]
      position += 2
      continue
    }
    if byte == UInt8(ascii: "\"") { isInString.toggle() }
    if !isInString, byte == UInt8(ascii: "["), let end = endOfNumbers(json, from: position + 1) {
      short += json[position...end].filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") }
      position = end + 1
      continue
    }
    short.append(byte)
    position += 1
  }
  return short
}

/// Where the list that begins before `start` ends; `nil` if it holds more than numbers and nulls.
private func endOfNumbers(_ json: [UInt8], from start: Int) -> Int? {
  for position in start..<json.count {
    switch Unicode.Scalar(json[position]) {
    case "]": return position
    case "[", "{", "\"": return nil
    default: continue
    }
  }
  return nil
}

/// One line of JSON with sorted keys: the same value gives the same bytes.
func jsonText(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return ((try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) }) ?? "{}"
}
