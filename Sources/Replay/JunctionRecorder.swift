import Cabinets
import Control
import Counts
public import History
public import Junctions
import Signals

/// Turns what one junction tells into records of its history: the daemon and the simulation keep the very
/// same ones, and a replay can decide everything again.
public struct JunctionRecorder: Sendable {
  /// Ticks whose readings are written together at most, if no decision of theirs is kept: what a
  /// killed process may lose of readings on which nothing was decided.
  static let gathered = 10

  private let junction: String
  private let epoch: UInt32
  private let program: String
  private var kept = KeptDecisions()
  private var ticks: Int64 = 0
  private var sessions = 0
  /// Sessions that have not ended, by the number of their loop: after a reload the old one's last
  /// news may come after the new one's first.
  private var open: [Int: Session] = [:]
  /// Why the last plan was ordered.
  private var why = ""
  /// Whether the cabinet has answered since the process started.
  private var isReached = false

  /// A session that has not ended.
  private struct Session {
    let number: Int
    let own: Set<String>
    var encoder: ReadingsEncoder
    var writer = ByteWriter()
    var firstTick: Int64 = 0
    var gathered = 0
    var lastTick = UTC(milliseconds: 0)
    /// Counts that went into the history since the last tick.
    var counts = 0
  }

  /// A recorder that has heard nothing yet.
  ///
  /// - Parameters:
  ///   - junction: Identifier of the junction.
  ///   - epoch: Epoch of the process.
  ///   - program: Version of the program that decides.
  public init(junction: String, epoch: UInt32, program: String) {
    self.junction = junction
    self.epoch = epoch
    self.program = program
  }

  /// The records of one piece of news, which belong into one transaction.
  public mutating func hear(_ news: JunctionNews) -> [HistoryEvent] {
    switch news.what {
    case .stands(let standing): begin(standing, news)
    case .counts(let records, let verdicts): hear(records, verdicts, news)
    case .decision(let decision, let input): hear(decision, on: input, news)
    case .exchange(let event): hear(event, at: news.at)
    case .ended: end(news.loop)
    }
  }

  // MARK: Sessions

  private mutating func begin(
    _ standing: JunctionStanding, _ news: JunctionNews
  ) -> [HistoryEvent] {
    let events = end(news.loop)
    sessions += 1
    open[news.loop] = Session(
      number: sessions,
      own: Set(
        standing.site.detectors.map(\.id) + standing.site.loops.map(Detector.loopName)),
      encoder: ReadingsEncoder(inboundDetectors: standing.inbound.map(\.detector)))
    let snapshot = SiteSnapshot(site: standing.site, inbound: standing.inbound)
    return events + [
      .session(
        RecordedSession(
          intersection: junction, at: news.at, epoch: epoch, number: sessions, program: program,
          configuration: snapshot.text, state: standing.state?.text, ticks: ticks,
          level: kept.level, cause: kept.cause))
    ]
  }

  private mutating func end(_ loop: Int) -> [HistoryEvent] {
    defer { open[loop] = nil }
    return flush(loop)
  }

  /// The readings that have gathered.
  private mutating func flush(_ loop: Int) -> [HistoryEvent] {
    guard var session = open[loop], session.gathered > 0 else { return [] }
    let sum = checksum(session.writer.bytes[...])
    var writer = session.writer
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      writer.put(UInt8(truncatingIfNeeded: sum >> shift))
    }
    let readings = RecordedReadings(
      intersection: junction, epoch: epoch, session: session.number, at: session.lastTick,
      firstTick: session.firstTick, ticks: session.gathered, body: writer.bytes)
    session.writer = ByteWriter()
    session.gathered = 0
    open[loop] = session
    return [.readings(readings)]
  }

  // MARK: Counts

  private mutating func hear(
    _ records: [CountRecord], _ verdicts: [Verdict], _ news: JunctionNews
  ) -> [HistoryEvent] {
    zip(records, verdicts).compactMap { record, verdict -> HistoryEvent? in
      guard let use = use(verdict, loop: news.loop) else { return nil }
      return .count(
        RecordedCount(
          intersection: junction, detector: record.detector, start: record.start, end: record.end,
          received: news.at.utc, line: record.line, use: use))
    }
  }

  /// For which tick a record is kept; `nil` if it is not kept.
  private mutating func use(_ verdict: Verdict, loop: Int) -> CountUse? {
    let kind: CountUse.Verdict
    switch verdict {
    case .accepted: kind = .accepted
    case .replaced: kind = .replaced
    case .heartbeat: kind = .heartbeat
    case .late: kind = .late
    case .duplicate, .conflict, .overlap, .clockFault, .quarantined, .unknownDetector: return nil
    }
    open[loop]?.counts += 1
    return CountUse(
      epoch: epoch, session: open[loop]?.number ?? 0, tick: ticks + 1, verdict: kind)
  }

  // MARK: Decisions

  private mutating func hear(
    _ decision: Decision, on input: DecisionInput, _ news: JunctionNews
  ) -> [HistoryEvent] {
    ticks += 1
    if decision.order != nil { why = decision.reason.text }
    let isKept = kept.keeps(decision)
    gather(input, loop: news.loop)
    guard isKept else {
      return open[news.loop]?.gathered ?? 0 >= Self.gathered ? flush(news.loop) : []
    }
    // Readings and the decision made on them: both are there or none.
    return flush(news.loop) + [
      .decision(
        RecordedDecision(
          intersection: junction, at: decision.at, epoch: epoch, tick: ticks,
          level: decision.level,
          body: DecisionBody(decision, report: input.report).text))
    ]
  }

  private mutating func gather(_ input: DecisionInput, loop: Int) {
    guard var session = open[loop] else { return }
    // The only copy is the one that changes.
    open[loop] = nil
    if session.gathered == 0 { session.firstTick = ticks }
    let own = session.own
    session.encoder.encode(
      TickReading(
        at: input.at, ownCounts: session.counts,
        inbound: input.records.filter { !own.contains($0.detector) },
        releases: input.releases, report: input.report, limits: input.limits,
        override: input.override), into: &session.writer)
    session.gathered += 1
    session.counts = 0
    session.lastTick = input.at.utc
    open[loop] = session
  }

  // MARK: The exchange with the cabinet

  private mutating func hear(_ event: ExchangeEvent, at moment: Moment) -> [HistoryEvent] {
    var events: [HistoryEvent] = []
    if case .identified = event { events += closedOldFaults(at: moment.utc) }
    if case .sent(let sequence, let plan) = event {
      events.append(
        .plan(
          RecordedPlan(
            intersection: junction, at: moment, epoch: epoch, sequence: sequence, plan: plan,
            why: why)))
    }
    if let receipt = event.receipt {
      events.append(
        .receipt(
          PlanReceipt(
            intersection: junction, epoch: epoch, sequence: receipt.sequence, at: moment,
            outcome: receipt.outcome, code: receipt.code, detail: receipt.detail)))
    }
    return events + event.faults(of: junction, at: moment.utc)
  }

  /// Faults that an earlier process left open when it was killed: the cabinet answers, and what
  /// still lasts is told again.
  private mutating func closedOldFaults(at utc: UTC) -> [HistoryEvent] {
    guard !isReached else { return [] }
    isReached = true
    return ExchangeEvent.faultKinds.map {
      .faultEnded(intersection: junction, what: $0, place: "cabinet", until: utc)
    }
  }
}
