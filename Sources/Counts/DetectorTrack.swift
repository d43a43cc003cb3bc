import Signals

/// What one detector has lately reported.
struct DetectorTrack {
  /// What is kept of a record to know it again: figures as fingerprints, since a city has tens of
  /// thousands of detectors.
  struct Kept {
    let start: UTC
    let end: UTC
    let source: UInt64?
    var boot: UInt64?
    var sequence: Int64?
    var figures: UInt64

    init(_ record: CountRecord) {
      start = record.start
      end = record.end
      source = record.source.map { fingerprint($0) }
      boot = record.boot.map { fingerprint($0) }
      sequence = record.sequence
      figures = fingerprint(record.measurements.joined(separator: ","))
    }

    func overlaps(_ other: Kept) -> Bool { start < other.end && other.start < end }

    func hasKey(of other: Kept) -> Bool {
      start == other.start && end == other.end && source == other.source
    }

    /// Whether a record of the same key and other figures wins over this one: the higher running
    /// number of one start, or the start that the camera is in now.
    func yields(to other: Kept, bootNow: UInt64?) -> Bool {
      if boot != other.boot { return other.boot != nil && other.boot == bootNow }
      guard let mine = sequence, let its = other.sequence else { return false }
      return its > mine
    }
  }

  /// Most records kept: 90 s of the shortest interval.
  static let limit = 1024

  /// Sorted by start; they do not overlap.
  private(set) var kept: [Kept] = []

  /// The newest record that was forgotten for its age.
  private(set) var forgotten: Kept?

  /// Forgets what is too old to come again in time, and what a clock that was set back has left in
  /// the future, where it would stand in the way.
  mutating func prune(at now: UTC) {
    if let last = forgotten, isAhead(last.end, of: now) { forgotten = nil }
    kept.removeAll { isAhead($0.end, of: now) }
    while let index = kept.firstIndex(where: { isOld($0, at: now) }) { forget(index) }
  }

  private func isOld(_ record: Kept, at now: UTC) -> Bool {
    record.end < CountLedger.horizon(at: now, length: record.end.seconds(since: record.start))
  }

  private mutating func forget(_ position: Int) {
    let record = kept.remove(at: position)
    if forgotten.map({ record.end > $0.end }) ?? true { forgotten = record }
  }

  /// The record that `record` overlaps, and whether it has the same key.
  func clash(with record: Kept) -> (position: Int, isSameKey: Bool)? {
    // Sorted and apart from each other: the first that ends after the start is the only candidate.
    var low = 0
    var high = kept.count
    while low < high {
      let middle = (low + high) / 2
      if kept[middle].end <= record.start { low = middle + 1 } else { high = middle }
    }
    guard low < kept.count, kept[low].overlaps(record) else { return nil }
    return (low, kept[low].hasKey(of: record))
  }

  mutating func insert(_ record: Kept) {
    let position = kept.firstIndex { $0.start > record.start } ?? kept.count
    kept.insert(record, at: position)
    if kept.count > Self.limit { forget(0) }
  }

  mutating func replace(at position: Int, by record: Kept) { kept[position] = record }
}

/// Whether `time` can only be of a clock that has been set back since.
func isAhead(_ time: UTC, of now: UTC) -> Bool {
  time > now.advanced(bySeconds: CountLedger.clockTolerance)
}

/// 64 bits that tell texts apart: FNV-1a, since the standard library's hashes differ in every run.
func fingerprint(_ text: String) -> UInt64 {
  text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}
