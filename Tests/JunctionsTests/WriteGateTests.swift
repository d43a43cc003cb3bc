import Cabinets
import Control
import Counts
import Signals
import Support
import Testing

@testable import Junctions

@Suite("Writes to one cabinet")
struct WriteGateTests {
  /// A loop that is fed with counts, and its cabinet.
  private struct Street {
    var loop: JunctionLoop
    var cabinet: VirtualCabinet
    var orders = 0
    /// Seconds at which something was written.
    var writes: [Int] = []
    var events: [ExchangeEvent] = []
    private let site = Sample.fourArm(pace: .second, lease: .seconds(60))
    private var random = SeededGenerator(seed: 5)

    init(limit: WriteLimit? = nil, clockError: Double = 0) {
      loop = JunctionLoop(site: site, epoch: 1, writeLimit: limit, at: Sample.moment(0))
      let start = Sample.moment(0)
      cabinet = VirtualCabinet(
        intersection: site,
        at: Moment(
          monotonic: start.monotonic, utc: start.utc.advanced(bySeconds: clockError)))
    }

    mutating func run(_ seconds: Range<Int>) {
      for second in seconds {
        let now = Sample.moment(Double(second))
        cabinet.advance(to: now)
        let records = site.detectors.map { detector in
          CountRecord(
            detector: detector.id, start: now.utc.advanced(bySeconds: -1), end: now.utc,
            count: VehicleCount(total: Double(Int.random(in: 0...1, using: &random))),
            inView: Double(Int.random(in: 0...9, using: &random)), queue: 0)
        }
        if second > 0 { _ = loop.receive(records, at: now) }
        ask(at: now, second)
        if loop.decide(at: now).order != nil { orders += 1 }
        ask(at: now, second)
        events += loop.takeEvents()
      }
    }

    private mutating func ask(at now: Moment, _ second: Int) {
      while let request = loop.nextRequest(at: now) {
        if case .write = request { writes.append(second) }
        do {
          switch request {
          case .read(let address, let count):
            loop.received(try cabinet.read(address: address, count: count), at: now)
          case .write(let address, let values):
            try cabinet.write(address: address, values: values)
            loop.received([], at: now)
          }
        } catch {
          loop.failed(.exception(code: error.rawValue), at: now)
        }
      }
    }

    func count(_ isWanted: (ExchangeEvent) -> Bool) -> Int { events.filter(isWanted).count }
  }

  @Test("keep the limit, and every plan is sent or told of", arguments: [4, 12, 60])
  func limited(perMinute: Int) {
    var free = Street()
    free.run(0..<600)
    var street = Street(limit: WriteLimit(perMinute: perMinute))
    street.run(0..<600)
    let burst = WriteLimit(perMinute: perMinute).burst
    for (place, second) in street.writes.enumerated() {
      // Renewals go beyond it: three a minute at most, each made up for before the next plan.
      let since = Double(second - street.writes[0]) / 60
      #expect(Double(place + 1) <= burst + since * Double(perMinute) + 1 + since * 3)
    }
    let sent = street.count { if case .sent = $0 { true } else { false } }
    let held = street.count { $0 == .notSent(.superseded) || $0 == .notSent(.writeLimit) }
    let other = street.count {
      if case .notSent(let why) = $0 { why != .superseded && why != .writeLimit } else { false }
    }
    #expect(sent > 0)
    #expect((0...1).contains(street.orders - sent - held - other), "all but one that waits")
    let deferred = street.count { if case .deferred = $0 { true } else { false } }
    if perMinute == 4 {
      #expect(free.writes.count > street.writes.count, "the limit was reached")
      #expect(deferred > 0)
      #expect(street.cabinet.source == .central, "control is kept all the same")
    }
    if perMinute == 60 { #expect(deferred == 0, "a plan a second is within the limit") }
  }

  @Test("stop when writing is stopped: the lease lapses, and control comes back when it is allowed")
  func stopped() {
    var street = Street()
    street.run(0..<40)
    #expect(street.cabinet.source == .central)
    street.loop.allowWrites(false)
    let before = street.writes.count
    street.run(40..<200)
    #expect(street.writes.count == before, "written to at \(street.writes.suffix(3))")
    #expect(street.cabinet.source == .timeOfDay)
    #expect(street.loop.report?.source == .timeOfDay, "it is read all the time")
    #expect(street.count { $0 == .notSent(.stopped) } > 0)
    #expect(street.count { if case .leaseLapsed = $0 { true } else { false } } == 1)
    street.loop.allowWrites(true)
    street.run(200..<240)
    #expect(street.cabinet.source == .central)
  }

  @Test("stopped from the start are none, the clock's neither")
  func fromTheStart() {
    var street = Street(clockError: 100)
    street.loop.allowWrites(false)
    street.run(0..<120)
    #expect(street.writes.isEmpty)
    #expect(street.loop.report != nil)
    street.loop.allowWrites(true)
    street.run(120..<800)
    #expect(street.cabinet.source == .central)
    #expect(street.events.contains(.clockSet(milliseconds: 100_000)), "at its next look")
  }
}
