#if !DEBUG
  import Signals
  import Testing

  @testable import Optimisation

  /// Only in release builds, where the figures printed mean something and exhaustive search is
  /// quick: `swift test -c release -Xswiftc -enable-testing --no-parallel --filter HorizonTiming`.
  @Suite("A rolling horizon is quick, and close to exhaustive search on many junctions")
  struct HorizonTiming {
    @Test(
      "A junction is solved many times over within its second", arguments: [(12, 4), (24, 8)],
      Signals.Sequence.allCases)
    func time(shape: (laneGroups: Int, stages: Int), sequence: Signals.Sequence) {
      let problems = (0..<100).map {
        HorizonSample.random(
          seed: $0, laneGroups: shape.laneGroups, stages: shape.stages, steps: 90,
          sequence: sequence)
      }
      var solver = HorizonSolver(problems[0])
      let clock = ContinuousClock()
      var times: [Duration] = []
      var work = 0
      for problem in problems + problems + problems {
        times.append(clock.measure { work += solver.solve(problem).work })
      }
      times.sort()
      print(
        "horizon \(shape) \(sequence): median \(times[150]), p99 \(times[297]), work \(work / 300)")
      // Ten times what it takes on a quiet machine: a bound for accidents, not for tuning.
      #expect(times[150] < .milliseconds(10))
    }

    @Test(
      "Within 1 % of the least cost on average, 10 % at worst",
      arguments: [(6, 3, 50), (8, 3, 60)],
      Signals.Sequence.allCases)
    func gap(shape: (Int, Int, Int), sequence: Signals.Sequence) {
      var gaps: [Double] = []
      for seed in 0..<100 {
        let problem = HorizonSample.random(
          seed: seed, laneGroups: shape.0, stages: shape.1, steps: shape.2, sequence: sequence)
        var solver = HorizonSolver(problem)
        let found = solver.solve(problem).cost.total
        let best = ExhaustiveSearch.leastCost(problem, bound: found * (1 + 1e-9))
        gaps.append(found / max(best, 1e-9) - 1)
      }
      let mean = gaps.reduce(0, +) / Double(gaps.count)
      let worst = gaps.reduce(0, max)
      print("gap \(shape) \(sequence): mean \(100 * mean) %, worst \(100 * worst) %")
      #expect(mean < 0.01)
      #expect(worst < 0.1)
    }

    @Test("A split is solved within a fraction of a millisecond")
    func splits() {
      let clock = ContinuousClock()
      for cycle in [90...90, 40...180] {
        var times: [Duration] = []
        var steps = 0
        for seed in 0..<200 {
          let problem = SplitSample.random(seed: seed, stages: 4, demands: 12, cycle: cycle)
          times.append(clock.measure { steps += solveSplit(problem).split?.iterations ?? 0 })
        }
        times.sort()
        print(
          "split \(cycle): median \(times[100]), p99 \(times[198]), Newton steps \(steps / 200)")
        #expect(times[100] < .milliseconds(10))
      }
    }
  }
#endif
