import Signals

/// The rules of a horizon problem in the terms of the search: when a stage's queues begin and cease
/// to move rather than when its lamps change.
///
///       green starts      queues move               green ends    queues stop     next queues move
///     ───────┼── startLoss ──┼───────────────────────────┼── endGain ──┼───── closed ─────┼──▶
///
/// In the closed time between two stages only lane groups move that are green on both sides.
package struct HorizonRules: Sendable {
  package let stages: Int
  package let steps: Int
  /// Closed steps by `from * stages + to`; negative if the change may not happen.
  package private(set) var closed: [Int] = []
  /// Least closed time after a stage, `HorizonProblem.never` if none may follow.
  package private(set) var shortestClosed: [Int] = []
  /// Steps of moving queues that the shortest and the longest green come to.
  package private(set) var shortest: [Int] = []
  package private(set) var longest: [Int] = []
  /// Least time from the end of a stage's green to the start of another's, by `from * stages + to`.
  package private(set) var lead: [Int] = []

  init(stages: Int, steps: Int) {
    self.stages = stages
    self.steps = steps
  }

  /// Reads `problem`.
  package init(_ problem: HorizonProblem) {
    self.init(stages: problem.stages, steps: problem.steps)
    take(problem)
  }

  /// Reads another problem of the same shape, without allocating.
  mutating func take(_ problem: HorizonProblem) {
    closed.removeAll(keepingCapacity: true)
    shortestClosed.removeAll(keepingCapacity: true)
    shortest.removeAll(keepingCapacity: true)
    longest.removeAll(keepingCapacity: true)
    let offset = problem.endGain - problem.startLoss
    for from in 0..<stages {
      var least = HorizonProblem.never
      for to in 0..<stages {
        let steps = problem.mayFollow(from: from, to: to) ? problem.change[from * stages + to] : -1
        closed.append(steps < 0 ? -1 : steps - offset)
        if steps >= 0 { least = min(least, steps - offset) }
      }
      shortestClosed.append(least)
      shortest.append(problem.minimumGreen[from] + offset)
      longest.append(problem.maximumGreen[from] + offset)
    }
    lead.removeAll(keepingCapacity: true)
    problem.appendLeads(to: &lead)
  }

  /// Closed steps from one stage to another; `nil` if the change may not happen.
  package func closedSteps(from: Int, to: Int) -> Int? {
    let steps = closed[from * stages + to]
    return steps < 0 ? nil : steps
  }
}

extension HorizonProblem {
  /// Vehicles below which nobody is said to wait: forecasts are fractions, and half a vehicle is
  /// none.
  package static let demandThreshold = 0.5

  /// Whether `to` may come right after `from`, as far as that does not depend on queues.
  func mayFollow(from: Int, to: Int) -> Bool {
    guard from != to, change[from * stages + to] >= 0 else { return false }
    guard let target = order.firstIndex(of: to) else { return false }
    // A stage outside the order, shown by hand, may give way to any of them.
    guard sequence == .fixed, let source = order.firstIndex(of: from) else { return true }
    return order[(source + 1) % order.count] == order[target]
  }

  /// Whether stages between `from` and `to` in the order would be skipped that must not be: those
  /// called, and those somebody waits for who is served neither before nor after.
  package func skipsDemand(from: Int, to: Int, waits: (Int) -> Bool) -> Bool {
    guard sequence == .skip, let source = order.firstIndex(of: from) else { return false }
    for distance in 1..<max(2, order.count) {
      let between = order[(source + distance) % order.count]
      if between == to { return false }
      if isCalled[between] { return true }
      for group in 0..<laneGroups where isServed(group, between) {
        if !isServed(group, from) && !isServed(group, to) && waits(group) { return true }
      }
    }
    return false
  }

  /// Whether a lane group moves in a stage.
  package func isServed(_ laneGroup: Int, _ stage: Int) -> Bool {
    discharge[stage * laneGroups + laneGroup] > 0
  }

  /// Least times from stage to stage: the direct change, or a way through others at their shortest
  /// greens (Floyd's algorithm); `never` if there is none. With `skip` every stage in between is
  /// counted, for whether it can be left out is known only when its turn comes.
  func appendLeads(to lead: inout [Int]) {
    for from in 0..<stages {
      for to in 0..<stages {
        let isNext = from != to && mayFollow(from: from, to: to) && followsInOrder(from, to)
        lead.append(isNext ? change[from * stages + to] : Self.never)
      }
    }
    for middle in 0..<stages {
      for from in 0..<stages {
        let first = lead[from * stages + middle]
        guard first < Self.never else { continue }
        for to in 0..<stages {
          let way = first + minimumGreen[middle] + lead[middle * stages + to]
          if way < lead[from * stages + to] { lead[from * stages + to] = way }
        }
      }
    }
  }

  private func followsInOrder(_ from: Int, _ to: Int) -> Bool {
    guard sequence == .skip, let source = order.firstIndex(of: from) else { return true }
    return order[(source + 1) % order.count] == to
  }

  /// The steps at which the running stage's queues may stop moving.
  package var firstStops: ClosedRange<Int> {
    let least = max(0, earliestEnd, minimumGreen[stage] - greenSoFar)
    let most = max(least, min(latestEnd, maximumGreen[stage] - greenSoFar))
    return (least + endGain)...(most + endGain)
  }

  /// The step at which the running stage's queues move.
  package var firstMove: Int { max(0, startLoss - greenSoFar) }

  /// What a step of lateness counts: more than a second of everybody's waiting can be worth.
  package var latenessPrice: Double {
    var vehicles = 1.0
    for group in 0..<laneGroups {
      var sum = queue[group]
      for step in 0..<steps { sum += arrivals[group * steps + step] }
      vehicles += weight[group] * sum
    }
    return 100 * vehicles
  }
}
