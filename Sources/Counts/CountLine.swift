extension CountRecord {
  /// The record as one line of JSON without a line feed: fields in the order of the specification,
  /// times in UTC with milliseconds, no field for what was not measured. The same fields give the
  /// same bytes, and `CountParser` reads the same record back.
  ///
  /// By hand: libjansson writes numbers with 17 digits and escapes by its own rules.
  public var line: String {
    var fields = ["\"v\":1", "\"det\":\(escaped(detector))"]
    fields.append("\"start\":\"\(TimeText.format(start))\"")
    fields.append("\"end\":\"\(TimeText.format(end))\"")
    if let source { fields.append("\"src\":\(escaped(source))") }
    if let boot { fields.append("\"boot\":\(escaped(boot))") }
    if let sequence { fields.append("\"seq\":\(sequence)") }
    return "{" + (fields + measurements).joined(separator: ",") + "}"
  }

  /// The fields that say what was seen, as canonical text: the body of a record beside its key.
  var measurements: [String] {
    var fields: [String] = []
    if let count { fields.append("\"count\":\(count.json)") }
    if let inView { fields.append("\"in_view\":\(plain(inView))") }
    if let queue { fields.append("\"queue\":\(plain(queue))") }
    if let occupancy { fields.append("\"occ\":\(plain(occupancy))") }
    if let speedKmh { fields.append("\"speed_kmh\":\(plain(speedKmh))") }
    if quality != CountQuality() { fields.append("\"q\":\(quality.json)") }
    return fields
  }
}

extension VehicleCount {
  fileprivate var json: String {
    guard !classes.isEmpty else { return plain(total) }
    let fields = classes.map { "\(escaped($0.name)):\(plain($0.vehicles))" }
    return "{" + fields.joined(separator: ",") + "}"
  }
}

extension CountQuality {
  fileprivate var json: String {
    var fields = ["\"status\":\"\(status.rawValue)\""]
    if !flags.isEmpty {
      fields.append("\"flags\":[" + flags.map(escaped).joined(separator: ",") + "]")
    }
    if let confidence { fields.append("\"conf\":\(plain(confidence))") }
    return "{" + fields.joined(separator: ",") + "}"
  }
}

/// `text` as a JSON string.
func escaped(_ text: String) -> String {
  var json = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": json += "\\\""
    case "\\": json += "\\\\"
    case "\0"..<" ":
      let hex = String(scalar.value, radix: 16)
      json += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    default: json.unicodeScalars.append(scalar)
    }
  }
  return json + "\""
}

extension CountError {
  /// The error as a JSON object of line, element (in arrays alone), field and reason.
  public var json: String {
    let place = element.map { "\"line\":\(line),\"element\":\($0)" } ?? "\"line\":\(line)"
    let field = field.map(escaped) ?? "null"
    return "{\(place),\"field\":\(field),\"reason\":\(escaped(reason))}"
  }
}
