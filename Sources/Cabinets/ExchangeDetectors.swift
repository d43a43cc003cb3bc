import Signals

/// The cabinet's own detectors: read once an interval, when nothing else is due. A cabinet without them is
/// none the worse for it.
extension PlanExchange {
  /// Pages that were read since the last call.
  public mutating func takeDetectors() -> [(first: Int, page: DetectorPage)] {
    guard !detectors.isEmpty else { return [] }
    defer { detectors = [] }
    return detectors
  }

  /// The page of detectors that is due at `time`.
  mutating func dueDetectors(at time: Instant) -> Task? {
    guard !detectorPages.isEmpty, constrained != nil else { return nil }
    if schedule.detectors.isEmpty { schedule.detectors = detectorPages.map { _ in time } }
    return schedule.detectors.firstIndex { $0 <= time }.map { .detectors(page: detectorPages[$0]) }
  }

  mutating func digestDetectors(
    _ registers: [UInt16], page number: Int, at now: Moment
  ) throws(RegisterError) {
    let page = try DetectorPage(registers: registers)
    guard let position = detectorPages.firstIndex(of: number) else { return }
    // The next interval ends when the one after this has passed; a second for the cabinet's clock.
    let next = page.start.advanced(bySeconds: 2 * page.length.seconds + 1)
    let rest = next.seconds(since: now.utc)
    let range = Self.detectorsInterval
    schedule.detectors[position] = now.monotonic.advanced(
      bySeconds: min(range.upperBound, max(range.lowerBound, rest)))
    // Interval 0 has no length: none has ended since the cabinet's start.
    guard page.length > .zero, detectorIntervals[position] != page.interval else { return }
    detectorIntervals[position] = page.interval
    detectors.append((number * RegisterMap.detectorsPerPage + 1, page))
  }

  /// A cabinet that does not tell of its detectors may be given some later.
  mutating func putOffDetectors(_ number: Int, at now: Moment) {
    guard let position = detectorPages.firstIndex(of: number),
      schedule.detectors.indices.contains(position)
    else { return }
    schedule.detectors[position] = now.monotonic.advanced(bySeconds: Self.detectorsRetry)
  }
}
