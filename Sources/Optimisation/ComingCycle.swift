public import Signals

/// What one lane group brings into the coming cycle.
public struct QueueOutlook: Sendable, Hashable {
  /// Standing when the last green of the cycle before ends, vehicles.
  public let queue: Double

  /// Arrivals at the stop line in each second from then on, vehicles; later ones come at the demand's flow.
  public let arrivals: [Double]

  /// An outlook; units as the properties say.
  public init(queue: Double, arrivals: [Double]) {
    precondition(queue >= 0 && queue.isFinite, "a queue")
    precondition(arrivals.allSatisfy { $0 >= 0 && $0.isFinite }, "arrivals")
    self.queue = queue
    self.arrivals = arrivals
  }
}

/// The one cycle that comes, for the queues that it meets.
///
/// A split is best if it runs round and round. Of the cycle that comes more is known: who waits, and who is
/// about to arrive. Its greens are those of least expected waiting if the split follows it for ever: policy
/// improvement on the split (Howard, Dynamic Programming and Markov Processes, 1960, ch. 7, for periods of
/// different length). docs/optimisation.md derives it.
public struct ComingCycle: Sendable {
  /// Cycles of the split after which it no longer matters how long a queue was.
  private static let memory = 5

  /// Of those who come as many are taken to come in these cycles that a lane group is loaded to this share
  /// of its capacity at most: at full load a queue would never go.
  private static let load = 0.95

  /// Greens are tried so much longer and shorter, the most first.
  private static let strides = [8, 4, 2, 1].map(Tenths.seconds)

  /// One green longer, another shorter, or one of both.
  private struct Move {
    var longer: Int?
    var shorter: Int?
  }

  private let problem: SplitProblem
  private let reds: [RedLimit]
  private let moves: [Move]
  private let registers: [CycleLanes]
  private var chain = QueueChain()
  private var service: CycleService
  /// What a queue at the end of the coming cycle costs by its length, for each register.
  private var worth: [[Four]]
  /// Vehicles that wait on average under the split: what a second is worth.
  private var mean = 0.0

  /// - Parameters:
  ///   - problem: Stages, demands and the range of cycles.
  ///   - outlooks: One for each demand.
  ///   - reds: What no red is to be longer than.
  public init(_ problem: SplitProblem, _ outlooks: [QueueOutlook], keeping reds: [RedLimit] = []) {
    precondition(outlooks.count == problem.demands.count, "an outlook for each demand")
    self.problem = problem
    self.reds = reds
    moves = problem.stages.indices.flatMap { stage in
      // With the neighbour alone: what moves a boundary between two greens, and nobody else's.
      let next = (stage + 1) % problem.stages.count
      return [
        Move(longer: stage), Move(shorter: stage), Move(longer: stage, shorter: next),
        Move(longer: next, shorter: stage),
      ]
    }
    registers = stride(from: 0, to: outlooks.count, by: 4).map {
      CycleLanes(problem, outlooks, at: $0)
    }
    service = CycleService(upTo: problem.cycle.upperBound.seconds)
    worth = registers.map { _ in Array(repeating: Four(), count: QueueChain.longest + 1) }
  }

  /// The best greens found from `greens` on, which keep to all limits and are those of the cycles that follow.
  public mutating func improve(_ greens: [Tenths]) -> [Tenths] {
    look(beyond: greens)
    return best(from: greens).greens
  }

  /// The best greens found from `greens` on, which keep to all limits, and their cost.
  public mutating func best(from greens: [Tenths]) -> (greens: [Tenths], cost: Double) {
    var best = greens
    var least = cost(of: greens)
    for stride in Self.strides {
      var goesOn = true
      while goesOn {
        goesOn = false
        for move in moves {
          guard let tried = apply(move, by: stride, to: best) else { continue }
          let cost = cost(of: tried)
          guard cost < least else { continue }
          (best, least, goesOn) = (tried, cost, true)
        }
      }
    }
    return (best, least)
  }

  /// Greens after a move; `nil` where a limit is in the way.
  private func apply(_ move: Move, by stride: Tenths, to greens: [Tenths]) -> [Tenths]? {
    var greens = greens
    if let stage = move.longer { greens[stage] += stride }
    if let stage = move.shorter { greens[stage] -= stride }
    let keep =
      greens.indices.allSatisfy {
        greens[$0] >= problem.stages[$0].shortestGreen
          && greens[$0] <= problem.stages[$0].longestGreen
      } && reds.allSatisfy { $0.excess(of: greens) == .zero }
    return keep && problem.cycle.contains(greens.reduce(problem.lost, +)) ? greens : nil
  }

  /// Takes the cycles after the coming one for those after `other`, a coming cycle of the same demands.
  public mutating func look(beyond other: ComingCycle) {
    precondition(registers.count == other.registers.count, "the same demands")
    worth = other.worth
    mean = other.mean
  }

  /// Takes `greens` for those of all cycles after the coming one.
  public mutating func look(beyond greens: [Tenths]) {
    precondition(greens.count == problem.stages.count, "a green for each stage")
    mean = 0
    for register in registers.indices {
      let lanes = registers[register]
      service.take(greens, lanes, problem)
      let capacity = service.going.reduce(Four(), +) / service.length
      let most = Self.load * capacity
      let flow = lanes.flow.replacing(with: most, where: lanes.flow .> most)
      worth[register] = Array(repeating: Four(), count: QueueChain.longest + 1)
      var ofLast = Four()
      for _ in 0..<Self.memory {
        ofLast = worth[register][0]
        for step in service.going.indices.reversed() {
          let seconds = service.seconds(of: step)
          let chances = QueueChain.Chances(arriving: flow * seconds, going: service.going[step])
          QueueChain.before(chances, wait: seconds, &worth[register])
        }
      }
      let wait = lanes.weight * (worth[register][0] - ofLast)
      mean += wait.sum() / service.length
    }
  }

  /// Expected waiting in a coming cycle with `greens` and after it, beyond what the split would cost in that
  /// time on average, weighted vehicle seconds.
  public mutating func cost(of greens: [Tenths]) -> Double {
    var cost = 0.0
    for register in registers.indices {
      let lanes = registers[register]
      service.take(greens, lanes, problem)
      chain.start(at: lanes.queue)
      var queue = lanes.queue
      var waiting = Four()
      for step in service.going.indices {
        let seconds = service.seconds(of: step)
        let chances = QueueChain.Chances(
          arriving: lanes.arriving(in: step, of: seconds), going: service.going[step])
        queue += chances.arriving - chain.advance(chances)
        waiting += queue * seconds
      }
      cost += (lanes.weight * (waiting + chain.mean(of: worth[register]))).sum()
    }
    return cost - mean * service.length
  }
}
