import Signals

/// Four lane groups of a cycle, counted by the lane; what is left over has no weight.
struct CycleLanes: Sendable {
  /// Departures in a step above which a lane group is taken for one of several lanes, vehicles: a lane
  /// discharges a quarter faster than usual at most.
  private static let ofOneLane = 1.25

  /// What a vehicle of a lane counts.
  private(set) var weight = Four()
  /// Vehicles a lane that stand when the cycle begins.
  private(set) var queue = Four()
  /// Vehicles a lane that come in each step; behind them `flow`.
  private(set) var arrivals: [Four]
  /// Vehicles a lane that come in a second.
  private(set) var flow = Four()
  /// Vehicles a lane that go in a second, by stage and by the change after it.
  private(set) var rate: [Four]
  private(set) var changeRate: [Four]

  /// The four of `problem` from `first` on.
  init(_ problem: SplitProblem, _ outlooks: [QueueOutlook], at first: Int) {
    let demands = problem.demands[first...].prefix(4)
    rate = problem.stages.map { _ in Four() }
    changeRate = rate
    let known = demands.indices.map { outlooks[$0].arrivals.count }.max() ?? 0
    arrivals = Array(repeating: Four(), count: (known + 1) / 2)
    for (lane, demand) in demands.enumerated() {
      let outlook = outlooks[first + lane]
      let saturation = demand.saturationFlow / 3600
      let lanes = max(1, (saturation * QueueChain.step / Self.ofOneLane).rounded(.up))
      weight[lane] = demand.weight * lanes
      queue[lane] = outlook.queue / lanes
      flow[lane] = demand.flow / 3600 / lanes
      for stage in rate.indices {
        rate[stage][lane] = demand.service[stage] * saturation / lanes
        changeRate[stage][lane] = demand.changeService[stage] * saturation / lanes
      }
      for step in arrivals.indices {
        arrivals[step][lane] = (second(2 * step) + second(2 * step + 1)) / lanes
        func second(_ second: Int) -> Double {
          second < outlook.arrivals.count ? outlook.arrivals[second] : demand.flow / 3600
        }
      }
    }
  }

  /// Vehicles a lane that come in a step of `seconds`.
  func arriving(in step: Int, of seconds: Double) -> Four {
    step < arrivals.count ? arrivals[step] * (seconds / QueueChain.step) : flow * seconds
  }
}

/// How four lane groups are served in each step of a cycle, which begins when the last stage's green ends.
struct CycleService: Sendable {
  /// Vehicles a lane that a queue lets go, by step.
  private(set) var going: [Four]
  /// Length of the last step, s.
  private(set) var last = 0.0
  /// Length of the cycle, s.
  private(set) var length = 0.0

  /// Room for a cycle of `seconds`.
  init(upTo seconds: Double) {
    going = []
    going.reserveCapacity(Int(seconds / QueueChain.step) + 1)
  }

  /// Length of a step, s.
  func seconds(of step: Int) -> Double { step + 1 < going.count ? QueueChain.step : last }

  /// Reads a cycle with `greens`.
  mutating func take(
    _ greens: [Tenths], _ lanes: borrowing CycleLanes, _ problem: borrowing SplitProblem
  ) {
    going.removeAll(keepingCapacity: true)
    last = QueueChain.step
    length = 0
    for stage in greens.indices {
      let before = stage > 0 ? stage - 1 : greens.count - 1
      let kept = lanes.changeRate[before]
      // Who is green on both sides of a change drives on; the others use the first of the yellow, and
      // need a moment to start.
      let change = problem.stages[before].change.seconds
      let gain = min(problem.endGain, change)
      add(gain, lanes.rate[before].replacing(with: kept, where: kept .> 0))
      add(change - gain, kept)
      let green = greens[stage].seconds
      let loss = min(problem.startLoss, green)
      add(loss, lanes.rate[stage].replacing(with: 0, where: kept .<= 0))
      add(green - loss, lanes.rate[stage])
    }
  }

  /// Goes on for `seconds` in which `rate` go in each.
  private mutating func add(_ seconds: Double, _ rate: Four) {
    length += seconds
    var left = seconds
    while left > 1e-9 {
      if last >= QueueChain.step {
        going.append(Four())
        last = 0
      }
      let part = min(left, QueueChain.step - last)
      going[going.count - 1] += rate * part
      left -= part
      last += part
    }
  }
}
