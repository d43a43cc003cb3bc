import Control
import Counts
import History
import Junctions
import Measures
import Signals

/// Decides one session again, from the state that it began with.
///
/// It goes through the session in blocks, so that the counts of an hour are in memory at most.
struct SessionReplay {
  /// Ticks of a block.
  private static let block = 3600

  /// A block's records lie between its first and last tick, but for what a clock that is set in
  /// between makes of them, s.
  private static let slack = 5.0

  /// What came of it.
  struct Outcome {
    var ticks = 0
    /// Of those, the ones inside the span.
    var inside = 0
    /// Decisions inside the span that were recorded, or are now and were not.
    var compared = 0
    var differing = 0
    /// Of those, the ones with another plan, or a plan where there was none.
    var otherPlans = 0
    var first: DecisionDifference?
    /// Why it could not be replayed to its end.
    var gap: ReplayGap?
    var stages: StageTally
    var flows: RecordedFlows
  }

  private let reader: HistoryReader
  private let stored: StoredSession
  private let span: Range<UTC>
  private let countsFlows: Bool
  private let site: Intersection
  /// Records of neighbours are kept by their position among these.
  private let recordedInbound: [InboundDetector]
  private let finder: DifferenceFinder
  /// The controller as it stands now.
  private(set) var controller: IntersectionController
  private var kept: KeptDecisions
  private var accepted = AcceptedRecords()
  private var lines = CanonicalLineReader()
  private var limits: CabinetLimits?
  private var junction: Intersection?
  private var outcome: Outcome
  /// Gathers the measures of days; `nil` if nobody wants them.
  var tally: DaySeries?

  /// - Parameters:
  ///   - setup: The session with what its texts say.
  ///   - changed: Another configuration than the recorded one; `nil` to decide the same again.
  ///   - span: What is compared; the session is decided from its begin all the same.
  ///   - reader: The history.
  ///   - countsFlows: Whether the demand is wanted too.
  ///   - before: The controller of the session that this one goes on from, for another configuration
  ///     than the recorded one: what was gathered under one means nothing under another.
  init(
    _ setup: SessionSetup, changed: SiteSnapshot?, span: Range<UTC>, reader: HistoryReader,
    countsFlows: Bool = false, goingOnFrom before: IntersectionController? = nil
  ) {
    let snapshot = changed ?? setup.snapshot
    self.reader = reader
    self.countsFlows = countsFlows
    self.span = span
    stored = setup.stored
    site = snapshot.site
    recordedInbound = setup.snapshot.inbound
    finder = DifferenceFinder(site: site, epoch: stored.session.epoch)
    let fresh = IntersectionController(
      for: snapshot.site, inboundDetectors: snapshot.inbound)
    if changed == nil {
      controller =
        setup.state.map { IntersectionController(for: snapshot.site, resuming: $0) } ?? fresh
    } else {
      controller = setup.stored.session.state == nil ? fresh : before ?? fresh
    }
    kept = KeptDecisions(after: stored.session.level, cause: stored.session.cause)
    outcome = Outcome(
      stages: StageTally(of: site), flows: RecordedFlows(of: setup.snapshot.site))
  }

  /// Decides all of it; what cannot be read of it is told in the outcome.
  mutating func run(_ readings: [RecordedReadings]) throws(HistoryError) -> Outcome {
    var decoder = ReadingsDecoder(
      inboundDetectors: recordedInbound.map(\.detector), stages: site.stages.count)
    var next = stored.session.ticks + 1
    var pending: [TickReading] = []
    pending.reserveCapacity(Self.block)
    var pendingFirst = next
    for chunk in readings {
      guard chunk.firstTick == next else {
        let reason = "the readings of ticks \(next) to \(chunk.firstTick - 1) are missing"
        try decide(pending, from: pendingFirst)
        return stopped(because: reason, at: chunk.at)
      }
      do throws(ReadingsError) {
        try decode(chunk, with: &decoder, into: &pending)
      } catch {
        try decide(pending, from: pendingFirst)
        return stopped(because: "the readings cannot be read: \(error.reason)", at: chunk.at)
      }
      next += Int64(chunk.ticks)
      guard pending.count >= Self.block else { continue }
      try decide(pending, from: pendingFirst)
      guard !isOver(pending) else { return outcome }
      pending.removeAll(keepingCapacity: true)
      pendingFirst = next
    }
    try decide(pending, from: pendingFirst)
    return outcome
  }

  private func decode(
    _ chunk: RecordedReadings, with decoder: inout ReadingsDecoder,
    into readings: inout [TickReading]
  ) throws(ReadingsError) {
    guard chunk.body.count > 4 else { throw ReadingsError(reason: "they end too soon") }
    let body = chunk.body.dropLast(4)
    let sum = chunk.body.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard checksum(body) == sum else { throw ReadingsError(reason: "they are damaged") }
    var reader = ByteReader(body)
    let before = readings.count
    do throws(ReadingsError) {
      for _ in 0..<chunk.ticks { readings.append(try decoder.decode(&reader)) }
      guard reader.isAtEnd else { throw ReadingsError(reason: "they are longer than they say") }
    } catch {
      readings.removeLast(readings.count - before)
      throw error
    }
  }

  private func isOver(_ block: [TickReading]) -> Bool {
    outcome.gap != nil || block.last.map { $0.at.utc >= span.upperBound } ?? false
  }

  private mutating func stopped(because reason: String, at utc: UTC) -> Outcome {
    if outcome.gap == nil {
      outcome.gap = ReplayGap(junction: site.id, at: utc.rfc3339, reason: reason)
    }
    return outcome
  }

  // MARK: A block

  private mutating func decide(
    _ block: [TickReading], from first: Int64
  ) throws(HistoryError) {
    guard outcome.gap == nil, !block.isEmpty else { return }
    let ticks = first..<(first + Int64(block.count))
    let span = SessionSpan(ticks: ticks, utc: utc(of: block))
    var expected = 0
    for position in block.indices { expected &+= block[position].ownCounts }
    let counts = try counts(in: span, about: expected)
    var next = counts.startIndex
    let recorded = try reader.decisions(of: stored, in: span)
    var at = recorded.startIndex
    // By position: a reading is large to move about.
    for (position, tick) in zip(block.indices, ticks) {
      let (utc, expected) = (block[position].at.utc, block[position].ownCounts)
      let first = next
      while next < counts.endIndex, counts[next].count.tick == tick { next += 1 }
      guard next - first == expected else {
        _ = stopped(
          because: "of \(expected) count records of a tick the history has \(next - first)",
          at: utc)
        return
      }
      guard take(counts[first..<next], at: utc) else { return }
      var before: KeptDecision?
      if at < recorded.endIndex, recorded[at].tick == tick {
        before = KeptDecision(recorded[at])
        at += 1
      }
      step(block[position], tick: tick, recorded: before)
      guard utc < self.span.upperBound else { return }
    }
  }

  private func utc(of block: [TickReading]) -> ClosedRange<UTC> {
    var (least, most) = (block[0].at.utc, block[0].at.utc)
    for position in block.indices {
      least = min(least, block[position].at.utc)
      most = max(most, block[position].at.utc)
    }
    // What came before the first tick came after the one before it.
    return least.advanced(bySeconds: -Self.slack)...most.advanced(bySeconds: Self.slack)
  }

  /// A count record as it stands in the history; `nil` if it cannot be read.
  private typealias Counted = (count: SessionCount, record: CountRecord?)

  /// The counts of a block in the order in which they were accepted; the readings told of `expected`.
  private mutating func counts(
    in span: SessionSpan, about expected: Int
  ) throws(HistoryError) -> [Counted] {
    var found: [Counted] = []
    // No more than a block usually has: a damaged number must not take the memory.
    found.reserveCapacity(max(0, min(expected, 100_000)))
    var lines = self.lines
    try reader.counts(of: stored, in: span) { count, line in
      let isUsed = count.verdict == .accepted || count.verdict == .replaced
      found.append((count, isUsed ? lines.record(in: line) : nil))
    }
    self.lines = lines
    func precedes(_ a: Counted, _ b: Counted) -> Bool {
      (a.count.tick, a.count.id) < (b.count.tick, b.count.id)
    }
    // Unless the wall clock was set back, they come in that order.
    let isSorted = found.indices.dropFirst().allSatisfy {
      (found[$0 - 1].count.tick, found[$0 - 1].count.id)
        <= (found[$0].count.tick, found[$0].count.id)
    }
    return isSorted ? found : found.sorted(by: precedes)
  }

  /// Takes in the records of one tick; `false` if one cannot be read.
  private mutating func take(_ counts: ArraySlice<Counted>, at utc: UTC) -> Bool {
    for (count, record) in counts {
      guard count.verdict == .accepted || count.verdict == .replaced else { continue }
      guard let record else {
        _ = stopped(because: "count record \(count.id) cannot be read", at: utc)
        return false
      }
      if count.verdict == .accepted {
        accepted.append(record)
        tally?.note(record)
        if countsFlows { outcome.flows.add(record) }
      } else {
        accepted.replace(by: record)
      }
    }
    return true
  }

  private mutating func step(_ reading: TickReading, tick: Int64, recorded: KeptDecision?) {
    for record in reading.inbound { accepted.append(record) }
    if reading.limits != limits {
      limits = reading.limits
      junction = limits.flatMap { site.constrained(by: $0) }
    }
    let image = ProcessImage(
      at: reading.at, records: accepted.take(), releases: reading.releases, report: reading.report,
      junction: junction, override: reading.override)
    let decision = controller.step(image, unlessStill: kept.level, because: kept.cause)
    outcome.ticks += 1
    let new = decision.flatMap { kept.keeps($0) ? $0 : nil }
    guard span.contains(reading.at.utc) else { return }
    outcome.inside += 1
    outcome.stages.observe(reading.report, at: reading.at)
    measure(reading, tick: tick)
    guard new != nil || recorded != nil else { return }
    let now = new.map {
      KeptDecision(
        at: reading.at, tick: tick, level: $0.level,
        body: DecisionBody($0, report: reading.report).text)
    }
    compare(recorded, now)
  }

  /// Takes the tick into the measures of the day; detectors are looked at once a minute.
  private mutating func measure(_ reading: TickReading, tick: Int64) {
    guard tally != nil else { return }
    let regime = regime(of: reading)
    tally?.pass(
      DayTick(
        at: reading.at, number: tick, report: reading.report, junction: junction ?? site,
        demand: controller.estimate(at: reading.at), regime: regime))
    guard tick % 60 == 0 else { return }
    let working = controller.status(at: reading.at).detectors.map {
      !$0.isFailed && $0.verdict.grade != .fault
    }
    tally?.note(working: working, at: reading.at.utc)
  }

  /// Who sets the greens at a tick; `nil` for a person, flash or priority.
  private func regime(of reading: TickReading) -> Regime? {
    guard let source = reading.report?.source, source.offersControl else { return nil }
    if source == .timeOfDay { return .fixed }
    if let override = reading.override, override.isValid(at: reading.at.monotonic) {
      switch override.action {
      case .dayPlan, .handOver: return .fixed
      case .stage, .plan: return nil
      }
    }
    return kept.level.map { $0 <= .onHistory ? .adaptive : .fixed }
  }

  private mutating func compare(_ recorded: KeptDecision?, _ now: KeptDecision?) {
    outcome.compared += 1
    guard recorded != now else { return }
    outcome.differing += 1
    if outcome.first == nil { outcome.first = finder.difference(recorded: recorded, now: now) }
    if recorded?.plan != now?.plan { outcome.otherPlans += 1 }
  }
}

/// A session with what its texts say.
struct SessionSetup {
  let stored: StoredSession
  let snapshot: SiteSnapshot
  let state: ControllerState?
}
