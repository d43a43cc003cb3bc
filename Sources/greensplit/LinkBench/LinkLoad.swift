import Cabinets
import Dispatch
import Glibc
import Modbus
import Safety
import Signals

/// The daemon's side of the bench on one queue: for each cabinet the exchange and the client that the
/// daemon has, a poll a second, and an order every half minute. Counts, decisions and history are not
/// there, as they are not in the C client that it is compared with.
final class LinkLoad: @unchecked Sendable {
  // Unchecked: touched on `queue` only, by whoever asks too.

  /// What was measured since the last `reset`, of healthy cabinets alone.
  struct Tally: Sendable {
    /// Requests that were answered.
    var requests = 0
    /// Requests that were not answered in time, and polls whose turn came while one was unanswered.
    var missed = 0
    /// Orders that the cabinet took.
    var plans = 0
    /// Orders that the safety check or the cabinet refused.
    var refused = 0
    /// Round trips, microseconds.
    var microseconds: [UInt32] = []
  }

  /// How often a cabinet gets an order, s.
  static let planInterval = 30
  /// As the daemon's.
  static let deadline = 1.0

  let queue: DispatchQueue
  private let ticker: Ticker
  fileprivate let clock = DaemonClock.real
  private var links: [Link] = []
  fileprivate(set) var tally = Tally()

  init(number: Int) throws {
    queue = DispatchQueue(label: "links \(number)")
    ticker = try Ticker(on: queue, period: 1_000_000_000)
  }

  /// Begins with cabinet `number` of `total`, at its share of the second.
  func add(_ number: Int, of total: Int, at junction: Intersection, port: UInt16) throws {
    let link = try Link(number, junction: junction, port: port, load: self)
    links.append(link)
    _ = ticker.add(phase: Double(number) / Double(total)) { link.tick() }
  }

  /// Healthy cabinets that can be sent no order yet.
  var unready: Int { links.count { $0.isHealthy && !$0.isReady } }

  func reset(expecting requests: Int) {
    tally = Tally()
    tally.microseconds.reserveCapacity(requests)
  }
}

/// One cabinet of the load.
private final class Link: @unchecked Sendable {
  // Unchecked: touched on its load's queue only.

  let isHealthy: Bool
  private let number: Int
  /// The load holds its links, and both live as long as the process.
  private let load: LinkLoad
  private let client: ModbusTCPClient
  private let plan: TimingPlan
  private var exchange: PlanExchange
  private var second = 0
  private var isRequesting = false
  private var sentAt: UInt64 = 0

  init(_ number: Int, junction: Intersection, port: UInt16, load: LinkLoad) throws {
    self.number = number
    self.load = load
    isHealthy = CabinetManner(of: number) == .healthy
    let place = CabinetPlace(of: number)
    client = try ModbusTCPClient(
      host: place.host, port: port, unit: place.unit, deadline: LinkLoad.deadline,
      queue: load.queue)
    plan = junction.plans[0].plan
    exchange = PlanExchange(intersection: junction, epoch: 1)
  }

  var isReady: Bool { exchange.readiness == .ready }

  /// Its turn of the second.
  func tick() {
    second += 1
    if isRequesting && isHealthy { load.tally.missed += 1 }
    if (second + number) % LinkLoad.planInterval == 0 { order() }
    pump()
  }

  /// The junction's own plan, beginning with the stage to come, as at the pace `stage`.
  private func order() {
    guard let report = exchange.report, let junction = exchange.constrained else { return }
    let entries = plan.entries
    let next = report.nextStage ?? report.stage
    let first = entries.firstIndex { $0.stage == next } ?? 0
    let turned = TimingPlan(
      entries: Array(entries[first...] + entries[..<first]), takeover: .stageBoundary)
    let running = report.plan ?? plan
    let circumstances = Circumstances(
      stage: report.stage, subState: report.subState, timeInState: report.timeInState,
      // How long a group waits under its own plan was checked when the site was read.
      red: junction.signalGroups.map { _ in .zero }, running: running,
      entry: running.entries.firstIndex { $0.stage == report.stage } ?? 0,
      sinceLastPlan: .seconds(LinkLoad.planInterval))
    do {
      exchange.order(
        try check(turned, at: junction, under: circumstances), at: load.clock.now())
    } catch {
      load.tally.refused += 1
    }
  }

  private func pump() {
    guard !isRequesting else { return }
    guard let request = exchange.nextRequest(at: load.clock.now()) else { return hear() }
    isRequesting = true
    sentAt = DispatchTime.now().uptimeNanoseconds
    client.send(request.onTheWire) { [self] in answered($0) }
  }

  private func answered(_ result: Result<[UInt16], LinkFailure>) {
    isRequesting = false
    let now = load.clock.now()
    switch result {
    case .success(let registers):
      if isHealthy {
        let took = DispatchTime.now().uptimeNanoseconds - sentAt
        load.tally.requests += 1
        load.tally.microseconds.append(UInt32(clamping: took / 1000))
      }
      exchange.received(registers, at: now)
    case .failure(let failure):
      if isHealthy { load.tally.missed += 1 }
      exchange.failed(failure.forCabinet, at: now)
    }
    pump()
  }

  private func hear() {
    for event in exchange.takeEvents() where isHealthy {
      switch event {
      case .accepted: load.tally.plans += 1
      case .refused, .rejected, .notSent: load.tally.refused += 1
      default: break
      }
    }
  }
}

/// One run of the bench's load, told in one line for whoever compares.
struct LinkRun {
  let cabinets: Int
  let seconds: Int
  let queues: Int
  let port: UInt16
  let junction: Intersection

  /// Who a cabinet is takes eight requests: asked of all in the same second they would be most of what
  /// is measured, and on a busy machine end in missed deadlines that begin it all again.
  private static let startsPerSecond = 1000
  /// Longest time for every healthy cabinet to be ready, s.
  private static let patience = 60

  func measure() throws -> String {
    try DescriptorLimit.raise(forLinks: cabinets)
    let loads = try (0..<queues).map { try LinkLoad(number: $0) }
    for number in 0..<cabinets {
      if number > 0, number % Self.startsPerSecond == 0 { sleep(1) }
      let load = loads[number % queues]
      try load.queue.sync {
        try load.add(number, of: cabinets, at: junction, port: port)
      }
    }
    try waitUntilReady(loads)
    // One more round, so that none is measured in the midst of its first plan.
    sleep(2)
    let expected = cabinets * (seconds + 1) * 2 / queues
    // To the end: their timers and clients call them.
    defer { withExtendedLifetime(loads) {} }
    for load in loads { load.queue.sync { load.reset(expecting: expected) } }
    let (begun, processor) = (DispatchTime.now(), processorSeconds())
    sleep(UInt32(seconds))
    let tallies = loads.map { load in load.queue.sync { load.tally } }
    let spent = processorSeconds() - processor
    let length = Double(DispatchTime.now().uptimeNanoseconds - begun.uptimeNanoseconds) * 1e-9
    return line(tallies, processor: spent, length: length)
  }

  private func waitUntilReady(_ loads: [LinkLoad]) throws {
    var unready = cabinets
    for _ in 0..<Self.patience * 2 where unready > 0 {
      usleep(500_000)
      unready = loads.map { load in load.queue.sync { load.unready } }.reduce(0, +)
    }
    guard unready == 0 else {
      throw Failure(
        "\(unready) healthy cabinets were not ready within \(Self.patience) s",
        "\(unready) 台正常信号机在 \(Self.patience) s 内未就绪")
    }
  }

  private func line(_ tallies: [LinkLoad.Tally], processor: Double, length: Double) -> String {
    let times = tallies.flatMap(\.microseconds).sorted()
    func quantile(_ share: Double) -> UInt32 {
      times.isEmpty ? 0 : times[Int(share * Double(times.count - 1))]
    }
    func sum(_ field: KeyPath<LinkLoad.Tally, Int>) -> Int {
      tallies.reduce(0) { $0 + $1[keyPath: field] }
    }
    return "requests=\(sum(\.requests)) missed=\(sum(\.missed)) median=\(quantile(0.5)) "
      + "p99=\(quantile(0.99)) most=\(quantile(1)) processor=\(processor) seconds=\(length) "
      + "memory=\(residentKilobytes()) plans=\(sum(\.plans)) refused=\(sum(\.refused))"
  }
}

/// Processor time of this process so far, s.
private func processorSeconds() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
    + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6
}

/// Memory of this process that is in use, kB.
private func residentKilobytes() -> Int {
  guard let words = try? readWhole("/proc/self/statm", atMost: 4096) else { return 0 }
  let fields = String(decoding: words, as: UTF8.self).split(separator: " ")
  return fields.count > 1 ? (Int(fields[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) / 1024 : 0
}
