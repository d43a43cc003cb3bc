import Optimisation
import SplitInstances

// Solves every instance of the file that is named; a line for each: objective, duality gap, Newton
// steps, and microseconds of a whole solution (greens, certificate, rounding, performance), the
// median of many. Tests/oracle/bench.py reads it.
let instances = try SplitInstance.read(CommandLine.arguments[1])
let clock = ContinuousClock()
var solver = SplitSolver()
for instance in instances {
  guard case .solved(let split) = solver.solve(instance.problem) else {
    fatalError("an instance without a solution")
  }
  var times: [Duration] = []
  for _ in 0..<200 {
    times.append(clock.measure { _ = solver.solve(instance.problem) })
  }
  times.sort()
  let median = Double(times[100].components.attoseconds) / 1e12
  print(split.objective, split.dualityGap, split.iterations, median)
}
