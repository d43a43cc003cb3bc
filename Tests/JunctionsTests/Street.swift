import Cabinets
import Control
import Counts
import Junctions
import Safety
import Signals
import Support

/// A loop and its cabinet, with counts that vary from second to second and lane group to lane group.
struct Street {
  var loop: JunctionLoop
  var cabinet: VirtualCabinet
  var orders: [TimingPlan] = []
  var lines: [String] = []
  var events: [ExchangeEvent] = []
  var decisions: [Decision] = []
  /// Looks at the lamps every 0.1 s.
  var watch: LampWatch
  /// By how much the wall clock of daemon and cameras has been stepped, s.
  var clockStep = 0.0
  /// Between two records of a camera, s.
  var interval = 1
  /// Of so many records one counts and sees somebody.
  var sparsity = 1
  /// Whether the line to the cabinet is cut.
  var isCut = false
  private let site: Intersection
  private var random = SeededGenerator(seed: 5)

  init(_ site: Intersection) {
    self.site = site
    loop = JunctionLoop(site: site, epoch: 1, at: Sample.moment(0))
    cabinet = VirtualCabinet(intersection: site, at: Sample.moment(0))
    watch = LampWatch(site, cabinet.lamps)
  }

  /// The moment of a tick, as the daemon's clocks say.
  func moment(_ second: Int) -> Moment {
    let moment = Sample.moment(Double(second))
    return Moment(monotonic: moment.monotonic, utc: moment.utc.advanced(bySeconds: clockStep))
  }

  mutating func run(_ seconds: Range<Int>) {
    for second in seconds { tick(second, counting: true) }
  }

  mutating func tick(_ second: Int, counting: Bool) {
    let now = moment(second)
    cabinet.advance(to: now)
    if counting, second > 0, second.isMultiple(of: interval) { see(at: now) }
    exchange(at: now)
    let decision = loop.decide(at: now)
    lines.append(decision.line(at: site))
    decisions.append(decision)
    if let order = decision.order { orders.append(order.plan) }
    exchange(at: now)
    events += loop.takeEvents()
    for tenth in 0..<10 {
      cabinet.advance(to: now.advanced(bySeconds: Double(tenth) / 10))
      watch.see(cabinet.lamps)
    }
  }

  private mutating func see(at now: Moment) {
    let records = site.detectors.map { detector in
      let isEmpty = sparsity > 1 && Int.random(in: 1...sparsity, using: &random) > 1
      let (most, view) = isEmpty ? (0, 0) : (interval, 9)
      return CountRecord(
        detector: detector.id, start: now.utc.advanced(bySeconds: -Double(interval)), end: now.utc,
        count: VehicleCount(total: Double(Int.random(in: 0...most, using: &random))),
        inView: Double(Int.random(in: 0...view, using: &random)), queue: 0)
    }
    _ = loop.receive(records, at: now)
  }

  private mutating func exchange(at now: Moment) {
    while let request = loop.nextRequest(at: now) {
      guard !isCut else {
        loop.failed(.linkLost(reason: "connection refused"), at: now)
        continue
      }
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
}
