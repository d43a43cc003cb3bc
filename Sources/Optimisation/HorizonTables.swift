import Signals

/// A horizon problem in vectors: what the search reads and does not write. Queues are multiplied by
/// their weights beforehand, so that a sum over lanes is a cost.
struct HorizonTables<Lanes: LaneVector>: Sendable {
  /// What a change passes over.
  private enum Passing: UInt8, Sendable {
    case nobody
    case demand
    case called
  }

  /// A stage that may follow another, and the cost-to-go if it does so at once, everybody waiting
  /// through the change.
  private struct Successor: Sendable {
    var stage = 0
    var closed = 0
    var constant: Float = 0
    var linear = Lanes.zero
    /// The same at the horizon's end, where in a given order the stage is half-way through.
    var constantAtEnd: Float = 0
    var linearAtEnd = Lanes.zero
  }

  /// `NominalCycle.Part` of all lane groups.
  private struct Closing: Sendable {
    var constant = SIMD4<Float>()
    var wait = Lanes.zero
    var stretch = Lanes.zero
    var shift = Lanes.zero
    var slide = Lanes.zero
    var again = Lanes.zero
    var ease = Lanes.zero
  }

  let stages: Int
  let steps: Int
  private(set) var rules: HorizonRules
  private(set) var toGo: CostToGo
  private(set) var start = Lanes.zero
  /// Arrivals of each step.
  private(set) var arrivals: [Lanes]
  /// Arrivals before each step, and the sum of these over the steps after the first.
  private(set) var arrived: [Lanes]
  private(set) var waited: [Lanes]
  /// Departures a step, by stage.
  private var rates: [Lanes]
  /// What a stage could have served before a step less what had arrived by then, and the sum of these
  /// over the steps after the first, by `stage * (steps + 1) + step`.
  private(set) var served: [Lanes]
  private(set) var servedSum: [Lanes]
  /// Departures a step while closed, by `from * stages + to`, and whether there are any.
  private(set) var carried: [Lanes]
  private(set) var isCarried: [Bool]
  /// Cost-to-go by `position * stages + stage`.
  private var constant: [Float]
  private var linear: [Lanes]
  private var quadratic = Lanes.zero
  /// How a stage closes the horizon in fixed order, by stage.
  private var closings: [Closing]
  /// What the horizon's end costs at least, whatever the queues.
  private(set) var leastToGo: Float = 0
  /// The stages that may follow one, from `from * stages` on, and how many there are.
  private var successors: [Successor]
  private var successorCounts: [Int]
  private(set) var latenessPrice: Float = 0
  /// By `from * stages + to`: what the stages in between say to being skipped, and 1 for the lane
  /// groups for whose sake they must not be while somebody waits.
  private var passing: [Passing]
  private var passedOver: [Lanes]
  /// Weighted queues that count as nobody.
  private var nobody = Lanes.zero

  init(stages: Int, laneGroups: Int, steps: Int) {
    self.stages = stages
    self.steps = steps
    rules = HorizonRules(stages: stages, steps: steps)
    toGo = CostToGo(laneGroups: laneGroups, stages: stages)
    arrivals = Array(repeating: .zero, count: steps)
    arrived = Array(repeating: .zero, count: steps + 1)
    waited = arrived
    rates = Array(repeating: .zero, count: stages)
    served = Array(repeating: .zero, count: stages * (steps + 1))
    servedSum = served
    carried = Array(repeating: .zero, count: stages * stages)
    isCarried = Array(repeating: false, count: stages * stages)
    passing = Array(repeating: .nobody, count: stages * stages)
    passedOver = carried
    constant = Array(repeating: 0, count: 2 * stages)
    linear = Array(repeating: .zero, count: 2 * stages)
    closings = Array(repeating: Closing(), count: stages)
    successors = Array(repeating: Successor(), count: stages * stages)
    successorCounts = Array(repeating: 0, count: stages)
  }

  /// Reads another problem of the same shape, without allocating.
  mutating func take(_ problem: HorizonProblem) {
    rules.take(problem)
    toGo.take(problem)
    latenessPrice = Float(problem.latenessPrice)
    readFlows(problem)
    readRates(problem)
    readCostToGo(problem)
    readSuccessors()
    readSkips(problem)
  }

  private mutating func readSkips(_ problem: HorizonProblem) {
    for change in passing.indices { passing[change] = .nobody }
    guard problem.sequence == .skip else { return }
    for group in 0..<problem.laneGroups {
      nobody[group] = Float(HorizonProblem.demandThreshold * problem.weight[group])
    }
    for place in problem.order.indices { readSkips(after: place, problem) }
  }

  /// What is skipped by changes from the stage at `place` of the order, nearest first: the rule of
  /// `HorizonProblem.skipsDemand`.
  private mutating func readSkips(after place: Int, _ problem: HorizonProblem) {
    let order = problem.order
    let from = order[place]
    var isCalled = false
    var passed = Lanes.zero
    for distance in 1..<max(2, order.count) {
      let to = order[(place + distance) % order.count]
      let change = from * stages + to
      passedOver[change] = passed
      for group in 0..<problem.laneGroups where problem.isServed(group, to) {
        passedOver[change][group] = 0
      }
      passing[change] = isCalled ? .called : passedOver[change].total > 0 ? .demand : .nobody
      isCalled = isCalled || problem.isCalled[to]
      for group in 0..<problem.laneGroups
      where problem.isServed(group, to) && !problem.isServed(group, from) { passed[group] = 1 }
    }
  }

  /// Whether a change at these queues would skip a stage that must not be skipped.
  @inline(__always)
  func skips(from: Int, to: Int, _ queues: Lanes) -> Bool {
    let change = from * stages + to
    switch passing[change] {
    case .nobody: return false
    case .demand: return ((queues - nobody).drained * passedOver[change]).total > 0
    case .called: return true
    }
  }

  private mutating func readFlows(_ problem: HorizonProblem) {
    for group in 0..<problem.laneGroups {
      let weight = problem.weight[group]
      start[group] = Float(weight * problem.queue[group])
      // Without the buffer each number is written only after a look at the array's owner.
      arrivals.withUnsafeMutableBufferPointer { arrivals in
        for step in arrivals.indices {
          arrivals[step][group] = Float(weight * problem.arrivals[group * problem.steps + step])
        }
      }
    }
    for step in 0..<steps {
      arrived[step + 1] = arrived[step] + arrivals[step]
      waited[step + 1] = waited[step] + arrived[step + 1]
    }
  }

  private mutating func readRates(_ problem: HorizonProblem) {
    for stage in 0..<stages {
      for group in 0..<problem.laneGroups {
        let rate = problem.discharge[stage * problem.laneGroups + group]
        rates[stage][group] = Float(problem.weight[group] * rate)
      }
      let rate = rates[stage]
      var sum = Lanes.zero
      var sums = Lanes.zero
      let first = stage * (steps + 1)
      for step in 0..<steps {
        sum = sum + (rate - arrivals[step])
        sums = sums + sum
        served[first + step + 1] = sum
        servedSum[first + step + 1] = sums
      }
    }
    for from in 0..<stages {
      for to in 0..<stages {
        var isAny = false
        for group in 0..<problem.laneGroups {
          let rate = Float(problem.weight[group] * problem.rate(of: group, from: from, to: to))
          carried[from * stages + to][group] = rate
          isAny = isAny || rate > 0
        }
        isCarried[from * stages + to] = isAny
      }
    }
  }

  private mutating func readCostToGo(_ problem: HorizonProblem) {
    leastToGo = .infinity
    for stage in 0..<stages {
      for position in [CostToGo.Position.begins, .runs] {
        let index = position.rawValue * stages + stage
        var sum = 0.0
        for group in 0..<problem.laneGroups {
          let part = toGo(position, stage: stage, laneGroup: group)
          sum += part.constant
          linear[index][group] = Float(part.linear / problem.weight[group])
          let weight = problem.weight[group]
          quadratic[group] = Float(part.quadratic / (weight * weight))
        }
        constant[index] = Float(sum)
        leastToGo = min(leastToGo, constant[index])
      }
    }
    if toGo.sequence == .fixed { readClosings(problem) }
  }

  private mutating func readClosings(_ problem: HorizonProblem) {
    for stage in 0..<stages {
      var closing = Closing()
      closing.constant = SIMD4<Float>(toGo.cycle.constant(stage))
      for group in 0..<problem.laneGroups {
        let part = toGo.cycle(stage, group)
        let weight = problem.weight[group]
        closing.wait[group] = Float(part.wait / weight)
        closing.stretch[group] = Float(part.stretch / weight)
        closing.shift[group] = Float(part.shift * weight)
        closing.slide[group] = Float(part.slide * weight)
        closing.again[group] = Float(part.again / weight)
        closing.ease[group] = Float(part.ease / weight)
      }
      closings[stage] = closing
      leastToGo = min(leastToGo, Float(toGo.cycle.leastConstant(stage)))
    }
  }

  private mutating func readSuccessors() {
    let atEnd: CostToGo.Position = toGo.isFree ? .begins : .runs
    for from in 0..<stages {
      successorCounts[from] = 0
      for to in 0..<stages where rules.closed[from * stages + to] >= 0 {
        let closed = rules.closed[from * stages + to]
        let waiting = Lanes(repeating: Float(closed))
        let begins = CostToGo.Position.begins.rawValue * stages + to
        let ends = atEnd.rawValue * stages + to
        successors[from * stages + successorCounts[from]] = Successor(
          stage: to, closed: closed, constant: constant[begins], linear: linear[begins] + waiting,
          constantAtEnd: constant[ends], linearAtEnd: linear[ends] + waiting)
        successorCounts[from] += 1
      }
    }
  }

  /// What weighted queues will yet cost, besides `waits` until now, if `stage` ends after `step` and
  /// the best stage that may follow comes next; infinite if none may begin within the horizon.
  @inline(__always)
  func priceNext(after stage: Int, _ step: Int, _ queues: Lanes, _ waits: Lanes) -> Float {
    let common = waits + queues * queues * quadratic
    var least = Float.infinity
    for place in (stage * stages)..<(stage * stages + successorCounts[stage]) {
      guard step + successors[place].closed < steps else { continue }
      let price =
        successors[place].constant + (common + queues * successors[place].linear).total
      guard price < least else { continue }
      if skips(from: stage, to: successors[place].stage, queues) { continue }
      least = price
    }
    return least
  }

  /// Cost-to-go of weighted queues.
  @inline(__always)
  func price(_ position: CostToGo.Position, _ stage: Int, _ queues: Lanes) -> Float {
    let index = position.rawValue * stages + stage
    return constant[index] + (queues * (linear[index] + queues * quadratic)).total
  }

  /// Cost-to-go of weighted queues if the horizon ends `elapsed` steps after those of `stage` began
  /// to move: `CostToGo.closing`.
  func closing(_ stage: Int, after elapsed: Int, _ queues: Lanes) -> Float {
    if toGo.sequence == .fixed {
      return closing(stage, left: Float(toGo.cycle.left(of: stage, after: elapsed)), queues)
    }
    let runs = price(.runs, stage, queues)
    var least = runs
    if toGo.isFree {
      let youth = toGo.youth(of: stage, after: elapsed)
      if youth > 0 { least += Float(youth) * (price(.begins, stage, queues) - runs) }
    }
    let common = queues * queues * quadratic
    for place in (stage * stages)..<(stage * stages + successorCounts[stage]) {
      let price = (common + queues * successors[place].linearAtEnd).total
      least = min(least, successors[place].constantAtEnd + price)
    }
    return least
  }

  private func closing(_ stage: Int, left: Float, _ queues: Lanes) -> Float {
    let part = closings[stage]
    let constant = part.constant.x + left * (part.constant.y + left * part.constant.z)
    let price = queues * (part.wait + part.stretch * left + queues * quadratic)
    let over = (queues + part.shift + part.slide * left).drained
    return constant + (price + over * (part.again - part.ease * left).drained).total
  }
}
