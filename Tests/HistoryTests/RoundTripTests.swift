import Signals
import Testing

@testable import History

@Suite("What was recorded is read back")
struct RoundTripTests {
  let files = TemporaryHistory()

  @Test("Records of every kind come back as they were, in order of time", arguments: 1...4)
  func randomRecords(seed: UInt64) async throws {
    let events = Events.random(2000, seed: seed)
    let writer = try files.writer()
    events.forEach(writer.append)
    let closing = await writer.closed()
    #expect(closing == .complete)

    let reader = try HistoryReader(path: files.path)
    #expect(try reader.intersections() == ["J0", "J1", "J2"])
    for junction in ["J0", "J1", "J2", nil] {
      let span = Events.always(junction)
      let counts = try reader.counts(in: span, limit: .max).map(HistoryEvent.count)
      let decisions = try reader.decisions(in: span, limit: .max).map(HistoryEvent.decision)
      let plans = try reader.plans(in: span, limit: .max).map { HistoryEvent.plan($0.plan) }
      let acts = try reader.acts(in: span, limit: .max).map(HistoryEvent.act)
      // Times of the sample never fall, so order of time and order of recording are one.
      let own = events.filter { $0.intersection == junction }
      #expect(counts == own.filter { if case .count = $0 { true } else { false } })
      #expect(decisions == own.filter { if case .decision = $0 { true } else { false } })
      #expect(plans == own.filter { if case .plan = $0 { true } else { false } })
      #expect(acts == own.filter { if case .act = $0 { true } else { false } })
    }
  }

  @Test("A plan comes with all that became of it")
  func receipts() async throws {
    let receipts: [PlanReceipt] = [
      Events.receipt(1, .accepted), Events.receipt(1, .running, after: 9),
      Events.receipt(2, .refused, code: 0x84), Events.receipt(1, .lapsed, after: 200),
    ]
    let writer = try files.writer()
    writer.append(.plan(Events.plan(1)))
    writer.append(.plan(Events.plan(2)))
    receipts.forEach { writer.append(.receipt($0)) }
    await writer.closed()

    let stories = try HistoryReader(path: files.path).plans(in: Events.always("J001"), limit: 9)
    #expect(
      stories == [
        PlanStory(plan: Events.plan(1), receipts: [receipts[0], receipts[1], receipts[3]]),
        PlanStory(plan: Events.plan(2), receipts: [receipts[2]]),
      ])
  }

  @Test(
    "Every outcome of a plan has a name in the database", arguments: PlanReceipt.Outcome.allCases)
  func outcomes(outcome: PlanReceipt.Outcome) async throws {
    let writer = try files.writer()
    let receipt = Events.receipt(1, outcome, code: 0xFFFF)
    #expect(await writer.commit([.plan(Events.plan(1)), .receipt(receipt)]) == .committed)
    await writer.closed()
    let stories = try HistoryReader(path: files.path).plans(in: Events.always("J001"), limit: 9)
    #expect(stories.flatMap(\.receipts) == [receipt])
  }

  @Test("A fault lasts until it is ended; told again meanwhile it keeps its beginning")
  func faults() async throws {
    let silent = RecordedFault(
      intersection: "J001", what: "detector silent", place: "J001.N.T", since: at(10))
    let writer = try files.writer()
    writer.append(.fault(silent))
    let again = RecordedFault(
      intersection: "J001", what: silent.what, place: silent.place, since: at(20))
    writer.append(.fault(again))
    writer.append(
      .faultEnded(
        intersection: "J001", what: silent.what, place: silent.place, until: at(30)))
    writer.append(
      .faultEnded(intersection: "J001", what: "nothing", place: "", until: at(31)))
    writer.append(
      .fault(
        RecordedFault(
          intersection: "J001", what: silent.what, place: silent.place, since: at(40))))
    writer.append(
      .fault(
        RecordedFault(
          intersection: nil, what: "clock", place: "", since: at(5), until: at(6))))
    await writer.closed()

    let reader = try HistoryReader(path: files.path)
    let ended = RecordedFault(
      intersection: "J001", what: silent.what, place: silent.place, since: at(10), until: at(30))
    let lasting = RecordedFault(
      intersection: "J001", what: silent.what, place: silent.place, since: at(40))
    #expect(try reader.faults(in: Events.always("J001"), limit: 9) == [ended, lasting])
    #expect(try reader.faults(in: Events.always(nil), limit: 9).map(\.what) == ["clock"])
    func lasted(_ from: Int64, _ until: Int64) throws -> [RecordedFault] {
      try reader.faults(in: HistorySpan(of: "J001", from: at(from), until: at(until)), limit: 9)
    }
    #expect(try lasted(0, 10) == [], "it began when the span was over")
    #expect(try lasted(29, 30) == [ended])
    #expect(try lasted(30, 40) == [], "it ended where the span begins")
    #expect(try lasted(100, 101) == [lasting])
    #expect(writer.status.misfits == 0)
  }

  @Test(
    "An override lasts until it is ended at its junction; what was left without an end is ended")
  func overrides() async throws {
    func placed(_ number: String, _ junction: String, ended: Int64? = nil, _ how: String = "")
      -> RecordedOverride
    {
      RecordedOverride(
        intersection: junction, at: Events.moment(5), number: number, action: "stage", who: "'王'",
        reason: "勤务", begins: at(5), ends: at(95), before: "plan 3", after: "A 60 s",
        ended: ended.map(at), ending: how)
    }
    let writer = try files.writer()
    for junction in ["J001", "J002"] { writer.append(.override(placed("3-1", junction))) }
    writer.append(
      .overrideEnded(number: "3-1", intersection: "J001", until: at(9), how: "released"))
    writer.append(.overridesLeft(until: at(20), how: "started again"))
    writer.append(.override(placed("4-1", "J001")))
    writer.append(.overrideEnded(number: "3-1", intersection: "J001", until: at(30), how: "again"))
    await writer.closed()
    let reader = try HistoryReader(path: files.path)
    #expect(
      try reader.overrides(in: Events.always("J001"), limit: 9)
        == [placed("3-1", "J001", ended: 9, "released"), placed("4-1", "J001")])
    #expect(
      try reader.overrides(in: Events.always("J002"), limit: 9)
        == [placed("3-1", "J002", ended: 20, "started again")])
  }

  private func at(_ seconds: Int64) -> UTC { UTC(milliseconds: seconds * 1000) }
}

extension HistoryEvent {
  /// The junction it belongs to.
  fileprivate var intersection: String? {
    switch self {
    case .count(let count): count.intersection
    case .decision(let decision): decision.intersection
    case .plan(let plan): plan.intersection
    case .receipt(let receipt): receipt.intersection
    case .fault(let fault): fault.intersection
    case .faultEnded(let intersection, _, _, _): intersection
    case .act(let act): act.intersection
    case .session(let session): session.intersection
    case .readings(let readings): readings.intersection
    case .override(let override): override.intersection
    case .overrideEnded(_, let intersection, _, _): intersection
    case .overridesLeft: nil
    }
  }
}
