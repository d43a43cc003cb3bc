import Optimisation
import Signals

/// The numbers of a horizon problem by lane group, in double precision, and bounds that follow from
/// them: what `HorizonReference` computes with.
struct ReferenceLanes {
  typealias Lanes = SIMD16<Double>

  let start: Lanes
  let arrivals: [Lanes]
  let rates: [Lanes]
  /// By `from * stages + to`.
  private let changeRatio: [Lanes]
  let weight: Lanes
  /// The highest rate of any stage; above 0 also where nobody is served.
  let fullRate: Lanes
  /// Steps from the moment at which a stage's queues begin to move until a lane group may move at
  /// the earliest, by stage.
  let earliest: [Lanes]
  /// What a vehicle more at the horizon's end may cost at most.
  let steepest: Lanes
  private let rules: HorizonRules
  private let toGo: CostToGo
  private let constant: [[Double]]
  private let linear: [[Lanes]]
  private let quadratic: Lanes
  /// `NominalCycle.Part` of all lane groups, by stage.
  private let parts: [Parts]

  /// How a stage closes the horizon in fixed order.
  private struct Parts {
    let constant: SIMD4<Double>
    let least: Double
    let wait: Lanes
    let stretch: Lanes
    let shift: Lanes
    let slide: Lanes
    let again: Lanes
    let ease: Lanes
    let moving: Double

    init(_ problem: HorizonProblem, _ cycle: NominalCycle, _ stage: Int) {
      let parts = (0..<problem.laneGroups).map { cycle(stage, $0) }
      func lanes(_ value: KeyPath<NominalCycle.Part, Double>) -> Lanes {
        var result = Lanes()
        for group in parts.indices { result[group] = parts[group][keyPath: value] }
        return result
      }
      constant = cycle.constant(stage)
      least = cycle.leastConstant(stage)
      wait = lanes(\.wait)
      stretch = lanes(\.stretch)
      shift = lanes(\.shift)
      slide = lanes(\.slide)
      again = lanes(\.again)
      ease = lanes(\.ease)
      moving = cycle.moving[stage]
    }

    /// What those cost whom the coming green leaves over.
    func leftOver(_ queues: Lanes, _ left: Double) -> Lanes {
      let over = pointwiseMax(queues + shift + slide * left, Lanes())
      return over * pointwiseMax(again - ease * left, Lanes())
    }
  }

  init(_ problem: HorizonProblem, _ rules: HorizonRules) {
    func lanes(_ value: (Int) -> Double) -> Lanes {
      var result = Lanes()
      for group in 0..<problem.laneGroups { result[group] = value(group) }
      return result
    }
    self.rules = rules
    let toGo = CostToGo(problem)
    self.toGo = toGo
    start = lanes { problem.queue[$0] }
    arrivals = (0..<problem.steps).map { step in
      lanes { problem.arrivals[$0 * problem.steps + step] }
    }
    rates = (0..<problem.stages).map { stage in
      lanes { problem.discharge[stage * problem.laneGroups + $0] }
    }
    weight = lanes { problem.weight[$0] }
    changeRatio = (0..<(problem.stages * problem.stages)).map { change in
      lanes { problem.changeRatio[change * problem.laneGroups + $0] }
    }
    // In a change a queue may move faster than in the greens on both sides of it.
    fullRate =
      rates.reduce(Lanes(repeating: 1e-9)) { pointwiseMax($0, $1) }
      * changeRatio.reduce(Lanes(repeating: 1)) { pointwiseMax($0, $1) }
    earliest = Self.earliest(problem, rules).map { row in lanes { row[$0] } }
    parts =
      toGo.sequence == .fixed
      ? (0..<problem.stages).map { Parts(problem, toGo.cycle, $0) } : []
    let positions = [CostToGo.Position.begins, .runs].map { position in
      (0..<problem.stages).map { stage in
        (0..<problem.laneGroups).map { toGo(position, stage: stage, laneGroup: $0) }
      }
    }
    constant = positions.map { $0.map { stage in stage.reduce(0) { $0 + $1.constant } } }
    linear = positions.map { $0.map { stage in lanes { stage[$0].linear } } }
    quadratic = lanes { positions[0][0][$0].quadratic }
    let most = arrivals.reduce(start, +)
    let change = rules.closed.max().map(Double.init) ?? 0
    let waiting = linear.joined().reduce(Lanes()) { pointwiseMax($0, $1) }
    let leftOver = parts.reduce(Lanes()) { pointwiseMax($0, $1.again) }
    steepest = waiting + 2 * quadratic * most + change * weight + leftOver
  }

  /// Departures a step while everything is closed but for lane groups that are green on both sides.
  func carried(from: Int, to: Int) -> Lanes {
    guard from != to else { return rates[to] }
    return pointwiseMin(rates[from], rates[to]) * changeRatio[from * rates.count + to]
  }

  /// Lets time pass while `rate` departs a step.
  func move(_ queues: inout Lanes, _ cost: inout Double, _ steps: Range<Int>, rate: Lanes) {
    for step in steps {
      queues += arrivals[step] - rate
      queues.replace(with: 0, where: queues .< 0)
      cost += (queues * weight).sum()
    }
  }

  /// Cost-to-go by `CostToGo`'s coefficients.
  func price(_ position: CostToGo.Position, _ stage: Int, _ queues: Lanes) -> Double {
    let place = position == .begins ? 0 : 1
    return constant[place][stage] + (queues * (linear[place][stage] + queues * quadratic)).sum()
  }

  /// `CostToGo.closing`.
  func closing(_ queues: Lanes, _ stage: Int, after elapsed: Int) -> Double {
    if toGo.sequence == .fixed {
      let part = parts[stage]
      let left = toGo.cycle.left(of: stage, after: elapsed)
      let price = queues * (part.wait + part.stretch * left + queues * quadratic)
      return part.constant.value(left) + (price + part.leftOver(queues, left)).sum()
    }
    let runs = price(.runs, stage, queues)
    var least = runs
    if toGo.isFree {
      let begins = price(.begins, stage, queues)
      least += toGo.youth(of: stage, after: elapsed) * (begins - runs)
    }
    let waiting = (queues * weight).sum()
    for next in rates.indices {
      guard let closed = rules.closedSteps(from: stage, to: next) else { continue }
      let value = price(toGo.isFree ? .begins : .runs, next, queues)
      least = min(least, Double(closed) * waiting + value)
    }
    return least
  }

  /// What is to come after `begins` costs at least this: every lane group is served at its highest
  /// rate from the earliest step at which one of its stages could be on.
  func atLeast(_ queues: Lanes, _ stage: Int, _ begins: Int) -> Double {
    var onward = queues
    var sum = Lanes()
    for step in begins..<max(begins, arrivals.count) {
      let isOpen = earliest[stage] .<= Double(step - begins)
      onward += arrivals[step] - Lanes().replacing(with: fullRate, where: isOpen)
      onward.replace(with: 0, where: onward .< 0)
      sum += onward
    }
    var end = Double.infinity
    for other in rates.indices { end = min(end, leastClosing(onward, other)) }
    return (sum * weight).sum() + end
  }

  /// What queues cost at least if the horizon ends with `stage`, however long it has been on.
  private func leastClosing(_ queues: Lanes, _ stage: Int) -> Double {
    guard toGo.sequence == .fixed else { return closing(queues, stage, after: .max) }
    // Who waits does so the shorter the less is left of the stage, who is served the more of it is.
    let part = parts[stage]
    var over = queues + pointwiseMin(part.shift, part.shift + part.slide * part.moving)
    over.replace(with: 0, where: over .< 0)
    let again = pointwiseMax(part.again - part.ease * part.moving, Lanes())
    return part.least + (queues * (part.wait + queues * quadratic) + over * again).sum()
  }

  private static func earliest(_ problem: HorizonProblem, _ rules: HorizonRules) -> [[Double]] {
    let count = problem.stages
    var least = Array(repeating: HorizonProblem.never, count: count * count)
    for from in 0..<count {
      for to in 0..<count {
        guard let closed = rules.closedSteps(from: from, to: to) else { continue }
        least[from * count + to] = rules.shortest[from] + closed
      }
    }
    for middle in 0..<count {
      for from in 0..<count {
        for to in 0..<count {
          let way = least[from * count + middle] + least[middle * count + to]
          least[from * count + to] = min(least[from * count + to], way)
        }
      }
    }
    return (0..<count).map { stage in
      (0..<problem.laneGroups).map { group in
        if problem.isServed(group, stage) { return 0 }
        let ways = (0..<count).filter { problem.isServed(group, $0) }
        return Double(ways.map { least[stage * count + $0] }.min() ?? HorizonProblem.never)
      }
    }
  }
}
