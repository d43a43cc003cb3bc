import Phrases
import Cabinets
import Counts
import Profiles
import Safety
import Signals
import Sites
import Support

extension FuzzTarget {
  /// A cabinet profile. What is read can be read from, written to and put into words, and a cabinet
  /// can be played by it.
  static let profile = FuzzTarget(
    "profile", longest: 4096,
    seeds: ["plc-table", "slot-at-a-time"].map { "intersections/cabinets/\($0).yaml" }
  ) { bytes in
    guard let profile = try read(bytes, { readProfile($0, named: "f.yaml") }) else { return }
    var cabinet = ProfiledCabinet(profile, at: Sample.fourArm(), at: Sample.moment(0))
    for block in profile.blocks {
      let address = UInt16(block.registers.lowerBound)
      let count = min(block.registers.count, profile.longestRead)
      _ = cabinet.answer(.read(address: address, count: UInt16(count)))
      let values = [UInt16](repeating: 1, count: min(block.registers.count, profile.longestWrite))
      _ = cabinet.answer(.write(address: address, values: values))
    }
    for point in profile.points {
      let text = point.text([UInt16](repeating: 0xFFFF, count: point.span.count))
      try promise(!text.isEmpty, "\(point.name) says nothing")
    }
  }

  /// A site file. What is read has plans that pass the check of their own.
  static let site = FuzzTarget(
    "site", longest: 4096, seeds: ["J002", "J004"].map { "intersections/\($0).yaml" }
  ) { bytes in
    guard let junction = try read(bytes, { readSite($0, named: "f.yaml") }) else { return }
    for named in junction.plans {
      do {
        _ = try check(named.plan, at: junction, under: .start(of: named.plan, at: junction))
      } catch {
        throw Broken(description: "plan \(named.name) of a file without an error: \(error)")
      }
    }
    var cabinet = VirtualCabinet(intersection: junction, at: Sample.moment(0))
    cabinet.advance(to: Sample.moment(600))
  }

  /// The value, or nothing if there are errors: each stands in the file and says something.
  static func read<Value>(
    _ bytes: [UInt8], _ body: ([UInt8]) -> Result<Value, SiteErrors>
  ) throws -> Value? {
    switch body(bytes) {
    case .success(let value): return value
    case .failure(let errors):
      // A carriage return ends a line too, and U+0085, U+2028 and U+2029 do.
      let lines = String(decoding: bytes, as: UTF8.self).unicodeScalars.count {
        ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains($0)
      }
      for error in errors.errors {
        try promise(
          (1...lines + 1).contains(error.line) && error.column >= 1,
          "an error beyond the file: \(error)")
        try promise(
          !error.key.isEmpty && !error.problem.text(.english).isEmpty,
          "an error without words: \(error)")
      }
      return nil
    }
  }

  /// Count records as lines or as one array; the first byte says in which pieces lines come.
  static let counts = FuzzTarget("counts", longest: 1024) { bytes in
    guard let first = bytes.first else { return }
    let body = Array(bytes.dropFirst())
    let whole = CountParser.parse(body: body)
    try hold(whole)
    var reader = CountLineReader()
    var pieces = CountInput()
    var rest = body[...]
    while !rest.isEmpty {
      add(reader.consume(rest.prefix(1 + Int(first))), to: &pieces)
      rest = rest.dropFirst(1 + Int(first))
    }
    add(reader.finish(), to: &pieces)
    try hold(pieces)
    var atOnce = CountLineReader()
    var lines = atOnce.consume(body[...])
    add(atOnce.finish(), to: &lines)
    try promise(
      lines.records == pieces.records && lines.errors == pieces.errors,
      "pieces of lines change their records")
  }

  /// A line of an attached traffic simulator.
  static let plant = FuzzTarget("plant", longest: 1024) { bytes in
    guard let line = try? PlantLine(bytes[...], number: 1) else { return }
    try hold(line.counts)
    try promise(line.time.map(\.isFinite) ?? true, "a clock that stands at no time")
  }

  private static func add(_ more: CountInput, to input: inout CountInput) {
    input.records += more.records
    input.errors += more.errors
  }

  /// A record says itself again in one line, and an error in one line of JSON without control
  /// characters.
  static func hold(_ input: CountInput) throws {
    for record in input.records {
      let again = CountParser.parse(line: Array(record.line.utf8)[...])
      try promise(again.records == [record], "a record is read as another: \(record.line)")
    }
    for error in input.errors {
      try promise(
        error.json.unicodeScalars.allSatisfy { $0.value >= 32 } && !error.reason.isEmpty,
        "an error that is no line: \(error.json)")
    }
  }
}
