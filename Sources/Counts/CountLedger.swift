public import Signals

/// Keeps the count records of one junction in order: each interval of each detector once, none from
/// a wrong clock, none too late (`docs/count-record.md`).
///
/// A camera's running numbers are followed here, so all that one camera says must go to one ledger
/// if its losses are to be counted rightly.
public struct CountLedger: Sendable {
  /// How far ahead of our clock a record may end, s: transit is never negative, but clocks differ.
  public static let clockTolerance = 2.0

  /// How long a source must have been right after its clock was wrong, s. A clock at the edge of
  /// the tolerance would otherwise come and go with every record.
  public static let quarantine = 30.0

  /// Least time for which records are taken for control after their end, s.
  public static let lateness = 90.0

  /// Silence that is never called stale, s: a second of ticking and two of transit.
  static let grace = 3.0

  /// Most accepted records that wait to be taken.
  public static let waitingLimit = 8192

  /// What has become of all records so far.
  public private(set) var tally = CountTally()

  /// For looking up alone; its order is nowhere used.
  private let positions: [String: Int]
  private var detectors: [DetectorTrack]
  private var sources: [SourceState] = []
  private var waiting = AcceptedRecords()

  /// An empty ledger for the detectors with the identifiers `detectors`.
  public init(detectors: [String]) {
    var positions: [String: Int] = [:]
    for (position, name) in detectors.enumerated() {
      precondition(positions.updateValue(position, forKey: name) == nil, "each detector once")
    }
    self.positions = positions
    self.detectors = Array(repeating: DetectorTrack(), count: detectors.count)
  }

  /// Oldest end, at `now`, of a record of `length` seconds that control still uses.
  static func horizon(at now: UTC, length: Double) -> UTC {
    now.advanced(bySeconds: -max(2 * length, lateness))
  }

  /// Takes or refuses `record`, which came at `now`.
  public mutating func accept(_ record: CountRecord, at now: UTC) -> Verdict {
    let verdict = judge(record, at: now)
    tally.note(verdict)
    if let source = sources.firstIndex(where: { $0.name == record.source ?? record.detector }) {
      sources[source].tally.note(verdict)
    }
    return verdict
  }

  /// The records accepted since the last call, in order of end, start and detector. A record that
  /// took the place of one taken already is not among them: control has used the first.
  public mutating func take() -> [CountRecord] { waiting.take() }

  /// What has become of the records of each source, in the order of their first words.
  public func sources(at now: UTC) -> [SourceReport] { sources.map { $0.report(at: now) } }

  // MARK: Judging

  private mutating func judge(_ record: CountRecord, at now: UTC) -> Verdict {
    guard let position = positions[record.detector] else {
      noteSequence(of: record)
      return .unknownDetector
    }
    let source = source(of: record, at: now)
    noteSequence(of: record)
    if isAhead(record.end, of: now) {
      let wasQuarantined = sources[source].isQuarantined(at: now)
      sources[source].faultSince = wasQuarantined ? sources[source].faultSince : now
      sources[source].lastFault = now
      return .clockFault(seconds: record.end.seconds(since: now))
    }
    if sources[source].isQuarantined(at: now) { return .quarantined }
    sources[source].lastFault = nil
    return enter(record, of: position, bootNow: sources[source].sequences.boot, at: now)
  }

  /// Puts a record of a trusted source among those of its detector.
  private mutating func enter(
    _ record: CountRecord, of position: Int, bootNow: String?, at now: UTC
  ) -> Verdict {
    if record.isHeartbeat { return .heartbeat }
    detectors[position].prune(at: now)
    let new = DetectorTrack.Kept(record)
    if let clash = detectors[position].clash(with: new) {
      let old = detectors[position].kept[clash.position]
      guard clash.isSameKey else { return .overlap(start: old.start, end: old.end) }
      let wins = old.yields(to: new, bootNow: bootNow.map { fingerprint($0) })
      if wins { detectors[position].replace(at: clash.position, by: new) }
      if old.figures == new.figures { return .duplicate }
      guard wins else { return .conflict }
      waiting.replace(by: record)
      return .replaced
    }
    // What begins before the end of a forgotten record and ends after it overlaps it for certain;
    // what ends before is older than all that is remembered.
    let forgotten = detectors[position].forgotten
    if let forgotten, record.start < forgotten.end, record.end > forgotten.end {
      return .overlap(start: forgotten.start, end: forgotten.end)
    }
    if record.end < Self.horizon(at: now, length: record.length)
      || forgotten.map({ record.end <= $0.end }) ?? false
    {
      return .late(seconds: now.seconds(since: record.end))
    }
    detectors[position].insert(new)
    if waiting.append(record) { tally.overflowed += 1 }
    return .accepted
  }

  // MARK: Sources

  /// Most sources that are followed; beyond it the one that has been silent longest is forgotten.
  private var sourceLimit: Int { 16 + 4 * detectors.count }

  /// Position of the record's source; a detector that names none is a source of its own.
  private mutating func source(of record: CountRecord, at now: UTC) -> Int {
    let name = record.source ?? record.detector
    if let known = sources.firstIndex(where: { $0.name == name }) {
      sources[known].lastHeard = now
      sources[known].skew.note(end: record.end, at: now)
      return known
    }
    var new = SourceState(name: name, lastHeard: now)
    new.skew.note(end: record.end, at: now)
    if sources.count >= sourceLimit,
      let silent = sources.indices.min(by: { sources[$0].lastHeard < sources[$1].lastHeard })
    {
      sources[silent] = new
      return silent
    }
    sources.append(new)
    return sources.count - 1
  }

  /// Follows the running numbers of a known source; records of unknown detectors have some of them.
  private mutating func noteSequence(of record: CountRecord) {
    let name = record.source ?? record.detector
    guard let source = sources.firstIndex(where: { $0.name == name }) else { return }
    let before = sources[source].sequences
    sources[source].sequences.note(boot: record.boot, sequence: record.sequence)
    let after = sources[source].sequences
    let (lost, restarts) = (after.lost - before.lost, after.restarts - before.restarts)
    tally.lost += lost
    tally.restarts += restarts
    sources[source].tally.lost += lost
    sources[source].tally.restarts += restarts
  }
}
