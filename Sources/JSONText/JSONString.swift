/// `text` as a JSON string, with its quotes (RFC 8259, section 7).
///
/// Only what must be escaped is, and DEL, which terminals do not show: `JSONEncoder` would take longer than
/// all else for the pages that are told anew every second.
public func jsonString(_ text: String) -> String {
  guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C || $0 == 0x7F }) else {
    return "\"\(text)\""
  }
  var json = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": json += "\\\""
    case "\\": json += "\\\\"
    case "\u{0}"..."\u{1F}", "\u{7F}":
      let digits = String(scalar.value, radix: 16)
      json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: json.unicodeScalars.append(scalar)
    }
  }
  return json + "\""
}
