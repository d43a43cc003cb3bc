import Control
import Counts
import Demand
import FoundationEssentials
import Signals

/// What one decision was made on beside the junction's own counts, which stand in their own table.
struct TickReading: Equatable {
  /// The tick.
  var at: Moment

  /// How many records of its own detectors went into the history since the tick before: what is missing
  /// there is noticed.
  var ownCounts: Int

  /// Records of other junctions' detectors, in the order in which control had them.
  var inbound: [CountRecord]

  /// What stop lines of other junctions are about to let go, as they told since the tick before.
  var releases: [ComingRelease] = []

  /// What the cabinet last said of itself.
  var report: CabinetReport?

  /// What the cabinet says of its stages and limits.
  var limits: CabinetLimits?

  /// What a person wants instead, valid at the tick.
  var override: Override?
}

/// What the codec carries from one reading to the next.
private struct Carried {
  var at = Moment(monotonic: Instant(milliseconds: 0), utc: UTC(milliseconds: 0))
  var report: CabinetReport?
  var fields = ReportFields.nothing
  var limits: CabinetLimits?
  var override: Override?

  /// UTC ahead of the monotonic scale, ms.
  var offset: Int64 { at.utc.milliseconds - at.monotonic.milliseconds }
}

/// What a reading has beside the time, one bit each.
private enum Part {
  static let clock: UInt8 = 1
  static let ownCounts: UInt8 = 2
  static let inbound: UInt8 = 4
  static let sameReport: UInt8 = 8
  static let newReport: UInt8 = 16
  static let limits: UInt8 = 32
  static let override: UInt8 = 64
  static let releases: UInt8 = 128
}

/// Bits of a report's mask beyond those of its numbers.
private enum ReportPart {
  static let lamps: UInt64 = 1 << UInt64(ReportFields.count)
  static let plan: UInt64 = 2 << UInt64(ReportFields.count)
}

/// Usual time between two ticks, ms.
private let usualTick: Int64 = 1000

/// Writes the readings of one session, each as what differs from what was to be expected: some ten bytes
/// a tick.
struct ReadingsEncoder {
  private var carried = Carried()
  private let inboundDetectors: [String]

  /// An encoder for a session with so many cameras of other junctions.
  init(inboundDetectors: [String]) { self.inboundDetectors = inboundDetectors }

  /// Adds one reading to `writer`.
  mutating func encode(_ reading: TickReading, into writer: inout ByteWriter) {
    let step = reading.at.monotonic.milliseconds - carried.at.monotonic.milliseconds
    let offset = reading.at.utc.milliseconds - reading.at.monotonic.milliseconds
    var parts: UInt8 = 0
    if step != usualTick || offset != carried.offset { parts |= Part.clock }
    if reading.ownCounts > 0 { parts |= Part.ownCounts }
    if !reading.inbound.isEmpty { parts |= Part.inbound }
    if let report = reading.report {
      parts |= report == carried.report ? Part.sameReport : Part.newReport
    }
    if reading.limits != carried.limits { parts |= Part.limits }
    if reading.override != carried.override { parts |= Part.override }
    if !reading.releases.isEmpty { parts |= Part.releases }
    writer.put(parts)
    if parts & Part.clock != 0 {
      writer.put(signed: step - usualTick)
      writer.put(signed: offset - carried.offset)
    }
    if parts & Part.ownCounts != 0 { writer.put(unsigned: UInt64(reading.ownCounts)) }
    if parts & Part.inbound != 0 {
      writer.put(unsigned: UInt64(reading.inbound.count))
      for record in reading.inbound { encode(record, at: reading.at, into: &writer) }
    }
    if parts & Part.releases != 0 { encode(reading.releases, at: reading.at, into: &writer) }
    if parts & Part.newReport != 0, let report = reading.report {
      encode(report, at: reading.at, into: &writer)
    }
    if parts & Part.limits != 0 { writer.put(reading.limits.map(json) ?? "") }
    if parts & Part.override != 0 { writer.put(reading.override.map(json) ?? "") }
    carried.at = reading.at
    carried.report = reading.report
    carried.limits = reading.limits
    carried.override = reading.override
  }

  private mutating func encode(
    _ report: CabinetReport, at tick: Moment, into writer: inout ByteWriter
  ) {
    let before = carried.report?.at.monotonic ?? report.at.monotonic
    writer.put(signed: tick.monotonic.milliseconds - report.at.monotonic.milliseconds)
    writer.put(signed: tick.utc.milliseconds - report.at.utc.milliseconds)
    let fields = ReportFields(report)
    let expected = carried.fields.expected(
      after: report.at.monotonic.milliseconds - before.milliseconds)
    var mask: UInt64 = 0
    for position in 0..<ReportFields.count where fields[position] != expected[position] {
      mask |= 1 << UInt64(position)
    }
    if fields.lamps != expected.lamps { mask |= ReportPart.lamps }
    if fields.plan != expected.plan { mask |= ReportPart.plan }
    writer.put(unsigned: mask)
    for position in 0..<ReportFields.count where mask & (1 << UInt64(position)) != 0 {
      writer.put(signed: fields[position] - expected[position])
    }
    if mask & ReportPart.lamps != 0 { writer.put(fields.lamps) }
    if mask & ReportPart.plan != 0 { encode(fields.plan, into: &writer) }
    carried.fields = fields
  }

  private func encode(_ plan: TimingPlan?, into writer: inout ByteWriter) {
    guard let plan else { return writer.put(UInt8(0)) }
    writer.put(UInt8(1 + plan.takeover.rawValue))
    writer.put(signed: plan.cycle.map { Int64($0.count) } ?? -1)
    writer.put(signed: Int64(plan.offset.count))
    writer.put(unsigned: UInt64(plan.entries.count))
    for entry in plan.entries {
      writer.put(unsigned: UInt64(entry.stage))
      writer.put(signed: Int64(entry.green.count))
      writer.put(signed: Int64(entry.longestGreen.count - entry.green.count))
    }
  }

  /// A record of a neighbour: of most of them only a whole number of vehicles matters here.
  private func encode(_ record: CountRecord, at tick: Moment, into writer: inout ByteWriter) {
    guard let detector = inboundDetectors.firstIndex(of: record.detector), isPlain(record),
      let count = record.count
    else {
      writer.put(unsigned: 0)
      return writer.put(record.line)
    }
    writer.put(unsigned: UInt64(detector + 1))
    writer.put(signed: tick.utc.milliseconds - record.end.milliseconds)
    writer.put(unsigned: UInt64(record.end.milliseconds - record.start.milliseconds))
    writer.put(unsigned: UInt64(count.total))
  }

  private func encode(
    _ releases: [ComingRelease], at tick: Moment, into writer: inout ByteWriter
  ) {
    writer.put(unsigned: UInt64(releases.count))
    for release in releases {
      guard let detector = inboundDetectors.firstIndex(of: release.detector) else {
        preconditionFailure("\(release.detector) is no camera whose vehicles come here")
      }
      writer.put(unsigned: UInt64(detector))
      writer.put(signed: tick.utc.milliseconds - release.start.milliseconds)
      writer.put(UInt8(release.crossings.count))
      for crossing in release.crossings { writer.put(crossing) }
    }
  }

  private func isPlain(_ record: CountRecord) -> Bool {
    guard let count = record.count else { return false }
    return count.classes.isEmpty && count.total == count.total.rounded()
      && record.quality == CountQuality()
  }
}

/// Reads the readings of one session in the order in which they were written.
struct ReadingsDecoder {
  private var carried = Carried()
  private let inboundDetectors: [String]
  private let stages: Int

  /// A decoder for a session at a junction of so many stages.
  init(inboundDetectors: [String], stages: Int) {
    self.inboundDetectors = inboundDetectors
    self.stages = stages
  }

  /// The next reading.
  mutating func decode(_ reader: inout ByteReader) throws(ReadingsError) -> TickReading {
    let parts = try reader.byte()
    var step = usualTick
    var offset = carried.offset
    if parts & Part.clock != 0 {
      step = usualTick &+ (try reader.signed())
      offset = offset &+ (try reader.signed())
    }
    let monotonic = carried.at.monotonic.milliseconds &+ step
    let at = Moment(
      monotonic: Instant(milliseconds: monotonic), utc: UTC(milliseconds: monotonic &+ offset))
    var reading = TickReading(at: at, ownCounts: 0, inbound: [])
    if parts & Part.ownCounts != 0 {
      reading.ownCounts = Int(truncatingIfNeeded: try reader.unsigned())
    }
    if parts & Part.inbound != 0 {
      for _ in 0..<(try reader.unsigned()) {
        reading.inbound.append(try record(at: at, &reader))
      }
    }
    if parts & Part.releases != 0 {
      for _ in 0..<(try reader.unsigned()) {
        reading.releases.append(try release(at: at, &reader))
      }
    }
    if parts & Part.sameReport != 0 { reading.report = carried.report }
    if parts & Part.newReport != 0 { reading.report = try report(at: at, &reader) }
    reading.limits = carried.limits
    if parts & Part.limits != 0 {
      reading.limits = try value(&reader, "the cabinet's limits make no sense")
    }
    reading.override = carried.override
    if parts & Part.override != 0 {
      reading.override = try value(&reader, "an override makes no sense")
    }
    carried.at = at
    carried.report = reading.report
    carried.limits = reading.limits
    carried.override = reading.override
    return reading
  }

  private mutating func report(
    at tick: Moment, _ reader: inout ByteReader
  ) throws(ReadingsError) -> CabinetReport {
    let monotonic = tick.monotonic.milliseconds &- (try reader.signed())
    let utc = tick.utc.milliseconds &- (try reader.signed())
    let before = carried.report?.at.monotonic.milliseconds ?? monotonic
    var fields = carried.fields.expected(after: monotonic &- before)
    let mask = try reader.unsigned()
    for position in 0..<ReportFields.count where mask & (1 << UInt64(position)) != 0 {
      fields[position] &+= try reader.signed()
    }
    if mask & ReportPart.lamps != 0 { fields.lamps = try reader.text() }
    if mask & ReportPart.plan != 0 { fields.plan = try plan(&reader) }
    carried.fields = fields
    let at = Moment(
      monotonic: Instant(milliseconds: monotonic), utc: UTC(milliseconds: utc))
    let known = mask & ReportPart.lamps == 0 ? carried.report?.lamps : nil
    return try fields.report(at: at, stages: stages, known: known)
  }

  private func plan(_ reader: inout ByteReader) throws(ReadingsError) -> TimingPlan? {
    let first = try reader.byte()
    guard first > 0 else { return nil }
    guard let takeover = Takeover(rawValue: UInt16(first) - 1) else {
      throw ReadingsError(reason: "a plan makes no sense")
    }
    let cycle = try reader.signed()
    let offset = try reader.signed()
    var entries: [PlanEntry] = []
    for _ in 0..<(try reader.unsigned()) {
      let stage = Int(truncatingIfNeeded: try reader.unsigned())
      let green = try reader.signed()
      let more = try reader.signed()
      entries.append(
        PlanEntry(
          stage: stage, green: Tenths(Int(green)), longestGreen: Tenths(Int(green &+ more))))
    }
    return TimingPlan(
      entries: entries, cycle: cycle < 0 ? nil : Tenths(Int(cycle)), offset: Tenths(Int(offset)),
      takeover: takeover)
  }

  /// A value as JSON, or none.
  private func value<Value: Decodable>(
    _ reader: inout ByteReader, _ otherwise: String
  ) throws(ReadingsError) -> Value? {
    let text = try reader.text()
    guard !text.isEmpty else { return nil }
    do {
      return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    } catch {
      throw ReadingsError(reason: otherwise)
    }
  }

  private func record(
    at tick: Moment, _ reader: inout ByteReader
  ) throws(ReadingsError) -> CountRecord {
    let position = try reader.unsigned()
    guard position > 0 else {
      let line = try reader.text()
      guard let record = CountParser.parse(line: Array(line.utf8)[...]).records.first else {
        throw ReadingsError(reason: "a neighbour's record makes no sense")
      }
      return record
    }
    let end = tick.utc.milliseconds &- (try reader.signed())
    let length = Int64(truncatingIfNeeded: try reader.unsigned())
    let count = Double(try reader.unsigned())
    guard position <= UInt64(inboundDetectors.count),
      CountRecord.intervalLengths.contains(length), count <= CountRecord.vehicleLimit
    else { throw ReadingsError(reason: "a neighbour's record makes no sense") }
    return CountRecord(
      detector: inboundDetectors[Int(position) - 1], start: UTC(milliseconds: end &- length),
      end: UTC(milliseconds: end), count: VehicleCount(total: count))
  }
}

extension ReadingsDecoder {
  private func release(
    at tick: Moment, _ reader: inout ByteReader
  ) throws(ReadingsError) -> ComingRelease {
    let position = try reader.unsigned()
    let age = try reader.signed()
    let count = Int(try reader.byte())
    guard position < UInt64(inboundDetectors.count), count <= ComingRelease.longest,
      // A century in ms: no two clocks are farther apart.
      age.magnitude < 1 << 42
    else {
      throw ReadingsError(reason: "what a neighbour is about to let go makes no sense")
    }
    var crossings: [UInt8] = []
    for _ in 0..<count { crossings.append(try reader.byte()) }
    return ComingRelease(
      detector: inboundDetectors[Int(position)],
      start: UTC(milliseconds: tick.utc.milliseconds &- age),
      crossings: crossings)
  }
}

/// Sorted keys: the same value gives the same text.
func json(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  do {
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  } catch {
    preconditionFailure("configurations, states and decisions hold finite numbers only: \(error)")
  }
}
