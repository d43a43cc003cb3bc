import Dispatch
import Glibc
import Locking
import Optimisation
import Signals

/// A city of junctions of mixed shape, each solved once a second on two queues.
package struct CityBench: Sendable {
  /// What came of it.
  package struct Outcome: Sendable {
    /// Seconds in which not every junction was done before the next began.
    package let lateSeconds: Int
    /// The longest that one second's junctions took, s.
    package let longest: Double
    /// Share of two cores that was used.
    package let share: Double
  }

  /// Lane groups and stages of the shapes, as often as they occur among ten junctions.
  private static let shapes = [
    (4, 2), (6, 3), (6, 3), (8, 3), (8, 4), (8, 4), (12, 4), (12, 4), (12, 4), (16, 6),
  ]
  private static let queues = 2

  private let junctions: Int
  private let seconds: Int

  /// A city to be run for as many seconds of real time.
  package init(junctions: Int, seconds: Int) {
    self.junctions = junctions
    self.seconds = seconds
  }

  /// Runs it; `progress` is told of each second that has passed.
  package func run(progress: @escaping @Sendable (Int) -> Void) -> Outcome {
    let group = DispatchGroup()
    let seen = (0..<Self.queues).map { _ in Guarded(Seen()) }
    let half = (0..<Self.queues).map { part in
      (0..<junctions).filter { $0 % Self.queues == part }.map(Self.problem)
    }
    let before = processorSeconds()
    let begin = now()
    for part in 0..<Self.queues {
      let problems = half[part]
      let seen = seen[part]
      let isFirst = part == 0
      DispatchQueue(label: "city.\(part)").async(group: group) { [seconds] in
        var solvers = Solvers()
        for second in 0..<seconds {
          let due = begin + Double(second)
          sleep(until: due)
          for problem in problems { solvers.solve(problem) }
          let spent = now() - due
          seen.withLock { $0.note(spent) }
          if isFirst { progress(second + 1) }
        }
      }
    }
    group.wait()
    sleep(until: begin + Double(seconds))
    let spent = processorSeconds() - before
    let all = seen.map { $0.withLock { $0 } }
    return Outcome(
      lateSeconds: all.map(\.late).reduce(0, max), longest: all.map(\.longest).reduce(0, max),
      share: spent / (now() - begin) / Double(Self.queues))
  }

  private static func problem(_ junction: Int) -> HorizonProblem {
    let shape = shapes[junction % shapes.count]
    return HorizonInstance.random(
      seed: junction, laneGroups: shape.0, stages: shape.1, steps: 90,
      sequence: Signals.Sequence.allCases[junction / shapes.count % 3])
  }

  /// What the queues saw so far.
  private struct Seen: Sendable {
    var longest = 0.0
    var late = 0

    mutating func note(_ spent: Double) {
      longest = max(longest, spent)
      if spent > 1 { late += 1 }
    }
  }

  /// A solver for each shape; junctions of one shape share it.
  private struct Solvers {
    private var solvers: [HorizonSolver] = []

    mutating func solve(_ problem: HorizonProblem) {
      let found = solvers.firstIndex {
        $0.laneGroups == problem.laneGroups && $0.stages == problem.stages
      }
      let position = found ?? solvers.count
      if found == nil {
        solvers.append(
          HorizonSolver(
            laneGroups: problem.laneGroups, stages: problem.stages, steps: problem.steps))
      }
      _ = solvers[position].solve(problem)
    }
  }
}

/// Monotonic time, s.
private func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Waits until the monotonic clock shows `moment`.
private func sleep(until moment: Double) {
  while true {
    let left = moment - now()
    guard left > 0 else { return }
    usleep(useconds_t(min(left, 0.5) * 1e6) + 1)
  }
}

/// Processor time of this process so far, all threads, s.
private func processorSeconds() -> Double {
  var usage = rusage()
  getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
  func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
  return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}
