import SplitInstances
import Support
import Testing

@testable import Optimisation

@Suite("Solvers that share no code with ours find the same least delay")
struct SplitOracleTests {
  @Test("SciPy's and Clarabel's objectives, to a millionth, on two to six stages")
  func objectives() throws {
    let instances = try SplitInstance.read("\(Peers.root)/Tests/oracle/split-instances.jsonl")
    #expect(instances.count >= 200)
    #expect(Set(instances.map(\.problem.stages.count)) == [2, 3, 4, 5, 6])
    var solver = SplitSolver()
    for (line, instance) in instances.enumerated() {
      let split = try #require(solver.solve(instance.problem).split)
      #expect(split.relativeGap <= 1e-6)
      #expect(instance.answers.count == 2)
      for answer in instance.answers {
        #expect(abs(answer - split.objective) <= 1e-6 * split.objective, "line \(line + 1)")
      }
    }
  }
}
