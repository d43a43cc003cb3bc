import Signals
import Testing

@testable import Optimisation

@Suite("The coming cycle")
struct ComingCycleTests {
  /// Two stages with one lane each, both of which are joined by `flow` an hour.
  private func crossing(flow: Double = 400, cycle: ClosedRange<Int> = 30...120) -> SplitProblem {
    SplitProblem(
      stages: [SplitSample.stage(5, 60, change: 5), SplitSample.stage(5, 60, change: 5)],
      demands: [
        SplitDemand(flow: flow, saturationFlow: 1800, service: [1, 0]),
        SplitDemand(flow: flow, saturationFlow: 1800, service: [0, 1]),
      ], cycle: .seconds(cycle.lowerBound) ... .seconds(cycle.upperBound))
  }

  private func greens(of problem: SplitProblem) throws -> [Tenths] {
    try #require(solveSplit(problem).split).greens
  }

  private func improved(_ problem: SplitProblem, _ queues: [Double]) throws -> [Tenths] {
    let outlooks = queues.map { QueueOutlook(queue: $0, arrivals: []) }
    var cycle = ComingCycle(problem, outlooks)
    return cycle.improve(try greens(of: problem))
  }

  @Test("gives a queue the green that it takes, on whichever road it stands")
  func queue() throws {
    let problem = crossing()
    let (usual, crowded) = (try improved(problem, [3, 0]), try improved(problem, [14, 0]))
    #expect(crowded[0] >= usual[0] + .seconds(8), "\(usual), then \(crowded)")
    #expect(crowded[0] > crowded[1])
    let other = try improved(problem, [0, 14])
    #expect(other[1] > crowded[1], "\(other)")
  }

  @Test("is short for those of whom nobody comes")
  func nobody() throws {
    var problem = crossing(flow: 0)
    problem.demands[1] = SplitDemand(flow: 700, saturationFlow: 1800, service: [0, 1])
    #expect(try improved(problem, [0, 6])[0] == .seconds(5))
  }

  @Test("hears of a platoon that is about to arrive")
  func platoon() throws {
    let problem = crossing()
    var arrivals = Array(repeating: 0.1, count: 60)
    for second in 12..<24 { arrivals[second] = 0.5 }
    var cycle = ComingCycle(
      problem,
      [QueueOutlook(queue: 1, arrivals: arrivals), QueueOutlook(queue: 1, arrivals: [])])
    let told = cycle.improve(try greens(of: problem))
    #expect(told[0] > (try improved(problem, [1, 1])[0]), "\(told)")
  }

  @Test("may have other stages than the cycles after it, and comes to the same where it has not")
  func otherStages() throws {
    let problem = crossing()
    let outlooks = [QueueOutlook(queue: 9, arrivals: []), QueueOutlook(queue: 2, arrivals: [])]
    var usual = ComingCycle(problem, outlooks)
    let expected = usual.improve(try greens(of: problem))
    var same = ComingCycle(problem, outlooks)
    same.look(beyond: usual)
    #expect(same.best(from: try greens(of: problem)).greens == expected)
    // One stage for both roads is worth more than one for each, and the cycles after it are what they were.
    var both = problem
    both.stages.removeLast()
    both.demands = problem.demands.map {
      SplitDemand(flow: $0.flow, saturationFlow: $0.saturationFlow, service: [1])
    }
    var other = ComingCycle(both, outlooks)
    other.look(beyond: usual)
    #expect(other.best(from: [.seconds(30)]).cost < usual.cost(of: expected))
  }

  @Test(
    "keeps to all limits and never costs more than the split, by its own account",
    arguments: 0..<60)
  func limits(seed: Int) throws {
    let problem = SplitSample.random(
      seed: seed, stages: 2 + seed % 5, demands: 3 + seed % 9, cycle: 60...140)
    guard let split = solveSplit(problem).split else { return }
    var random = SeededGenerator(seed: UInt64(seed))
    var cycle = ComingCycle(
      problem,
      problem.demands.map { _ in
        QueueOutlook(
          queue: .random(in: 0...20, using: &random),
          arrivals: (0..<40).map { _ in .random(in: 0...0.5, using: &random) })
      })
    let greens = cycle.improve(split.greens)
    for (green, stage) in zip(greens, problem.stages) {
      #expect(green >= stage.shortestGreen && green <= stage.longestGreen)
    }
    #expect(problem.cycle.contains(greens.reduce(problem.lost, +)))
    #expect(cycle.cost(of: greens) <= cycle.cost(of: split.greens))
  }

  @Test("is the best of all of two stages, or costs hardly more", arguments: 0..<6)
  func enumeration(seed: Int) throws {
    let problem = SplitSample.random(seed: seed, stages: 2, demands: 4, cycle: 40...90)
    let split = try #require(solveSplit(problem).split)
    var random = SeededGenerator(seed: UInt64(seed))
    var cycle = ComingCycle(
      problem,
      problem.demands.map { _ in
        QueueOutlook(queue: .random(in: 0...15, using: &random), arrivals: [])
      })
    let found = cycle.cost(of: cycle.improve(split.greens))
    var least = Double.infinity
    let range = { (stage: SplitStage) in
      stride(from: stage.shortestGreen.count, through: stage.longestGreen.count, by: 30)
    }
    for first in range(problem.stages[0]) {
      for second in range(problem.stages[1]) {
        let greens = [Tenths(first), Tenths(second)]
        guard problem.cycle.contains(greens.reduce(problem.lost, +)) else { continue }
        least = min(least, cycle.cost(of: greens))
      }
    }
    #expect(
      found <= least + 0.005 * abs(least), "\(found), and the best of every third is \(least)")
  }

  @Test("of those that chance makes cost less waiting than the split round and round")
  func street() throws {
    let problem = crossing(flow: 520)
    let usual = try greens(of: problem)
    var (split, improved) = (Street(seed: 5), Street(seed: 5))
    for _ in 0..<150 {
      split.run(usual)
      var cycle = ComingCycle(
        problem, improved.queues.map { QueueOutlook(queue: Double($0), arrivals: []) })
      improved.run(cycle.improve(usual))
    }
    #expect(
      improved.meanWait < 0.9 * split.meanWait,
      "\(improved.meanWait) s, and \(split.meanWait) s under the split")
  }

  /// Two lanes, second by second, with vehicles that are each there or not: nothing of it is the chain's.
  private struct Street {
    var random: SeededGenerator
    var queues = [0, 0]
    private var waited = 0
    private var came = 0
    private let perSecond = 520.0 / 3600

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    var meanWait: Double { Double(waited) / Double(max(1, came)) }

    /// A change and a green for each lane.
    mutating func run(_ greens: [Tenths]) {
      for (lane, green) in greens.enumerated() {
        for second in 0..<5 + green.count / 10 {
          // A headway of 2 s, the first 2 s after the green begins.
          if second >= 8, second % 2 == 0, queues[lane] > 0 { queues[lane] -= 1 }
          for other in 0..<2 where Double.random(in: 0..<1, using: &random) < perSecond {
            queues[other] += 1
            came += 1
          }
          waited += queues[0] + queues[1]
        }
      }
    }
  }
}
