import Signals

/// A horizon problem in vectors: what the search reads and does not write. Queues are multiplied by
/// their weights beforehand, so that a sum over lanes is a cost.
struct HorizonTables<Lanes: LaneVector>: Sendable {
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
  private(set) var rates: [Lanes]
  /// Departures a step while closed, by `from * stages + to`, and whether there are any.
  private(set) var carried: [Lanes]
  private(set) var isCarried: [Bool]
  /// Cost-to-go by `position * stages + stage`.
  private(set) var constant: [Float]
  private(set) var linear: [Lanes]
  private(set) var quadratic = Lanes.zero
  private(set) var latenessPrice: Float = 0
  /// By `from * stages + to`: whether a stage in between must not be skipped at all, and 1 for the
  /// lane groups for whose sake it must not while somebody waits; only for `skip`.
  private var isBarred: [Bool]
  private var passedOver: [Lanes]
  /// Weighted queues that count as nobody.
  private var nobody = Lanes.zero
  private var isSkip = false

  init(stages: Int, laneGroups: Int, steps: Int) {
    self.stages = stages
    self.steps = steps
    rules = HorizonRules(stages: stages, steps: steps)
    toGo = CostToGo(laneGroups: laneGroups, stages: stages)
    arrivals = Array(repeating: .zero, count: steps)
    arrived = Array(repeating: .zero, count: steps + 1)
    waited = arrived
    rates = Array(repeating: .zero, count: stages)
    carried = Array(repeating: .zero, count: stages * stages)
    isCarried = Array(repeating: false, count: stages * stages)
    isBarred = isCarried
    passedOver = carried
    constant = Array(repeating: 0, count: 3 * stages)
    linear = Array(repeating: .zero, count: 3 * stages)
  }

  /// Reads another problem of the same shape, without allocating.
  mutating func take(_ problem: HorizonProblem) {
    rules.take(problem)
    toGo.take(problem)
    latenessPrice = Float(problem.latenessPrice)
    readFlows(problem)
    readRates(problem)
    readCostToGo(problem)
    isSkip = problem.sequence == .skip
    if isSkip { readSkips(problem) }
  }

  private mutating func readSkips(_ problem: HorizonProblem) {
    for group in 0..<problem.laneGroups {
      nobody[group] = Float(HorizonProblem.demandThreshold * problem.weight[group])
    }
    for change in 0..<(stages * stages) {
      isBarred[change] = false
      passedOver[change] = .zero
    }
    for place in problem.order.indices { readSkips(after: place, problem) }
  }

  /// What is skipped by changes from the stage at `place` of the order, nearest first: the rule of
  /// `HorizonProblem.skipsDemand`.
  private mutating func readSkips(after place: Int, _ problem: HorizonProblem) {
    let order = problem.order
    let from = order[place]
    var isBarred = false
    var passed = Lanes.zero
    for distance in 1..<max(2, order.count) {
      let to = order[(place + distance) % order.count]
      self.isBarred[from * stages + to] = isBarred
      passedOver[from * stages + to] = passed
      isBarred = isBarred || problem.isCalled[to]
      for group in 0..<problem.laneGroups where problem.isServed(group, to) {
        passedOver[from * stages + to][group] = 0
        if !problem.isServed(group, from) { passed[group] = 1 }
      }
    }
  }

  /// Whether a change at these queues would skip a stage that must not be skipped.
  @inline(__always)
  func skips(from: Int, to: Int, _ queues: Lanes) -> Bool {
    guard isSkip else { return false }
    let change = from * stages + to
    return isBarred[change] || ((queues - nobody).drained * passedOver[change]).total > 0
  }

  private mutating func readFlows(_ problem: HorizonProblem) {
    for group in 0..<problem.laneGroups {
      let weight = problem.weight[group]
      start[group] = Float(weight * problem.queue[group])
      for step in 0..<steps {
        arrivals[step][group] = Float(weight * problem.arrivals[group * steps + step])
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
    }
    for from in 0..<stages {
      for to in 0..<stages {
        var isAny = false
        for group in 0..<problem.laneGroups {
          let rate = min(rates[from][group], rates[to][group])
          carried[from * stages + to][group] = rate
          isAny = isAny || rate > 0
        }
        isCarried[from * stages + to] = isAny
      }
    }
  }

  private mutating func readCostToGo(_ problem: HorizonProblem) {
    for stage in 0..<stages {
      for position in [CostToGo.Position.begins, .runs, .ends] {
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
      }
    }
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
    let runs = price(.runs, stage, queues)
    guard toGo.isFree else { return runs }
    var least = runs
    let youth = toGo.youth(of: stage, after: elapsed)
    if youth > 0 { least += Float(youth) * (price(.begins, stage, queues) - runs) }
    let waiting = queues.total
    for next in 0..<stages {
      let closed = rules.closed[stage * stages + next]
      guard closed >= 0 else { continue }
      least = min(least, Float(closed) * waiting + price(.begins, next, queues))
    }
    return least
  }

  /// Queues after steps in which the lane groups of `stage` move; their sum by step is added to `sum`.
  @inline(__always)
  func hold(_ stage: Int, _ range: Range<Int>, queues: inout Lanes, sum: inout Lanes) {
    let rate = rates[stage]
    // Without the buffer each step checks bounds, a fifth of the whole time.
    arrivals.withUnsafeBufferPointer { arrivals in
      for step in range {
        queues = (queues + arrivals[step] - rate).drained
        sum = sum + queues
      }
    }
  }

  /// Queues and cost after closed steps between two stages. Where nobody moves, in closed form from
  /// the prefix sums; else step by step.
  @inline(__always)
  func close(
    from: Int, to: Int, _ range: Range<Int>, queues: inout Lanes, cost: inout Float
  ) {
    let change = from * stages + to
    if from >= 0, isCarried[change] {
      var sum = Lanes.zero
      for step in range {
        queues = (queues + arrivals[step] - carried[change]).drained
        sum = sum + queues
      }
      cost += sum.total
      return
    }
    let before = arrived[range.lowerBound]
    let base = queues - before
    let wait = waited[range.upperBound] - waited[range.lowerBound]
    cost += (base * Float(range.count) + wait).total
    queues = base + arrived[range.upperBound]
  }
}
