import Signals

/// Reads the fields of one record and notes every fault of it.
struct RecordReader {
  /// A field and what is wrong with it.
  struct Fault {
    let field: String?
    let reason: String
  }

  /// Longest name of a detector, source, boot, class or flag, bytes.
  static let nameLimit = 128

  /// Most classes, and most flags, in a record.
  static let listLimit = 32

  let object: JSONValue
  private(set) var faults: [Fault] = []

  init(object: JSONValue) { self.object = object }

  /// The record, unless there are faults.
  mutating func record() -> CountRecord? {
    checkVersion()
    let detector = name("det")
    if detector == nil && object.field("det") == nil {
      fault("det", "is missing; the detector's id as the site file names it")
    }
    let interval = interval()
    let source = name("src")
    let boot = name("boot")
    let sequence = sequence()
    let count = count()
    let inView = number("in_view", in: 0...CountRecord.vehicleLimit, "vehicles")
    let queue = number("queue", in: 0...CountRecord.vehicleLimit, "vehicles")
    let occupancy = number("occ", in: 0...1, "as a share")
    let speed = number("speed_kmh", in: 0...CountRecord.speedLimit, "km/h")
    let quality = quality()
    if let inView, let queue, queue > inView {
      fault("queue", "\(plain(queue)) is more than in_view \(plain(inView)), of which it is a part")
    }
    guard faults.isEmpty, let detector, let interval else { return nil }
    return CountRecord(
      detector: detector, start: interval.start, end: interval.end, source: source, boot: boot,
      sequence: sequence, count: count, inView: inView, queue: queue, occupancy: occupancy,
      speedKmh: speed, quality: quality)
  }

  private mutating func fault(_ field: String, _ reason: String) {
    faults.append(Fault(field: field, reason: reason))
  }

  private mutating func checkVersion() {
    guard let value = object.field("v") else {
      return fault("v", "is missing; write 1, the version of the record")
    }
    if value.number != 1 { fault("v", "is \(value.shown); this program reads version 1") }
  }

  // MARK: Times

  private mutating func interval() -> (start: UTC, end: UTC)? {
    let (readStart, readEnd) = (time("start"), time("end"))
    guard let start = readStart, let end = readEnd else { return nil }
    let length = end.milliseconds - start.milliseconds
    guard CountRecord.intervalLengths.contains(length) else {
      let seconds = plain(Double(length) / 1000)
      fault("end", "is \(seconds) s after start; an interval is 0.1 s to 900 s long")
      return nil
    }
    return (start, end)
  }

  private mutating func time(_ field: String) -> UTC? {
    let right = "write 2026-11-23T08:00:00.000Z, or seconds as a number"
    guard let value = object.field(field) else {
      fault(field, "is missing; \(right)")
      return nil
    }
    if let text = value.text {
      do {
        return try TimeText.parse(text)
      } catch {
        fault(field, "\(quoted(text)) \(error.reason); \(right)")
        return nil
      }
    }
    let limit = Double(TimeText.limit) / 1000
    guard let seconds = value.number else {
      fault(field, "is \(value.shown), no time; \(right)")
      return nil
    }
    // Rounding to the millisecond must not reach the limit either.
    guard seconds >= 0, seconds < limit - 1 else {
      fault(field, "is \(value.shown) s; seconds go from 0 to the year 9999 (not milliseconds)")
      return nil
    }
    return UTC(seconds: seconds)
  }

  // MARK: Figures

  private mutating func number(
    _ field: String, in range: ClosedRange<Double>, _ unit: String
  ) -> Double? {
    guard let value = object.field(field) else { return nil }
    return number(value, field, in: range, unit)
  }

  private mutating func number(
    _ value: JSONValue, _ path: String, in range: ClosedRange<Double>, _ unit: String
  ) -> Double? {
    var right: String { "\(plain(range.lowerBound)) to \(plain(range.upperBound)) \(unit)" }
    guard let number = value.number else {
      fault(path, "is \(value.shown), no number; \(right), or null if not measured")
      return nil
    }
    guard range.contains(number) else {
      fault(path, "is \(value.shown); \(right)")
      return nil
    }
    // A negative zero is a zero, and prints as one.
    return number == 0 ? 0 : number
  }

  private mutating func sequence() -> Int64? {
    guard let value = object.field("seq") else { return nil }
    guard let number = value.number, let whole = Int64(exactly: number),
      (0...CountRecord.sequenceLimit).contains(whole)
    else {
      fault("seq", "is \(value.shown); a whole number from 0 to \(CountRecord.sequenceLimit)")
      return nil
    }
    return whole
  }

  private mutating func count() -> VehicleCount? {
    guard let value = object.field("count") else { return nil }
    let limit = 0...CountRecord.vehicleLimit
    guard value.kind == .object else {
      return number(value, "count", in: limit, "vehicles").map(VehicleCount.init(total:))
    }
    let fields = value.fields
    guard (1...Self.listLimit).contains(fields.count) else {
      fault(
        "count",
        "names \(fields.count) classes; 1 to \(Self.listLimit), or null if not measured")
      return nil
    }
    var classes: [VehicleCount.ClassCount] = []
    for (name, value) in fields where value.kind != .null {
      guard isName(name) else {
        fault("count", "names the class \(quoted(name)); \(Self.nameRule)")
        continue
      }
      if let vehicles = number(value, "count.\(name)", in: limit, "vehicles") {
        classes.append(VehicleCount.ClassCount(name: name, vehicles: vehicles))
      }
    }
    return classes.isEmpty ? nil : VehicleCount(classes: classes)
  }

  // MARK: Names and quality

  private static let nameRule = "1 to \(nameLimit) bytes without control characters"

  private func isName(_ text: String) -> Bool {
    guard (1...Self.nameLimit).contains(text.utf8.count) else { return false }
    // Nearly all names are ASCII, which needs none of Unicode's tables.
    return text.utf8.allSatisfy { (32..<127).contains($0) }
      || text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
  }

  private mutating func name(_ field: String) -> String? {
    guard let value = object.field(field) else { return nil }
    guard let text = value.text, isName(text) else {
      fault(field, "is \(value.shown); a text of \(Self.nameRule)")
      return nil
    }
    return text
  }

  private mutating func quality() -> CountQuality {
    guard let value = object.field("q") else { return CountQuality() }
    guard value.kind == .object else {
      fault("q", "is \(value.shown); an object of status, flags and conf")
      return CountQuality()
    }
    let flags = flags(value)
    let confidence = value.field("conf").flatMap { number($0, "q.conf", in: 0...1, "as a share") }
    return CountQuality(status: status(value), flags: flags, confidence: confidence)
  }

  private mutating func status(_ quality: JSONValue) -> CountQuality.Status {
    guard let value = quality.field("status") else { return .ok }
    guard let text = value.text, let status = CountQuality.Status(rawValue: text) else {
      let known = CountQuality.Status.allCases.map(\.rawValue).joined(separator: ", ")
      fault("q.status", "is \(value.shown); one of \(known)")
      return .ok
    }
    return status
  }

  private mutating func flags(_ quality: JSONValue) -> [String] {
    guard let value = quality.field("flags") else { return [] }
    let elements = value.kind == .array ? value.elements : []
    let flags = elements.compactMap(\.text).filter(isName)
    guard value.kind == .array, flags.count == elements.count, flags.count <= Self.listLimit else {
      fault("q.flags", "must be an array of at most \(Self.listLimit) texts of \(Self.nameRule)")
      return []
    }
    return flags
  }
}
