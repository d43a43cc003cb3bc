import Counts
import Signals

/// Turns the totals of a camera's counters into intervals of one length that follow each other.
///
/// The camera speaks when something crosses. What a total has grown by belongs to the interval in
/// which the camera said so; an interval in which it said nothing is a measured zero as long as it has
/// spoken within its patience, of whichever lane, and missing afterwards. The first total after a
/// start, a reset or a lost connection is where counting begins: what lies before it is not known,
/// and the interval in which it came is left out.
struct CounterGrid: Sendable {
  /// How long after its end an interval is told, ms: messages are under way.
  static let transit: Int64 = 1000

  /// How far ahead of our clock a camera may be, ms, as for count records.
  private static let tolerance = Int64(CountLedger.clockTolerance * 1000)

  private struct Counter {
    let detector: String
    var last: CounterMessage?
    /// The last interval that is not known as a whole.
    var unknown: Int64 = .min
    /// What came in each interval that has not been told yet.
    var grown: [(interval: Int64, vehicles: [Double])] = []
  }

  private let camera: Camera
  private var counters: [Counter]
  /// When the camera last spoke, by our clock, ms.
  private var heard: Int64?
  /// The first interval that has not been told.
  private var next: Int64?

  init(_ camera: Camera) {
    self.camera = camera
    counters = camera.lanes.map { Counter(detector: $0.meant) }
  }

  /// Takes a message that came at `now`.
  ///
  /// - Throws: Why it does not count.
  mutating func take(_ message: CounterMessage, at now: UTC) throws(Misread) {
    guard let lane = camera.lanes.firstIndex(where: { $0.said == message.lane }) else { return }
    let ahead = message.time.milliseconds - now.milliseconds
    guard ahead <= Self.tolerance else {
      throw Misread(
        field: nil,
        reason: "is \(Double(ahead) / 1000) s in the future; set the camera's clock (NTP)")
    }
    let current = now.milliseconds / camera.interval
    // Our own clock was set back: nothing would be told until it comes here again.
    if let next, next > current + 2 { interrupt() }
    heard = now.milliseconds
    let interval = message.time.milliseconds / camera.interval
    let open = next ?? current
    next = open
    guard let last = counters[lane].last else {
      return begin(lane, with: message, in: max(interval, open))
    }
    // A repeated or overtaken message: its vehicles are in the later one.
    guard message.time >= last.time else { return }
    guard let growth = Self.growth(from: last, to: message) else {
      if message.time == last.time { return }
      return begin(lane, with: message, in: max(interval, open))
    }
    counters[lane].last = message
    guard growth.contains(where: { $0 > 0 }) else { return }
    guard interval >= open else {
      throw Misread(
        field: nil,
        reason: "is \(Double(-ahead) / 1000) s late; its interval is told, its vehicles are lost")
    }
    add(growth, in: interval, to: lane)
  }

  /// What each class has grown by; `nil` after a reset, or where the growth is not credible.
  private static func growth(from last: CounterMessage, to new: CounterMessage) -> [Double]? {
    guard last.began == new.began, last.totals.names == new.totals.names else { return nil }
    let growth = zip(last.totals.vehicles, new.totals.vehicles).map { $1 - $0 }
    return growth.allSatisfy((0...CountRecord.vehicleLimit).contains) ? growth : nil
  }

  private mutating func begin(_ lane: Int, with message: CounterMessage, in interval: Int64) {
    counters[lane].last = message
    counters[lane].unknown = interval
    counters[lane].grown = []
  }

  private mutating func add(_ growth: [Double], in interval: Int64, to lane: Int) {
    if let known = counters[lane].grown.firstIndex(where: { $0.interval == interval }) {
      let before = counters[lane].grown[known].vehicles
      counters[lane].grown[known].vehicles = zip(before, growth).map { $0 + $1 }
    } else {
      counters[lane].grown.append((interval, growth))
    }
  }

  /// The connection is lost: what comes next is as after a start.
  mutating func interrupt() { self = CounterGrid(camera) }

  /// The intervals that ended before `now` and have not been told.
  mutating func records(until now: UTC) -> [CountRecord] {
    guard let first = next, let heard else { return [] }
    let end = (now.milliseconds - Self.transit) / camera.interval
    guard end > first else { return [] }
    next = end
    // Beyond the patience there is nothing to tell; a clock that leaps must not make us count for ever.
    let begin = max(first, (heard - camera.patience) / camera.interval)
    let last = min(end, (heard + camera.patience) / camera.interval)
    var records: [CountRecord] = []
    for interval in begin..<max(begin, last) {
      for lane in counters.indices {
        if let record = record(of: lane, in: interval) { records.append(record) }
      }
    }
    for lane in counters.indices { counters[lane].grown.removeAll { $0.interval < end } }
    return records
  }

  private func record(of lane: Int, in interval: Int64) -> CountRecord? {
    let counter = counters[lane]
    guard let last = counter.last, interval > counter.unknown, interval >= 0 else { return nil }
    let names = last.totals.names
    let vehicles =
      counter.grown.first { $0.interval == interval }?.vehicles ?? names.map { _ in 0 }
    guard vehicles.allSatisfy((0...CountRecord.vehicleLimit).contains) else { return nil }
    let count =
      names == [""]
      ? VehicleCount(total: vehicles[0])
      : VehicleCount(
        classes: zip(names, vehicles).map { VehicleCount.ClassCount(name: $0, vehicles: $1) })
    return CountRecord(
      detector: counter.detector, start: UTC(milliseconds: interval * camera.interval),
      end: UTC(milliseconds: (interval + 1) * camera.interval), source: camera.name, count: count)
  }
}
