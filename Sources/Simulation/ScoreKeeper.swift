import Signals

/// Collects what is scored while a run goes on.
struct ScoreKeeper: Sendable {
  /// What one lane group's vehicles have lost.
  struct Record: Sendable {
    var visits: [Visit] = []
    var queue = Tally()
    /// Time in which it was full and turned vehicles away, s.
    var spillBack = 0.0
  }

  private(set) var records: [Record]
  private(set) var trips: [Visit] = []
  /// What all who have crossed each stop line had lost there, the warm-up included, s.
  private(set) var lost: [Double]
  /// Waits of people who have crossed, with their crossing.
  private(set) var walks: [(crossing: Int, wait: Double)] = []

  init(groups: Int) {
    records = Array(repeating: Record(), count: groups)
    lost = Array(repeating: 0, count: groups)
  }

  mutating func cross(_ visit: Visit, in group: Int) { lost[group] += visit.delay }

  mutating func finish(_ visit: Visit, in group: Int) { records[group].visits.append(visit) }

  mutating func finish(trip: Visit) { trips.append(trip) }

  mutating func finish(walk wait: Double, of crossing: Int) {
    walks.append((crossing: crossing, wait: wait))
  }

  mutating func sample(queue: Int, isRefusing: Bool, of group: Int, step: Double) {
    records[group].queue.add(queue)
    if isRefusing { records[group].spillBack += step }
  }
}

extension Performance {
  /// What those who are through and those who are still on their way have lost.
  init(finished: [Visit], unfinished: [Visit], neverEntered: Int) {
    let all = finished + unfinished
    let delays = all.map(\.delay)
    let waits = all.map(\.wait)
    let number = Double(max(1, all.count))
    self.init(
      due: all.count, completed: finished.count, neverEntered: neverEntered,
      delay: delays.reduce(0, +) / number, delay95: percentile(0.95, of: delays),
      wait: waits.reduce(0, +) / number, wait95: percentile(0.95, of: waits),
      stops: Double(all.reduce(0) { $0 + $1.stops }) / number)
  }
}

/// Those who are still on their way when a run is scored.
private struct Unfinished {
  var visits: [[Visit]]
  var neverEntered: [Int]
  var trips: [Visit] = []
}

extension TrafficModel {
  /// How the run fared from `settings.measureFrom` to now.
  public func score() -> Score {
    let unfinished = unfinished()
    var walks = [[Double]](repeating: [], count: walkways.count)
    for walk in keeper.walks { walks[walk.crossing].append(walk.wait) }
    let measured = settings.measureFrom
    for (position, walkway) in walkways.enumerated() {
      walks[position] += walkway.waiting.filter { $0 >= measured }.map { max(0, time - $0) }
    }
    return Score(
      performance: Performance(
        finished: keeper.trips, unfinished: unfinished.trips,
        neverEntered: unfinished.neverEntered.reduce(0, +)),
      junctions: network.junctions.indices.map { junction in
        score(of: junction, unfinished, walks: walks)
      },
      delays: Distribution(of: (keeper.trips + unfinished.trips).map(\.delay)),
      waits: Distribution(of: walks.flatMap(\.self)))
  }

  private func score(
    of junction: Int, _ unfinished: Unfinished, walks: [[Double]]
  ) -> JunctionScore {
    let own = network.groups.indices.filter { network.groups[$0].junction == junction }
    let crossings = network.crossings.indices.filter {
      network.crossings[$0].junction == junction
    }
    return JunctionScore(
      id: network.junctions[junction].id,
      performance: Performance(
        finished: own.flatMap { keeper.records[$0].visits },
        unfinished: own.flatMap { unfinished.visits[$0] },
        neverEntered: own.reduce(0) { $0 + unfinished.neverEntered[$1] }),
      laneGroups: own.map { group in
        let record = keeper.records[group]
        return LaneGroupScore(
          name: network.groups[group].name,
          performance: Performance(
            finished: record.visits, unfinished: unfinished.visits[group],
            neverEntered: unfinished.neverEntered[group]),
          queue: record.queue.mean, queue95: record.queue.percentile(0.95),
          spillBack: record.spillBack)
      },
      crossings: crossings.map { crossing in
        let waits = walks[crossing]
        return CrossingScore(
          name: network.junctions[junction].crossings[network.crossings[crossing].crossing].name,
          people: waits.count, wait: waits.reduce(0, +) / Double(max(1, waits.count)),
          wait95: percentile(0.95, of: waits))
      })
  }

  private func unfinished() -> Unfinished {
    var sum = Unfinished(
      visits: Array(repeating: [], count: network.groups.count),
      neverEntered: Array(repeating: 0, count: network.groups.count))
    for group in network.groups.indices {
      for lane in network.groups[group].lanes {
        for position in 0..<lanes[lane].vehicles.count {
          let vehicle = lanes[lane].vehicles[position]
          let delay = max(0, time - vehicle.freeCrossing)
          let visit =
            position < lanes[lane].queue
            ? lost(by: vehicle, in: lane, delay: delay) : Visit(delay: delay, wait: 0, stops: 0)
          add(visit, of: vehicle, in: group, to: &sum)
        }
      }
      for position in 0..<outside[group].count {
        let vehicle = outside[group][position]
        let late = max(0, time - vehicle.due)
        add(Visit(delay: late, wait: late, stops: 1), of: vehicle, in: group, to: &sum)
        if vehicle.due >= settings.measureFrom { sum.neverEntered[group] += 1 }
      }
    }
    return sum
  }

  private func add(
    _ visit: Visit, of vehicle: Vehicle, in group: Int, to sum: inout Unfinished
  ) {
    if vehicle.due >= settings.measureFrom { sum.visits[group].append(visit) }
    guard vehicle.tripDue >= settings.measureFrom else { return }
    var trip = vehicle.lost
    trip += visit
    sum.trips.append(trip)
  }
}
