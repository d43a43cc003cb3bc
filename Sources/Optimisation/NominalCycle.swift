/// What queues will yet cost if the stages go on in their order with nominal greens behind the horizon's end,
/// over what they cost in any case: the relative value of that plan (Howard, Dynamic Programming and Markov
/// Processes, 1960, ch. 4).
///
/// A lane group that waits W until its turn pays the area under its queue until that is gone. From then on
/// each red costs the same, a mean of g a step; so whoever is further on in the cycle has paid for more
/// steps of it. Without that a horizon would end best just after a green for many, wherever that falls.
/// docs/optimisation.md derives it.
package struct NominalCycle: Sendable {
  /// What a lane group costs with queue q while the stage has L steps left: the sum of `constant`,
  /// (`wait` + `stretch` L) q and q² times that of `CostToGo.Coefficients`; and, of those whom the coming
  /// green leaves over, x = q + `shift` + `slide` L, what their red is longer than the wait until that green,
  /// (`again` - `ease` L) x. Vehicle seconds, weights included.
  package struct Part: Sendable {
    /// By powers of L.
    package var constant = SIMD4<Double>()
    package var wait = 0.0
    package var stretch = 0.0
    package var shift = 0.0
    package var slide = 0.0
    package var again = 0.0
    package var ease = 0.0

    /// What those cost whom the coming green leaves over, besides.
    package func leftOver(_ queue: Double, _ left: Double) -> Double {
      max(0, again - ease * left) * max(0, queue + shift + slide * left)
    }
  }

  /// Of those who come as many are taken to come that a lane group is loaded to this share of its capacity at
  /// most: at full load a queue would never go.
  private static let load = 0.9

  private let laneGroups: Int
  private var parts: [Part]
  /// Steps for which the queues of a stage move.
  package private(set) var moving: [Double]
  /// Vehicles that go each step besides those who come, by lane group.
  private(set) var clearing: [Double]
  /// Of one lane group, by stage: steps from the stage's end until it moves again, by which stage then,
  /// whether it moves all the time until then, and what an empty queue costs at the stage's end.
  private var until: [Double]
  private var next: [Int]
  private var isKept: [Bool]
  private var ending: [Double]

  init(laneGroups: Int, stages: Int) {
    self.laneGroups = laneGroups
    parts = Array(repeating: Part(), count: stages * laneGroups)
    moving = Array(repeating: 0, count: stages)
    clearing = Array(repeating: 0, count: laneGroups)
    until = moving
    ending = moving
    next = Array(repeating: 0, count: stages)
    isKept = Array(repeating: false, count: stages)
  }

  /// The part of a lane group while `stage` is on.
  package func callAsFunction(_ stage: Int, _ laneGroup: Int) -> Part {
    parts[stage * laneGroups + laneGroup]
  }

  /// The constants of all lane groups while `stage` is on, by powers of the steps it has left.
  package func constant(_ stage: Int) -> SIMD4<Double> {
    var sum = SIMD4<Double>()
    for group in 0..<laneGroups { sum += self(stage, group).constant }
    return sum
  }

  /// The least that these come to, whatever is left of the stage.
  package func leastConstant(_ stage: Int) -> Double {
    let constant = constant(stage)
    // Convex: least where its slope is nothing, or at an end.
    let turn = constant.z > 0 ? -constant.y / (2 * constant.z) : 0
    return constant.value(min(max(0, turn), moving[stage]))
  }

  /// Steps that a stage goes on `elapsed` steps after its queues began to move.
  package func left(of stage: Int, after elapsed: Int) -> Double {
    max(0, moving[stage] - Double(elapsed))
  }

  /// Reads nominal greens, steps by stage, and of each lane group its mean arrivals and the rate at which its
  /// queue discharges, vehicles a step.
  mutating func take(
    _ problem: HorizonProblem, nominal: [Double], arriving: [Double], rate: [Double]
  ) {
    let offset = Double(problem.endGain - problem.startLoss)
    for stage in moving.indices { moving[stage] = max(1, nominal[stage] + offset) }
    for group in 0..<laneGroups {
      guard rate[group] > 0 else {
        clearing[group] = 0
        for stage in moving.indices { parts[stage * laneGroups + group] = Part() }
        continue
      }
      for stage in moving.indices { look(from: stage, group, problem) }
      read(group, arriving[group], rate[group], problem)
    }
  }

  private mutating func read(
    _ group: Int, _ arriving: Double, _ rate: Double, _ problem: HorizonProblem
  ) {
    let (open, steps) = openSteps(group, problem)
    let carried = min(arriving, Self.load * rate * open / steps)
    let clears = rate - carried
    clearing[group] = clears
    let price = problem.weight[group] * (open < steps ? 1 + carried / clears : 0)
    let area = carried / 2 * price
    let mean = settle(group, area, problem)
    for stage in moving.indices {
      let run = run(from: problem.isServed(group, stage) ? stage : next[stage])
      var part = Part()
      if problem.isServed(group, stage) {
        part.constant = [ending[stage], -mean, 0, 0]
        part.shift = -clears * (run.steps - moving[stage])
        part.slide = -clears
      } else {
        let wait = until[stage]
        part.constant = [
          area * wait * wait - mean * (wait + moving[next[stage]]) + ending[next[stage]],
          2 * area * wait - mean, area, 0,
        ]
        part.wait = price * wait
        part.stretch = price
        part.shift = carried * wait - clears * run.steps
        part.slide = carried
      }
      part.again = price * until[run.last]
      if !problem.isServed(group, stage) {
        part.again -= price * until[stage]
        part.ease = price
      }
      parts[stage * laneGroups + group] = part
    }
  }

  /// The green from the beginning of a stage to that of the last before the lane group's next red.
  private func run(from stage: Int) -> (steps: Double, last: Int) {
    var steps = moving[stage]
    var last = stage
    for _ in moving.indices where isKept[last] {
      steps += until[last] + moving[next[last]]
      last = next[last]
    }
    return (steps, last)
  }

  /// Steps of a cycle in which a lane group moves, and all of them.
  private func openSteps(_ group: Int, _ problem: HorizonProblem) -> (open: Double, all: Double) {
    var open = 0.0
    var all = 0.0
    for stage in problem.order where problem.isServed(group, stage) {
      open += moving[next[stage]] + (isKept[stage] ? until[stage] : 0)
      all += moving[next[stage]] + until[stage]
    }
    return (open, all)
  }

  /// Finds the next stage behind `stage` that serves a lane group.
  private mutating func look(from stage: Int, _ group: Int, _ problem: HorizonProblem) {
    let order = problem.order
    let offset = problem.endGain - problem.startLoss
    let place = order.firstIndex(of: stage) ?? order.count - 1
    var sum = 0.0
    var before = stage
    for distance in 1...order.count {
      let other = order[(place + distance) % order.count]
      if before != other {
        sum += Double(max(0, problem.change[before * problem.stages + other] - offset))
      }
      if problem.isServed(group, other) {
        next[stage] = other
        until[stage] = sum
        isKept[stage] = distance == 1 && problem.isServed(group, stage)
        return
      }
      sum += moving[other]
      before = other
    }
  }

  /// Sets what an empty queue costs at the end of each stage that serves a lane group: all of a cycle at
  /// the first of them. Answers the mean cost of a step.
  private mutating func settle(_ group: Int, _ area: Double, _ problem: HorizonProblem) -> Double {
    var cost = 0.0
    var steps = 0.0
    for stage in problem.order where problem.isServed(group, stage) {
      cost += red(after: stage, area)
      steps += until[stage] + moving[next[stage]]
    }
    let mean = cost / steps
    guard let first = problem.order.first(where: { problem.isServed(group, $0) }) else { return 0 }
    ending[first] = cost
    func settle(_ stage: Int) {
      let other = next[stage]
      ending[stage] =
        red(after: stage, area) - mean * (until[stage] + moving[other]) + ending[other]
    }
    for stage in problem.order.reversed() where stage != first && problem.isServed(group, stage) {
      settle(stage)
    }
    // A stage outside the order, shown by hand.
    for stage in moving.indices
    where problem.isServed(group, stage) && !problem.order.contains(stage) { settle(stage) }
    return mean
  }

  /// What the red after a stage costs a lane group whose queue is gone when it begins.
  private func red(after stage: Int, _ area: Double) -> Double {
    isKept[stage] ? 0 : area * until[stage] * until[stage]
  }
}

extension SIMD4<Double> {
  /// The polynomial with these coefficients, the constant first, at `x`.
  package func value(_ x: Double) -> Double { self.x + x * (y + x * z) }
}
