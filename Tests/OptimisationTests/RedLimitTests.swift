import Signals
import Testing

@testable import Optimisation

@Suite("A cycle that keeps reds within their limit")
struct RedLimitTests {
  /// Reds of all but one stage each, of at most `longest` s of green.
  private func reds(_ problem: SplitProblem, _ longest: Int) -> [RedLimit] {
    problem.stages.indices.map { served in
      RedLimit(stages: problem.stages.indices.filter { $0 != served }, longest: .seconds(longest))
    }
  }

  private func excess(_ reds: [RedLimit], of split: Split) -> Tenths {
    reds.map { $0.excess(of: split.greens) }.max() ?? .zero
  }

  @Test("is within it, and divided as one of its length without limit is", arguments: 0..<40)
  func kept(seed: Int) throws {
    var problem = SplitSample.random(
      seed: 3000 + seed, stages: 2 + seed % 4, demands: 4 + seed % 6, cycle: 40...180)
    let range = problem.cycle
    func divided(_ cycle: ClosedRange<Tenths>) throws -> Split {
      problem.cycle = cycle
      return try #require(solveSplit(problem).split)
    }
    let free = try divided(range)
    let least = max(
      range.lowerBound, problem.stages.reduce(problem.lost) { $0 + $1.shortestGreen })
    let shortest = try divided(least...least)
    for longest in [20, 50, 90, 140] {
      let reds = reds(problem, longest)
      problem.cycle = range
      let split = try #require(solveSplit(problem, keeping: reds).split)
      if excess(reds, of: free) == .zero { #expect(split == free) }
      if excess(reds, of: shortest) == .zero {
        #expect(excess(reds, of: split) == .zero, "\(split.greens)")
      }
      #expect(try divided(split.cycle...split.cycle).greens == split.greens)
    }
  }

  @Test("is the shortest where none is, and solved as without where that clashes")
  func overdue() throws {
    var problem = SplitSample.twoStage()
    problem.cycle = .seconds(40) ... .seconds(120)
    let overdue = [RedLimit(stages: [0], longest: .seconds(-10))]
    #expect(solveSplit(problem, keeping: overdue).split?.cycle == .seconds(40))
    problem.stages[0] = SplitSample.stage(90, 20, change: 5)
    guard case .infeasible = solveSplit(problem, keeping: overdue) else {
      Issue.record("limits that clash")
      return
    }
  }

  @Test("is not left by the cycle that comes, whatever queue asks for it")
  func coming() throws {
    var problem = SplitSample.twoStage()
    problem.cycle = .seconds(40) ... .seconds(120)
    let outlooks = [QueueOutlook(queue: 40, arrivals: []), QueueOutlook(queue: 0, arrivals: [])]
    let greens: [Tenths] = [.seconds(20), .seconds(20)]
    var free = ComingCycle(problem, outlooks)
    #expect(free.improve(greens)[0] > .seconds(33))
    var limited = ComingCycle(
      problem, outlooks, keeping: [RedLimit(stages: [0], longest: .seconds(33))])
    #expect(limited.improve(greens)[0] == .seconds(33))
  }
}
