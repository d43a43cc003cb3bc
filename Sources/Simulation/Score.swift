/// What a stream of traffic lost.
public struct Performance: Sendable, Equatable, Codable {
  /// Vehicles that were due.
  public let due: Int
  /// Vehicles that crossed the stop line, or left the network.
  public let completed: Int
  /// Vehicles that found no room to enter until the end.
  public let neverEntered: Int
  /// Mean delay against free flow, s: over all due, the unfinished with what they have lost so far
  /// and those that never entered with all the time since they were due.
  public let delay: Double
  /// 95th percentile of the delay, s.
  public let delay95: Double
  /// Mean time standing, s.
  public let wait: Double
  /// 95th percentile of the time standing, s.
  public let wait95: Double
  /// Stops a vehicle.
  public let stops: Double
}

/// How one lane group fared.
public struct LaneGroupScore: Sendable, Equatable, Codable {
  /// Name of the lane group.
  public let name: String
  /// What its vehicles lost.
  public let performance: Performance
  /// Mean number of vehicles held up, those outside for want of room included.
  public let queue: Double
  /// 95th percentile of that number over time.
  public let queue95: Double
  /// Time in which it was full and turned vehicles away, s.
  public let spillBack: Double
}

/// How the people at one crossing fared.
public struct CrossingScore: Sendable, Equatable, Codable {
  /// Name of the crossing.
  public let name: String
  /// People who came, those still waiting included.
  public let people: Int
  /// Mean wait, s.
  public let wait: Double
  /// 95th percentile of the wait, s.
  public let wait95: Double
}

/// How one junction fared.
public struct JunctionScore: Sendable, Equatable, Codable {
  /// Identifier of the junction.
  public let id: String
  /// What its vehicles lost at it; one that passes two junctions counts at each.
  public let performance: Performance
  /// Its lane groups, in the order of the site.
  public let laneGroups: [LaneGroupScore]
  /// Its crossings, in the order of the site.
  public let crossings: [CrossingScore]
}

/// How a run fared. Times in seconds.
public struct Score: Sendable, Equatable, Codable {
  /// Whole trips through the network: a vehicle that passes two junctions counts once.
  public let performance: Performance
  /// The junctions, in the order of the network.
  public let junctions: [JunctionScore]
  /// Delays of the whole trips that `performance` sums up.
  public let delays: Distribution
  /// Waits of the people at all crossings.
  public let waits: Distribution
}

/// How often times of each length came.
public struct Distribution: Sendable, Equatable, Codable {
  /// Width of a class, s.
  public let width: Double
  /// Number of times in each class: element n holds those of n to n + 1 widths, the lower end
  /// included. No class after the last one that holds any; the class at `classLimit` is open above.
  public let counts: [Int]
  /// Percentiles, s: nearest ranks; 0 of none.
  public let p50: Double
  /// The 85th, s.
  public let p85: Double
  /// The 95th, s.
  public let p95: Double
  /// The 99th, s.
  public let p99: Double

  /// Width of the classes of delays and waits, s.
  public static let width = 5.0

  /// Most classes: 20 min in classes of 5 s.
  public static let classLimit = 240

  /// The distribution of `times`, s.
  public init(of times: [Double]) {
    width = Self.width
    var counts: [Int] = []
    for time in times {
      let position = min(Self.classLimit - 1, Int(max(0, time) / Self.width))
      while counts.count <= position { counts.append(0) }
      counts[position] += 1
    }
    self.counts = counts
    p50 = percentile(0.5, of: times)
    p85 = percentile(0.85, of: times)
    p95 = percentile(0.95, of: times)
    p99 = percentile(0.99, of: times)
  }
}
