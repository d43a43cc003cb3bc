import Signals

/// Greens along a road through several junctions, and the bands in which a vehicle at free flow meets no red
/// (time-space diagram, 时距图).
public struct TimeSpaceRoute: Sendable, Equatable, Codable {
  /// A stop line of it.
  public struct Stop: Sendable, Equatable, Codable {
    /// The junction.
    public let junction: String
    /// The lane group.
    public let laneGroup: String
    /// From the first stop line, m: travel time × free-flow speed of the approach.
    public let distance: Double
    /// From the first stop line at free flow, s.
    public let travelTime: Double
    /// Begin and end of each green, s since local midnight.
    public let greens: [[Double]]
  }

  /// What is shown, s since local midnight.
  public let from: Double
  /// Its end, s since local midnight.
  public let until: Double
  /// Stop lines, the one that is passed first first.
  public let stops: [Stop]
  /// Begin and end of each band at the first stop line, s since local midnight: whoever crosses it then and
  /// drives at free flow comes to every other stop line on green.
  public let bands: [[Double]]
  /// Share of the time that is in a band: mean bandwidth ÷ cycle (efficiency of progression, Signal Timing
  /// Manual 2nd ed. ch. 7); `nil` if it was not measured.
  public let efficiency: Double?
  /// Why greens and bands are missing; `nil` if they are not.
  public let missing: Missing?

  private enum CodingKeys: String, CodingKey {
    case from, until, stops, bands, efficiency, missing
  }

  /// What is missing is written as `null`.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(from, forKey: .from)
    try fields.encode(until, forKey: .until)
    try fields.encode(stops, forKey: .stops)
    try fields.encode(bands, forKey: .bands)
    try fields.encode(efficiency, forKey: .efficiency)
    try fields.encode(missing, forKey: .missing)
  }

  /// How much of a road is shown beside the time that driving along it takes, s.
  static let window = 900.0
}

extension TimeSpaceRoute {
  /// Every road through the junctions of `tallies`.
  ///
  /// - Parameters:
  ///   - tallies: The junctions, all of one day.
  ///   - begin: When the diagrams begin, s since local midnight; `nil` for the second quarter of the hour in
  ///     which the junctions together counted most vehicles, 0 if they counted none.
  /// - Returns: The roads, in the order of the junctions.
  public static func all(_ tallies: [DayTally], from begin: Double?) -> [TimeSpaceRoute] {
    let vehicles = tallies.map { tally in
      tally.site.laneGroups.indices.map { group in
        (0..<Figure.hours).reduce(0) { sum, hour in
          sum + ((try? tally.flow(of: group, in: hour).get()) ?? 0)
        }
      }
    }
    let roads = routes(through: tallies.map(\.site), vehicles: vehicles)
    let from = begin ?? busiestHour(tallies).map { Double($0) * 3600 + 900 } ?? 0
    return roads.map { TimeSpaceRoute(along: $0, tallies, from: from) }
  }

  private static func busiestHour(_ tallies: [DayTally]) -> Int? {
    let flows = (0..<Figure.hours).map { hour in
      tallies.reduce(0) { $0 + ($1.vehicles(in: hour) ?? 0) }
    }
    return flows.max().flatMap { most in most > 0 ? flows.firstIndex(of: most) : nil }
  }

  private init(along road: [RouteStop], _ tallies: [DayTally], from: Double) {
    let travelTimes = road.reduce(into: [Double]()) { times, stop in
      times.append((times.last ?? 0) + stop.travelTime)
    }
    let length = travelTimes.last ?? 0
    let until = from + Self.window + length
    let greens = road.map {
      tallies[$0.junction].greens(of: $0.laneGroup, from: from, until: until)
    }
    let isKnown = greens.allSatisfy { $0 != nil }
    var distance = 0.0
    var stops: [Stop] = []
    for (position, stop) in road.enumerated() {
      let site = tallies[stop.junction].site
      let group = site.laneGroups[stop.laneGroup]
      distance += stop.travelTime * site.approaches[group.approach].speed
      stops.append(
        Stop(
          junction: site.id, laneGroup: group.name, distance: (distance * 10).rounded() / 10,
          travelTime: travelTimes[position],
          greens: (greens[position] ?? []).map { [$0.begin, $0.end] }))
    }
    let bands =
      isKnown
      ? Self.bands(greens.map { $0 ?? [] }, travelTimes, from: from, until: from + Self.window) : []
    self.from = from
    self.until = until
    self.stops = stops
    self.bands = bands.map { [$0.begin, $0.end] }
    efficiency = isKnown ? bands.reduce(0) { $0 + $1.end - $1.begin } / Self.window : nil
    missing = isKnown ? nil : .notRecorded
  }

  /// What is left of the greens of the first stop line when those of each next one, moved back by the travel
  /// time, are laid over them.
  static func bands(
    _ greens: [[GreenTime]], _ travelTimes: [Double], from: Double, until: Double
  ) -> [GreenTime] {
    zip(greens, travelTimes).reduce([GreenTime(begin: from, end: until)]) { bands, stop in
      bands.flatMap { band in
        stop.0.compactMap { green in
          let begin = max(band.begin, green.begin - stop.1)
          let end = min(band.end, green.end - stop.1)
          return begin < end ? GreenTime(begin: begin, end: end) : nil
        }
      }
    }
  }
}

/// From when to when a signal was green, s since local midnight.
struct GreenTime: Sendable, Equatable {
  let begin: Double
  let end: Double
}

extension DayTally {
  /// Greens of a lane group that reach into a time, s since local midnight; `nil` unless its signal was known
  /// from the one end of it to the other.
  func greens(of laneGroup: Int, from: Double, until: Double) -> [GreenTime]? {
    func seconds(_ time: Int64) -> Double { Double(time - midnight.milliseconds) / 1000 }
    var greens: [GreenTime] = []
    var known: (begin: Double, end: Double)?
    for cycle in arrivals[laneGroup].cycles {
      guard let green = cycle.green, let end = cycle.end else { continue }
      let (begin, over) = (seconds(cycle.begin), seconds(end))
      guard over > from, begin < until else { continue }
      // Each cycle begins where the one before ended, unless something is missing in between.
      if let last = known, last.end != begin { return nil }
      known = (known?.begin ?? begin, over)
      greens.append(GreenTime(begin: seconds(green), end: over))
    }
    guard let known, known.begin <= from, known.end >= until else { return nil }
    return greens.filter { $0.end > from && $0.begin < until }
  }
}
