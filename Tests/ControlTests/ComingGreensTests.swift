import Demand
import Safety
import Signals
import Support
import Testing

@testable import Control

@Suite("What is green in the seconds to come")
struct ComingGreensTests {
  private let site = Sample.fourArm(pace: .stage, sequence: .free)

  /// Each stage and how many seconds of it follow, `-` for a change, under a plan of these stages and seconds.
  private func greens(_ entries: [(stage: Int, green: Int)], _ takeover: Takeover) throws -> String
  {
    let meeting = try #require(Meeting.sample(at: site, green: 26))
    let plan = TimingPlan(
      entries: entries.map { PlanEntry(stage: $0.stage, green: .seconds($0.green)) },
      takeover: takeover)
    var runs: [(name: String, seconds: Int)] = []
    for stage in meeting.greens(under: plan) {
      let name = stage.map { site.stages[$0].name } ?? "-"
      if runs.last?.name == name {
        runs[runs.count - 1].seconds += 1
      } else {
        runs.append((name, 1))
      }
    }
    return runs.map { "\($0.name)\($0.seconds)" }.joined(separator: " ")
  }

  @Test("What is left of the running green, then the next two stages with the changes between them")
  func stages() throws {
    #expect(try greens([(2, 20), (1, 7), (3, 9)], .stageBoundary) == "A4 -5 C20 -5 B7")
    #expect(try greens([(2, 20)], .stageBoundary) == "A4 -5 C20")
  }

  @Test("A stage that follows itself goes on without a change")
  func goesOn() throws {
    #expect(try greens([(0, 20), (1, 7)], .stageBoundary) == "A24 -5 B7")
  }

  @Test(
    "A plan that leaves the running green open fixes nothing",
    arguments: [
      Takeover.now, .cycleStart,
    ])
  func open(takeover: Takeover) throws {
    #expect(try greens([(0, 30), (2, 20)], takeover) == "")
  }
}
