import Bench
import Signals
import Testing

@testable import Optimisation

/// One lane group's fluid queue through nominal greens without end, in small steps: what
/// `NominalCycle` is to have in closed form.
private struct Fluid {
  let problem: HorizonProblem
  let cycle: NominalCycle
  let group: Int
  let arriving: Double
  let rate: Double

  private static let step = 0.02

  /// When the lane group moves, in steps from the moment at which `stage` has `left` to go, as long as
  /// `length`.
  private func openings(_ stage: Int, left: Double, length: Double) -> [Range<Double>] {
    var place = problem.order.firstIndex(of: stage) ?? 0
    var (from, until) = (0.0, left)
    var spans: [Range<Double>] = []
    while from < length {
      let here = problem.order[place]
      place = (place + 1) % problem.order.count
      let next = problem.order[place]
      let offset = problem.endGain - problem.startLoss
      let begins = until + Double(problem.change[here * problem.stages + next] - offset)
      if problem.isServed(group, here) {
        spans.append(from..<(problem.isServed(group, next) ? begins : until))
      }
      (from, until) = (begins, begins + cycle.moving[next])
    }
    return spans
  }

  /// Vehicle seconds in `length` steps.
  func area(_ stage: Int, left: Double, queue: Double, length: Double) -> Double {
    var (sum, now, queue) = (0.0, 0.0, queue)
    let spans = openings(stage, left: left, length: length)
    while now < length {
      let isOpen = spans.contains { $0.contains(now + Self.step / 2) }
      let after = max(0, queue + (arriving - (isOpen ? rate : 0)) * Self.step)
      sum += (queue + after) / 2 * Self.step
      (now, queue) = (now + Self.step, after)
    }
    return problem.weight[group] * sum
  }
}

@Suite("Behind the horizon's end of a given order its stages go on")
struct NominalCycleTests {
  /// Four stages of 12 to 30 s; of three lane groups one is served in two of them that follow each
  /// other, one in two that do not.
  private func problem(_ seed: Int) -> (HorizonProblem, [Double]) {
    var random = SeededGenerator(seed: UInt64(seed))
    var problem = HorizonProblem(laneGroups: 3, stages: 4, steps: 60)
    for (stage, group) in [(0, 0), (1, 1), (2, 1), (0, 2), (2, 2)] {
      problem.discharge[stage * 3 + group] = 0.5
    }
    for from in 0..<4 {
      for to in 0..<4 where to != from {
        problem.change[from * 4 + to] = 4 + Int(3 * random.unit())
      }
    }
    problem.weight = [1, 2, 0.5]
    problem.endGain = seed % 3
    return (problem, (0..<4).map { _ in 12 + (18 * random.unit()).rounded() })
  }

  /// What `cycle` has it cost that `stage` has `left` steps to go, with a queue.
  private func told(
    _ cycle: NominalCycle, _ fluid: Fluid, _ stage: Int, _ left: Double, _ queue: Double
  ) -> Double {
    let part = cycle(stage, fluid.group)
    let clearing = fluid.rate - fluid.arriving
    return part.constant.value(left) + queue * (part.wait + part.stretch * left)
      + fluid.problem.weight[fluid.group] * queue * queue / (2 * clearing)
      + part.leftOver(queue, left)
  }

  /// The area from there to the end of a cycle long after, less the mean of a cycle for each step: by then
  /// nothing is left of how it began.
  private func seen(
    _ cycle: NominalCycle, _ fluid: Fluid, _ stage: Int, _ left: Double, _ queue: Double
  ) -> Double {
    let problem = fluid.problem
    let changes = problem.order.map { here in
      Double(problem.change[here * 4 + (here + 1) % 4] + problem.startLoss - problem.endGain)
    }
    let period = changes.reduce(0, +) + cycle.moving.reduce(0, +)
    let rest =
      left + changes[stage...].reduce(0, +) + cycle.moving[(stage + 1)...].reduce(0, +)
    let long = rest + 3 * period
    let area = fluid.area(stage, left: left, queue: queue, length: long)
    let more = fluid.area(stage, left: left, queue: queue, length: long + period)
    return area - (more - area) / period * long
  }

  @Test(
    "What it says of two moments of the cycle differs by as much as the queues' areas from there on",
    arguments: 0..<4)
  func areas(seed: Int) {
    let (problem, greens) = problem(seed)
    var cycle = NominalCycle(laneGroups: 3, stages: 4)
    let (arriving, rate) = (0.06, 0.5)
    cycle.take(
      problem, nominal: greens, arriving: [arriving, arriving, arriving], rate: [rate, rate, rate])
    for group in 0..<3 {
      let fluid = Fluid(
        problem: problem, cycle: cycle, group: group, arriving: arriving, rate: rate)
      let origin = (
        told: told(cycle, fluid, 0, cycle.moving[0], 0),
        seen: seen(cycle, fluid, 0, cycle.moving[0], 0)
      )
      for stage in 0..<4 {
        for (left, queue) in [(0.0, 2.0), (cycle.moving[stage] / 2, 1), (cycle.moving[stage], 3)] {
          let difference = told(cycle, fluid, stage, left, queue) - origin.told
          let truth = seen(cycle, fluid, stage, left, queue) - origin.seen
          #expect(
            abs(difference - truth) < 0.5,
            "group \(group), stage \(stage), \(left) left, queue \(queue): \(difference), \(truth)")
        }
      }
    }
  }

  @Test("Who is left over by his green pays the same wherever the cycle stands", arguments: 0..<4)
  func leftOver(seed: Int) {
    let (problem, greens) = problem(seed)
    var cycle = NominalCycle(laneGroups: 3, stages: 4)
    let (arriving, rate) = (0.06, 0.5)
    cycle.take(
      problem, nominal: greens, arriving: [arriving, arriving, arriving], rate: [rate, rate, rate])
    let fluid = Fluid(problem: problem, cycle: cycle, group: 0, arriving: arriving, rate: rate)
    let queue = 60.0
    // Before the change to its stage, and the moment at which it moves: most of the queue waits a red in all.
    let change = Double(problem.change[3 * 4] + problem.startLoss - problem.endGain)
    let waiting = told(cycle, fluid, 3, 0, queue - arriving * change)
    let served = told(cycle, fluid, 0, cycle.moving[0], queue)
    #expect(abs(waiting / served - 1) < 0.02, "\(waiting), \(served)")
  }
}
