import Signals

/// The own detectors of a virtual cabinet: what they count in intervals of a minute on its clock.
struct DetectorCounting: Sendable, Equatable {
  /// Length of an interval.
  static let interval = Tenths.seconds(60)

  private struct Loop: Sendable, Equatable {
    var vehicles = 0
    var isBroken = false
    var isTold = false
  }

  private var loops: [Loop]
  private var begin: UTC
  private var number: UInt32 = 0
  /// What the last whole interval came to, all detectors in order; empty before the first has ended.
  private var readings: [DetectorPage.Reading] = []

  /// `count` detectors that have counted nobody before `utc`.
  init(_ count: Int, at utc: UTC) {
    loops = Array(repeating: Loop(), count: count)
    begin = Self.grid(utc)
  }

  /// The interval in which `utc` lies: they begin at whole minutes.
  private static func grid(_ utc: UTC) -> UTC {
    let length = Int64(interval.count) * 100
    return UTC(milliseconds: utc.milliseconds - utc.milliseconds % length)
  }

  mutating func count(_ vehicles: Int, at loop: Int) {
    guard loops.indices.contains(loop - 1), !loops[loop - 1].isBroken else { return }
    loops[loop - 1].vehicles += vehicles
  }

  mutating func set(_ loop: Int, isBroken: Bool, isTold: Bool) {
    guard loops.indices.contains(loop - 1) else { return }
    loops[loop - 1].isBroken = isBroken
    loops[loop - 1].isTold = isBroken && isTold
  }

  /// Ends the interval if `utc` lies beyond it; of several that have passed the last is told.
  mutating func advance(to utc: UTC) {
    let now = Self.grid(utc)
    guard now != begin else { return }
    readings = loops.map { loop in
      DetectorPage.Reading(
        count: UInt16(clamping: loop.vehicles),
        // 212: open loop. A vehicle takes a zone for some half a second of the minute: 1 %, two steps.
        occupancy: loop.isTold ? 212 : UInt16(min(200, 2 * loop.vehicles)), speed: nil)
    }
    for position in loops.indices { loops[position].vehicles = 0 }
    number &+= 1
    begin = now
  }

  /// Page `page` of the last interval.
  func page(_ page: Int) -> DetectorPage {
    let perPage = RegisterMap.detectorsPerPage
    let nothing = DetectorPage.Reading(count: 0, occupancy: 0, speed: nil)
    let all = readings.isEmpty ? loops.map { _ in nothing } : readings
    return DetectorPage(
      interval: number,
      start: number == 0
        ? UTC(milliseconds: 0) : begin.advanced(bySeconds: -Self.interval.seconds),
      length: number == 0 ? .zero : Self.interval,
      readings: Array(all.dropFirst(page * perPage).prefix(perPage)))
  }

  /// How many there are.
  var total: Int { loops.count }
}
