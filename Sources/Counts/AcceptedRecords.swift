/// Records that were accepted and wait for the next decision.
///
/// The daemon's ledger and a replay of its history fill it alike, so that both hand on the same records
/// in the same order.
public struct AcceptedRecords: Sendable {
  private var waiting: [CountRecord] = []

  /// None yet.
  public init() {}

  /// Adds `record`.
  ///
  /// - Returns: Whether the oldest one had to go, because nobody took them.
  @discardableResult
  public mutating func append(_ record: CountRecord) -> Bool {
    let isFull = waiting.count >= CountLedger.waitingLimit
    if isFull { waiting.removeFirst() }
    waiting.append(record)
    return isFull
  }

  /// Puts `record` in the place of the one of the same interval; if that one was taken already,
  /// control has used it, and nothing happens.
  public mutating func replace(by record: CountRecord) {
    let position = waiting.lastIndex {
      $0.detector == record.detector && $0.start == record.start && $0.end == record.end
    }
    if let position { waiting[position] = record }
  }

  /// All that wait, in order of end, start and detector; none wait any more.
  public mutating func take() -> [CountRecord] {
    guard !waiting.isEmpty else { return [] }
    defer { waiting.removeAll(keepingCapacity: true) }
    // Of the usual second all records end at once and come in the order of their detectors.
    let isSorted = waiting.indices.dropFirst().allSatisfy {
      !precedes(waiting[$0], waiting[$0 - 1])
    }
    guard !isSorted else { return waiting }
    // By position: a record is large to move about.
    return waiting.indices.sorted { precedes(waiting[$0], waiting[$1]) }.map { waiting[$0] }
  }
}

private func precedes(_ a: CountRecord, _ b: CountRecord) -> Bool {
  if a.end != b.end { return a.end < b.end }
  if a.start != b.start { return a.start < b.start }
  return a.detector < b.detector
}
