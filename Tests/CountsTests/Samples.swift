import Counts
import Signals

/// A time on the morning that the specification's example is of.
let morning = UTC(milliseconds: 1_795_420_800_000)

/// The example of the specification.
let specified = #"""
  {"v":1,"det":"J017.N.2","start":"2026-11-23T08:00:00.000Z","end":"2026-11-23T08:00:05.000Z",\#
  "src":"cam-017-N","boot":"9f2c","seq":48211,\#
  "count":{"car":2,"truck":0,"bus":0,"moto":1,"bike":0},\#
  "in_view":6,"queue":4,"occ":0.23,"speed_kmh":28.4,\#
  "q":{"status":"ok","flags":[],"conf":0.93}}
  """#

/// What `text` holds.
func parse(_ text: String) -> CountInput { CountParser.parse(body: Array(text.utf8)) }

/// A record of J1.N that begins `offset` seconds after `morning`.
func record(
  _ offset: Double, length: Double = 5, detector: String = "J1.N", source: String? = "cam",
  boot: String? = nil, sequence: Int64? = nil, count: Double? = 1, status: CountQuality.Status = .ok
) -> CountRecord {
  let start = morning.advanced(bySeconds: offset)
  return CountRecord(
    detector: detector, start: start, end: start.advanced(bySeconds: length), source: source,
    boot: boot, sequence: sequence, count: count.map(VehicleCount.init(total:)),
    quality: CountQuality(status: status))
}

/// `seconds` after `morning`.
func at(_ seconds: Double) -> UTC { morning.advanced(bySeconds: seconds) }

/// A record of random content, with every field measured or not.
func randomRecord(using generator: inout SeededGenerator) -> CountRecord {
  func maybe<T>(_ value: @autoclosure () -> T) -> T? {
    let made = value()
    return Bool.random(using: &generator) ? made : nil
  }
  let alphabet = Array("aZ0.-_#\"\\/\u{e9}路口\u{1F6A6} ")
  func name() -> String {
    String(
      (0..<Int.random(in: 1...12, using: &generator)).map { _ in
        alphabet.randomElement(using: &generator) ?? "a"
      })
  }
  func figure(_ limit: Double) -> Double {
    Bool.random(using: &generator)
      ? Double.random(in: 0...limit, using: &generator)
      : Double(Int.random(in: 0...Int(limit), using: &generator))
  }
  let start = UTC(milliseconds: Int64.random(in: 0...4_000_000_000_000, using: &generator))
  let length = Int64.random(in: CountRecord.intervalLengths, using: &generator)
  let inView = maybe(figure(100))
  let classes = ["bike", "bus", "car", "moto", "truck"].map {
    VehicleCount.ClassCount(name: $0, vehicles: figure(50))
  }
  let count =
    Bool.random(using: &generator)
    ? VehicleCount(classes: classes) : VehicleCount(total: figure(50))
  let flags = (0..<Int.random(in: 0...4, using: &generator)).map { _ in name() }
  let quality = CountQuality(
    status: CountQuality.Status.allCases.randomElement(using: &generator) ?? .ok, flags: flags,
    confidence: maybe(figure(1)))
  return CountRecord(
    detector: name(), start: start, end: UTC(milliseconds: start.milliseconds + length),
    source: maybe(name()), boot: maybe(name()),
    sequence: maybe(Int64.random(in: 0...CountRecord.sequenceLimit, using: &generator)),
    count: maybe(count), inView: inView, queue: inView.flatMap { maybe($0 / 2) },
    occupancy: maybe(figure(1)), speedKmh: maybe(figure(120)), quality: quality)
}
