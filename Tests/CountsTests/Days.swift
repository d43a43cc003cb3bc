import Counts
import Signals
import Support

/// Days of traffic at a four-arm junction as its cameras would report them, a minute at a time, and the
/// monitor that hears them. No simulator: arrivals at random, a queue for each lane group, and a fixed
/// cycle.
struct Days {
  /// How a day is unlike others.
  enum Kind: Equatable {
    case ordinary
    /// Half the traffic, as on a Sunday.
    case holiday
    /// A third of the traffic; every camera says snow, and misses every other vehicle.
    case storm
    /// The north arm is closed from 10:00 to 18:00, the others have a fifth more.
    case closure
    /// Road works let half of the north arm's traffic through, all day.
    case works
    /// A crowd leaves by the east arm from 20:00 to 22:00.
    case crowd
  }

  /// What is wrong with one camera.
  enum Trouble: Equatable {
    case silent
    case frozen
    case stuck
    case blind
    case misses(Double)
    /// Counts so many more than there are.
    case adds(Double)
    case chatters
    case behind(Double)
    case admits
  }

  /// A tick, s: a fifth of the cycle of 100 s.
  static let tick = 20.0

  /// Monday, 2026-11-23, midnight at +08:00.
  static let begin = UTC(milliseconds: 1_795_363_200_000)

  let junction = Sample.fourArm()
  private(set) var monitor: HealthMonitor
  private(set) var seconds = 0.0
  private var random: SeededGenerator
  private var queues: [Double]
  private var counted: [Double]
  private var last: [CountRecord?]

  /// Time in which a detector was suspect or at fault, minutes, and the faults there were.
  private(set) var suspectMinutes = 0
  private(set) var faultMinutes = 0
  private(set) var faults: [String] = []

  init(seed: UInt64) {
    monitor = HealthMonitor(for: junction)
    random = SeededGenerator(seed: seed)
    queues = junction.detectors.map { _ in 0 }
    counted = queues
    last = junction.detectors.map { _ in nil }
  }

  var now: Moment {
    Moment(
      monotonic: Instant(milliseconds: Int64(seconds * 1000)),
      utc: Self.begin.advanced(bySeconds: seconds))
  }

  var hour: Double { (seconds / 3600).truncatingRemainder(dividingBy: 24) }

  /// One whole day.
  mutating func live(_ kind: Kind) {
    for _ in 0..<Int(86_400 / Self.tick) { step(kind) }
  }

  /// Lets time pass to `hour` of the day.
  mutating func live(until hour: Double) {
    while self.hour < hour - 1e-9 { step(.ordinary) }
  }

  /// Lets a detector fail, and tells after how long, s, it is judged `grade` or worse by any check;
  /// `nil` if not within `limit`.
  mutating func detect(
    _ trouble: Trouble, of detector: Int, as grade: HealthGrade, within limit: Double
  ) -> (after: Double, check: HealthCheck)? {
    let start = seconds
    while seconds < start + limit {
      step(.ordinary, trouble: trouble, of: detector)
      let verdict = monitor.verdicts[detector]
      if verdict.grade >= grade, let worst = verdict.worst { return (seconds - start, worst.check) }
    }
    return nil
  }

  mutating func step(_ kind: Kind, trouble: Trouble? = nil, of broken: Int? = nil) {
    let stage = Int((seconds / 25).rounded(.down)) % 4
    for position in queues.indices { move(position, kind: kind, stage: stage) }
    seconds += Self.tick
    var records: [CountRecord] = []
    if Int(seconds) % 60 == 0 {
      for position in queues.indices {
        let own = position == broken ? trouble : nil
        let record = record(position, kind: kind, trouble: own)
        last[position] = record
        counted[position] = 0
        if let record { records.append(record) }
      }
    }
    monitor.advance(with: records, to: now, stage: stage, isKnown: true)
    guard Int(seconds) % 60 == 0 else { return }
    for (position, verdict) in monitor.verdicts.enumerated() {
      switch verdict.grade {
      case .ok: break
      case .suspect: suspectMinutes += 1
      case .fault:
        faultMinutes += 1
        faults.append(
          "day \(Int(seconds / 86_400)) \(hour): \(junction.detectors[position].id) "
            + "\(verdict.worst?.words ?? "")")
      }
    }
  }

  private mutating func move(_ position: Int, kind: Kind, stage: Int) {
    let group = junction.laneGroups[position]
    queues[position] += Double(poisson(flow(position, kind) / 3600 * Self.tick))
    let isGreen = group.movements.contains {
      $0.signalGroup.map { junction.stages[stage].serves($0) } ?? true
    }
    guard isGreen else { return }
    let passing = min(queues[position], (group.saturationFlow / 3600 * Self.tick).rounded())
    queues[position] -= passing
    counted[position] += passing
  }

  /// Arrivals, pcu/h: two peaks on working days, one on Saturday and Sunday.
  private func flow(_ position: Int, _ kind: Kind) -> Double {
    let isFree = Int(seconds / 86_400) % 7 >= 5 || kind == .holiday
    let peaks = isFree ? [(13.0, 4.0, 0.5)] : [(8.0, 1.2, 0.8), (17.5, 1.5, 0.9)]
    let shape = peaks.reduce(0.04 + (hour > 6 && hour < 22 ? 0.15 : 0)) { sum, peak in
      let off = (hour - peak.0) / peak.1
      return sum + peak.2 / (1 + off * off * off * off)
    }
    let flow = shape * (position % 2 == 0 ? 700 : 140)
    let arm = junction.laneGroups[position].approach
    switch kind {
    case .ordinary, .holiday: return flow
    case .storm: return 0.33 * flow
    case .closure:
      guard hour >= 10 && hour < 18 else { return flow }
      return arm == 0 ? 0 : 1.2 * flow
    case .works: return arm == 0 ? 0.5 * flow : flow
    case .crowd: return arm == 1 && hour >= 20 && hour < 22 ? 3 * flow : flow
    }
  }

  private mutating func record(
    _ position: Int, kind: Kind, trouble: Trouble?
  ) -> CountRecord? {
    let detector = junction.detectors[position]
    let room = Double(Int(detector.view / LaneGroup.spacing) * detector.lanes)
    var count = counted[position]
    var standing = min(queues[position], room)
    var end = now.utc
    var status = CountQuality.Status.ok
    if kind == .storm { count = Double(binomial(count, 0.5)) }
    switch trouble {
    case nil: break
    case .silent: return nil
    case .frozen:
      count = last[position]?.count?.total ?? count
      standing = last[position]?.inView ?? standing
    case .stuck: (count, standing) = (0, room)
    case .blind: (count, standing) = (0, 0)
    case .misses(let share): count = Double(binomial(count, 1 - share))
    case .adds(let share): count += Double(binomial(count, share))
    case .chatters: count = 130
    case .behind(let seconds): end = end.advanced(bySeconds: -seconds)
    case .admits: status = .fault
    }
    return CountRecord(
      detector: detector.id, start: end.advanced(bySeconds: -60), end: end, source: detector.id,
      count: VehicleCount(total: count), inView: standing, queue: standing,
      quality: CountQuality(status: status, flags: kind == .storm ? ["snow"] : []))
  }

  private mutating func poisson(_ mean: Double) -> Int {
    // Knuth: multiply until below e^-mean; means are below 10 here.
    var (product, count) = (1.0, 0)
    let floor = exponentialOfMinus(mean)
    while true {
      product *= random.unit()
      guard product > floor else { return count }
      count += 1
    }
  }

  private mutating func binomial(_ count: Double, _ share: Double) -> Int {
    (0..<Int(count)).reduce(0) { sum, _ in sum + (random.unit() < share ? 1 : 0) }
  }

  /// e^-x as the limit of (1 - x/n)^n with n = 2^20: exact to a millionth here.
  private func exponentialOfMinus(_ x: Double) -> Double {
    var power = 1 - x / 1_048_576
    for _ in 0..<20 { power *= power }
    return power
  }
}
