import Phrases
import Counts
import Feeds
import Settings
import Signals
import Sites

extension FuzzTarget {
  /// What a camera says, a message in each line; an empty line is a lost connection. The first byte says
  /// how it speaks and how many seconds lie between two messages.
  static let cameras = FuzzTarget("cameras", longest: 4096) { bytes in
    guard let first = bytes.first else { return }
    let camera = camera(speaking: Dialect.allCases[Int(first) % Dialect.allCases.count])
    let step = Double(first / 16)
    var reader = CameraReader(camera)
    var now = UTC(milliseconds: 1_795_392_000_000)
    var told: [String: UTC] = [:]
    for message in bytes.dropFirst().split(separator: 10, omittingEmptySubsequences: false) {
      now = now.advanced(bySeconds: step)
      if message.isEmpty {
        reader.interrupt()
        told = [:]
      }
      let input = reader.read(message, at: now)
      try hold(input)
      if camera.dialect != .native { try hold(input.records, of: camera) }
      let totals = reader.records(until: now)
      try hold(CountInput(records: totals))
      try hold(totals, of: camera)
      try holdIntervals(totals, of: camera, until: now, after: &told)
      _ = CameraReader.outline(of: message, in: camera.dialect)
    }
  }

  private static func camera(speaking dialect: Dialect) -> Camera {
    let words =
      switch dialect {
      case .native, .hikvision: ["1", "2"]
      case .axis: ["Device1Scenario1", "Device1Scenario2"]
      case .onvif: ["Counter_1", "Counter_2"]
      }
    return Camera(
      name: "cam", dialect: dialect,
      lanes: [.init(said: words[0], meant: "J.N.1"), .init(said: words[1], meant: "J.N.2")],
      classes: [.init(said: "midsizeCarNum", meant: "bus")], offsetMinutes: 480)
  }

  /// A camera speaks for its own lanes alone.
  private static func hold(_ records: [CountRecord], of camera: Camera) throws {
    for record in records {
      try promise(
        record.source == camera.name && camera.lanes.contains { $0.meant == record.detector },
        "a record of another's lane: \(record.line)")
    }
  }

  /// Totals become intervals of one length that have ended, each told once.
  private static func holdIntervals(
    _ records: [CountRecord], of camera: Camera, until now: UTC, after told: inout [String: UTC]
  ) throws {
    for record in records {
      let length = record.end.milliseconds - record.start.milliseconds
      try promise(
        length == camera.interval && record.start.milliseconds % camera.interval == 0
          && record.end < now, "no interval of the camera: \(record.line)")
      try promise(
        told[record.detector].map { $0 <= record.start } ?? true, "told twice: \(record.line)")
      told[record.detector] = record.end
    }
  }

  /// A table of count records. The detector of a record stands in a line of the table.
  static let table = FuzzTarget("table", longest: 2048) { bytes in
    let input = CountTable.read(bytes)
    try hold(input)
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    let lines = text.split(separator: 10, omittingEmptySubsequences: false).map(cells)
    for error in input.errors {
      try promise((1...max(1, lines.count)).contains(error.line), "an error in no line: \(error)")
    }
    guard !input.records.isEmpty else { return }
    let column = lines[0].firstIndex(of: Array("det".utf8))
    for record in input.records {
      let detector = Array(record.detector.utf8)
      try promise(
        column.map { column in
          lines.dropFirst().contains { $0.indices.contains(column) && $0[column] == detector }
        } ?? false, "a record of no line: \(record.line)")
    }
  }

  /// The cells of a line by RFC 4180, byte by byte.
  private static func cells(_ line: ArraySlice<UInt8>) -> [[UInt8]] {
    let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))
    var rest = line.last == 13 ? line.dropLast() : line
    var cells: [[UInt8]] = []
    repeat {
      var cell: [UInt8] = []
      if rest.first == quote {
        rest = rest.dropFirst()
        cell += rest.prefix { $0 != quote }
        rest = rest.drop { $0 != quote }.dropFirst()
        // A quote that stands twice is one of the cell's.
        while rest.first == quote {
          cell += [quote] + rest.dropFirst().prefix { $0 != quote }
          rest = rest.dropFirst().drop { $0 != quote }.dropFirst()
        }
      } else {
        cell += rest.prefix { $0 != comma }
        rest = rest.drop { $0 != comma }
      }
      cells.append(cell)
    } while rest.popFirst() == comma
    return cells
  }

  /// The daemon's configuration file. What is read names only what the daemon can use.
  static let configuration = FuzzTarget("configuration", longest: 4096) { bytes in
    guard
      let settings = try read(bytes, { DaemonFile.read($0, named: "greensplit.yaml") })
    else { return }
    try promise(!settings.summary.text(.english).isEmpty, "settings without words")
    for topic in settings.mqtt.flatMap(\.subscriptions).map(\.topic) {
      try promise(isTopic(Array(topic.utf8)), "no topic of MQTT: \(topic.debugDescription)")
    }
    for broker in settings.mqtt {
      try promise(!broker.subscriptions.isEmpty, "a broker that is asked for nothing")
    }
    let lanes = settings.cameras.flatMap(\.lanes).map(\.meant)
    try promise(Set(lanes).count == lanes.count, "a detector that is two lanes")
    for camera in settings.cameras {
      var reader = CameraReader(camera)
      _ = reader.read(Array("{}".utf8)[...], at: UTC(milliseconds: 0))
    }
  }

  /// MQTT 4.7, byte by byte.
  private static func isTopic(_ topic: [UInt8]) -> Bool {
    let levels = topic.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return !topic.isEmpty && !topic.contains(0)
      && levels.enumerated().allSatisfy { position, level in
        switch Array(level) {
        case Array("+".utf8): true
        case Array("#".utf8): position == levels.count - 1
        default: !level.contains(UInt8(ascii: "+")) && !level.contains(UInt8(ascii: "#"))
        }
      }
  }
}
