import Cabinets
import Control
import Counts
import Junctions
import Signals
import Simulation
import Support
import Testing

@testable import History
@testable import Replay

@Suite("What a junction tells is recorded so that it can be decided again")
struct RecorderTests {
  let recording = Recording()

  @Test(
    "Records that come late, twice, corrected or out of order; and a loop that tells again where it stands"
  )
  func hardship() throws {
    let history = try SimulatedHistory(recording.path, program: Recording.program)
    var street = HardStreet(Recording.sites(.second), hear: history.hear)
    for second in 0..<400 { street.tick(second) }
    try history.close()
    #expect(try recording.number("SELECT count(DISTINCT verdict) FROM counts") == 4)
    #expect(try recording.number("SELECT count(*) FROM sessions WHERE state IS NOT NULL") == 2)
    let result = try recording.replay()
    #expect(result.isIdentical, "\(String(describing: result.firstDifference))")
    #expect(result.gaps == [])
    #expect(result.junctions.map(\.sessions) == [2, 2])
    #expect(result.decisions > 50)
    // A later span begins where the loop stood last, not at its start.
    let later = try recording.replay { $0.from = Sample.moment(300).utc }
    #expect(later.isIdentical && later.junctions.map(\.ticks) == [200, 200])
  }

  @Test("Readings cost a few bytes a tick")
  func size() throws {
    try recording.run(.stage, seconds: 600, Recording.Trouble(isThere: false))
    let bytes = try recording.number("SELECT sum(length(body)) FROM readings")
    let ticks = try recording.number("SELECT sum(ticks) FROM readings")
    #expect(ticks == 1200)
    #expect(bytes < 20 * ticks, "\(bytes) bytes")
  }
}

/// Two junctions whose cameras make every mistake that a ledger forgives.
private struct HardStreet {
  private let sites: [Intersection]
  private let hear: @Sendable (JunctionNews) -> Void
  private var loops: [JunctionLoop]
  private var cabinets: [VirtualCabinet]
  private var random = SeededGenerator(seed: 5)
  private var delayed: [CountRecord] = []

  init(_ sites: [Intersection], hear: @escaping @Sendable (JunctionNews) -> Void) {
    self.sites = sites
    self.hear = hear
    loops = sites.map { JunctionLoop(site: $0, neighbours: sites, epoch: 1, at: Sample.moment(0)) }
    cabinets = sites.map { VirtualCabinet(intersection: $0, at: Sample.moment(0)) }
    for junction in sites.indices { tell(.stands(loops[junction].standing), junction, at: 0) }
  }

  mutating func tick(_ second: Int) {
    let time = Double(second)
    receive(second, at: time - 0.3)
    for junction in sites.indices {
      // Ticks of a busy machine are never quite on time.
      let late = Double(Int.random(in: 0...9, using: &random)) / 1000
      cabinets[junction].advance(to: Sample.moment(time + late))
      exchange(junction, at: time + late)
      let decision = loops[junction].decide(at: Sample.moment(time + late))
      if let input = loops[junction].input { tell(.decision(decision, input), junction, at: time) }
      exchange(junction, at: time + late)
      if second == 199 { tell(.stands(loops[junction].standing), junction, at: time) }
      if second == 399 { tell(.ended, junction, at: time) }
    }
  }

  private mutating func receive(_ second: Int, at time: Double) {
    guard second > 0 else { return }
    var records = sites.flatMap(\.detectors).map { record($0.id, second: second - 1) }
    // Some come a second later, beside the newer one; some are corrected in the same breath or after
    // control has used them; some are only signs of life, or far too old.
    let kept = records.filter { _ in Int.random(in: 0..<10, using: &random) > 0 }
    let waiting = records.filter { !kept.contains($0) }
    records = delayed + kept
    delayed = waiting
    records += kept.prefix(3).map { corrected($0) }
    records += kept.suffix(1)
    if second % 20 == 0 { records.append(heartbeat("J001.N.T", second: second)) }
    if second > 150, second % 50 == 0 {
      records.append(record("J002.N.T", second: second - 140, offset: 400))
    }
    let now = Sample.moment(time)
    for junction in sites.indices {
      let share = records.filter { loops[junction].detectors.contains($0.detector) }
      let verdicts = loops[junction].receive(share, at: now)
      let own = share.indices.filter { position in
        sites[junction].detectors.contains { $0.id == share[position].detector }
      }
      tell(.counts(own.map { share[$0] }, own.map { verdicts[$0] }), junction, at: time)
    }
  }

  private mutating func record(_ detector: String, second: Int, offset: Int64 = 0) -> CountRecord {
    let start = UTC(milliseconds: Sample.moment(Double(second) - 0.5).utc.milliseconds - offset)
    let view = Double(Int.random(in: 0...9, using: &random))
    return CountRecord(
      detector: detector, start: start, end: start.advanced(bySeconds: offset == 0 ? 1 : 0.3),
      sequence: Int64(second * 10), count: VehicleCount(total: view > 6 ? 1 : 0), inView: view,
      queue: (view / 2).rounded())
  }

  private func corrected(_ record: CountRecord) -> CountRecord {
    CountRecord(
      detector: record.detector, start: record.start, end: record.end,
      sequence: (record.sequence ?? 0) + 1, count: VehicleCount(total: 2), inView: 5, queue: 3)
  }

  private func heartbeat(_ detector: String, second: Int) -> CountRecord {
    let start = Sample.moment(Double(second) - 1.5).utc
    return CountRecord(detector: detector, start: start, end: start.advanced(bySeconds: 0.5))
  }

  private mutating func exchange(_ junction: Int, at time: Double) {
    let now = Sample.moment(time)
    while let request = loops[junction].nextRequest(at: now) {
      switch cabinets[junction].answer(request) {
      case .success(let registers): loops[junction].received(registers, at: now)
      case .failure(let code):
        loops[junction].failed(.exception(code: code.rawValue), at: now)
      }
    }
    for event in loops[junction].takeEvents() { tell(.exchange(event), junction, at: time) }
  }

  private func tell(_ what: JunctionNews.What, _ junction: Int, at time: Double) {
    hear(
      JunctionNews(
        junction: sites[junction].id, loop: 7, at: Sample.moment(time), what: what))
  }
}
