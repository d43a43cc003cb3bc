package import Signals

/// What queues will yet cost when a stage is on, seen from a step at which the search stops looking.
///
/// A lane group waits W until its turn, its queue growing by its mean arrivals a; then it clears at
/// r - a. With Q = q + a W the area is q W + a W² / 2 + Q² / (2 (r - a)), convex in q. W comes from
/// nominal greens, so that a plan which ends on the wrong stage pays for the red it leaves behind.
/// docs/optimisation.md derives it.
package struct CostToGo: Sendable {
  /// Where the search stands in the stage that is on.
  package enum Position: Int, Sendable {
    /// Its queues begin to move.
    case begins = 0
    /// In the middle of it: the horizon ends here.
    case runs = 1
  }

  /// Vehicle seconds = Σ constant + linear·q + quadratic·q² over lane groups, weights included.
  package struct Coefficients: Sendable {
    package var constant = 0.0
    package var linear = 0.0
    package var quadratic = 0.0
  }

  let laneGroups: Int
  let stages: Int
  private var coefficients: [Coefficients]
  /// What may be done to the order of the stages.
  package private(set) var sequence = Signals.Sequence.fixed
  private var nominal: [Double]
  private var shortest: [Double]
  private var mean: [Double]
  private var rate: [Double]
  private var waits: [Double]
  /// What goes on behind the horizon's end in fixed order.
  package private(set) var cycle: NominalCycle

  init(laneGroups: Int, stages: Int) {
    self.laneGroups = laneGroups
    self.stages = stages
    coefficients = Array(repeating: Coefficients(), count: 2 * stages * laneGroups)
    nominal = Array(repeating: 0, count: stages)
    shortest = Array(repeating: 1, count: stages)
    mean = Array(repeating: 0, count: laneGroups)
    rate = mean
    cycle = NominalCycle(laneGroups: laneGroups, stages: stages)
    waits = Array(repeating: 0, count: stages * laneGroups)
  }

  /// The cost-to-go of `problem`.
  package init(_ problem: HorizonProblem) {
    self.init(laneGroups: problem.laneGroups, stages: problem.stages)
    take(problem)
  }

  /// The coefficients of a lane group.
  package func callAsFunction(_ position: Position, stage: Int, laneGroup: Int) -> Coefficients {
    coefficients[(position.rawValue * stages + stage) * laneGroups + laneGroup]
  }

  /// Vehicle seconds to come.
  package func value(_ position: Position, stage: Int, queues: [Double]) -> Double {
    var sum = 0.0
    for group in 0..<laneGroups {
      let part = self(position, stage: stage, laneGroup: group)
      sum += part.constant + queues[group] * (part.linear + queues[group] * part.quadratic)
    }
    return sum
  }

  /// Whether any stage may follow any other.
  package var isFree: Bool { sequence == .free }

  /// How far a stage still is from its shortest green, `elapsed` steps after its queues began to
  /// move: 1 at its beginning, 0 once it may end.
  package func youth(of stage: Int, after elapsed: Int) -> Double {
    max(0, 1 - Double(elapsed) / shortest[stage])
  }

  /// Vehicle seconds to come if the horizon ends `elapsed` steps after the queues of `stage` began to
  /// move.
  ///
  /// In fixed order the nominal cycle goes on. Else the stage is taken to be half-way through its nominal
  /// green. That rewards every plan that brings a stage on just before the horizon ends. So a stage may
  /// give way at once, everybody waiting through the change, to the one that then costs least: what the last
  /// second would bring, each plan has. In free order, besides, a stage that has not had its shortest
  /// green yet counts as having all of its green still to come.
  package func closing(
    _ stage: Int, after elapsed: Int, queues: [Double], _ problem: HorizonProblem,
    _ rules: HorizonRules
  ) -> Double {
    if sequence == .fixed {
      return closing(stage, left: cycle.left(of: stage, after: elapsed), queues)
    }
    let runs = value(.runs, stage: stage, queues: queues)
    var least = runs
    if isFree {
      let begins = value(.begins, stage: stage, queues: queues)
      least += youth(of: stage, after: elapsed) * (begins - runs)
    }
    var waiting = 0.0
    for group in 0..<laneGroups { waiting += problem.weight[group] * queues[group] }
    for next in 0..<stages {
      guard let closed = rules.closedSteps(from: stage, to: next) else { continue }
      let value = value(isFree ? .begins : .runs, stage: next, queues: queues)
      least = min(least, Double(closed) * waiting + value)
    }
    return least
  }

  private func closing(_ stage: Int, left: Double, _ queues: [Double]) -> Double {
    var sum = cycle.constant(stage).value(left)
    for group in 0..<laneGroups {
      let part = cycle(stage, group)
      let queue = queues[group]
      let quadratic = self(.runs, stage: stage, laneGroup: group).quadratic
      sum += queue * (part.wait + part.stretch * left + queue * quadratic)
      sum += part.leftOver(queue, left)
    }
    return sum
  }

  /// Reads another problem of the same shape, without allocating.
  mutating func take(_ problem: HorizonProblem) {
    sequence = problem.sequence
    readRates(problem)
    for stage in 0..<stages { shortest[stage] = Double(problem.minimumGreen[stage]) }
    readNominalGreens(problem)
    if sequence == .fixed { return goOn(problem) }
    for stage in 0..<stages {
      for group in 0..<laneGroups {
        waits[stage * laneGroups + group] = wait(problem, from: stage, laneGroup: group)
      }
    }
    for stage in 0..<stages {
      for group in 0..<laneGroups {
        let ends = waits[stage * laneGroups + group]
        let isOn = problem.isServed(group, stage)
        set(.begins, stage, group, wait: isOn ? 0 : nominal[stage] + ends, problem)
        set(.runs, stage, group, wait: isOn ? 0 : nominal[stage] / 2 + ends, problem)
      }
    }
  }

  /// Fixed order: all of it follows from the cycle that goes on.
  private mutating func goOn(_ problem: HorizonProblem) {
    cycle.take(problem, nominal: nominal, arriving: mean, rate: rate)
    for position in [Position.begins, .runs] {
      for stage in 0..<stages {
        let left = position == .begins ? cycle.moving[stage] : cycle.moving[stage] / 2
        for group in 0..<laneGroups {
          let part = cycle(stage, group)
          coefficients[(position.rawValue * stages + stage) * laneGroups + group] = Coefficients(
            constant: part.constant.value(left), linear: part.wait + part.stretch * left,
            quadratic: rate[group] > 0 ? problem.weight[group] / (2 * cycle.clearing[group]) : 0)
        }
      }
    }
  }

  private mutating func set(
    _ position: Position, _ stage: Int, _ group: Int, wait: Double, _ problem: HorizonProblem
  ) {
    let index = (position.rawValue * stages + stage) * laneGroups + group
    guard rate[group] > 0 else {
      coefficients[index] = Coefficients()
      return
    }
    let weight = problem.weight[group]
    let arriving = mean[group]
    // Near saturation a queue no longer clears in one green; a quarter of the rate keeps its price
    // finite.
    let clearing = max(rate[group] - arriving, 0.25 * rate[group])
    let share = arriving / clearing
    coefficients[index] = Coefficients(
      constant: weight * arriving * wait * wait / 2 * (1 + share),
      linear: weight * wait * (1 + share), quadratic: weight / (2 * clearing))
  }

  private mutating func readRates(_ problem: HorizonProblem) {
    for group in 0..<laneGroups {
      var sum = 0.0
      for step in 0..<problem.steps { sum += problem.arrivals[group * problem.steps + step] }
      mean[group] = sum / Double(problem.steps)
      var best = 0.0
      for stage in problem.order {
        best = max(best, problem.discharge[stage * laneGroups + group])
      }
      rate[group] = best
    }
  }

  /// Webster's greens for the queues and arrivals in hand; 0 for a stage that may be left out.
  private mutating func readNominalGreens(_ problem: HorizonProblem) {
    for stage in 0..<stages { nominal[stage] = 0 }
    var critical = 0.0
    var lost = 0.0
    for (place, stage) in problem.order.enumerated() {
      for group in 0..<laneGroups where problem.isServed(group, stage) {
        var offered = 0.0
        for other in problem.order { offered += problem.discharge[other * laneGroups + group] }
        let due = mean[group] + problem.queue[group] / Double(problem.steps)
        nominal[stage] = max(nominal[stage], due / offered)
      }
      critical += nominal[stage]
      let next = problem.order[(place + 1) % problem.order.count]
      if nominal[stage] > 0 || problem.sequence == .fixed {
        lost += Double(max(0, problem.change[stage * stages + next]))
      }
    }
    let cycle = critical < 0.9 ? min(120, (1.5 * lost + 5) / (1 - critical)) : 120
    let green = max(0, cycle - lost)
    for stage in problem.order where nominal[stage] > 0 || problem.sequence == .fixed {
      let share = critical > 0 ? nominal[stage] / critical * green : 0
      let least = Double(problem.minimumGreen[stage])
      nominal[stage] = min(max(share, least), max(least, Double(problem.maximumGreen[stage])))
    }
  }

  /// Steps from the end of `stage` until `laneGroup` moves again.
  private func wait(_ problem: HorizonProblem, from stage: Int, laneGroup: Int) -> Double {
    problem.sequence == .free
      ? freeWait(problem, from: stage, laneGroup: laneGroup)
      : orderedWait(problem, from: stage, laneGroup: laneGroup)
  }

  private func orderedWait(
    _ problem: HorizonProblem, from stage: Int, laneGroup: Int
  ) -> Double {
    let order = problem.order
    let start = order.firstIndex(of: stage) ?? order.count - 1
    var sum = Double(problem.startLoss)
    var before = stage
    for distance in 1...order.count {
      let next = order[(start + distance) % order.count]
      let isServed = problem.isServed(laneGroup, next)
      guard isServed || nominal[next] > 0 else { continue }
      if before != next { sum += Double(max(0, problem.change[before * stages + next])) }
      if isServed { return sum }
      sum += nominal[next]
      before = next
    }
    return sum
  }

  /// In free order the lane group's stage comes next, last or anywhere between: half of what else
  /// there is to serve comes before it.
  private func freeWait(
    _ problem: HorizonProblem, from stage: Int, laneGroup: Int
  ) -> Double {
    var others = 0.0
    var least = Double.infinity
    for next in problem.order where next != stage {
      let change = problem.change[stage * stages + next]
      if problem.isServed(laneGroup, next) {
        if change >= 0 { least = min(least, Double(change)) }
      } else if nominal[next] > 0 {
        others += nominal[next] + Double(max(0, change))
      }
    }
    // Only the stage that ends serves it: another must come in between.
    if least == .infinity { least = 5 }
    return Double(problem.startLoss) + least + others / 2
  }
}
