import Signals
import Simulation
import Support
import Testing

@Suite("What a run keeps of its course")
struct CourseTests {
  /// A run of one junction whose step is not the second.
  private func run(
    _ contender: Contender, flow: Double = 500, step: Tenths = Tenths(5)
  ) throws -> RunResult {
    let scenario = Scenario(
      name: "course", begin: 25_200, length: 900, warmUp: 300, step: step,
      network: try RoadNetwork([Sample.fourArm()]),
      demand: TrafficDemand(
        vehicles: (0..<8).map {
          VehicleDemand(
            junction: 0, laneGroup: $0, profile: FlowProfile(constant: $0 % 2 == 0 ? flow : 100))
        }))
    return try #require(scenario.run(contender))
  }

  @Test(
    "Every minute and every ten seconds has its figure, whatever the step", arguments: [1, 5, 10])
  func lengths(step: Int) throws {
    let course = try #require(try run(.fixedPlan, step: Tenths(step)).courses?.first)
    #expect(course.laneGroups.count == 8)
    for group in course.laneGroups {
      #expect(group.delay.count == 15 && group.queue.count == 15 && group.departures.count == 15)
      #expect(group.arrivals.count == 90)
    }
  }

  @Test("Nobody gets lost: who has arrived has left, or stands there at the end")
  func conservation() throws {
    let run = try run(.fixedPlan)
    let course = try #require(run.courses?.first)
    for group in course.laneGroups {
      let left = group.arrivals.reduce(0, +) - group.departures.reduce(0, +)
      #expect(left >= 0)
      // Those who are left stand there in the last minute; its mean is not its end.
      #expect(Double(left) <= 2 * (group.queue.last ?? 0) + 10)
    }
  }

  @Test("The delay of those who crossed is that of the score, over the same time")
  func delay() throws {
    let run = try run(.fixedPlan)
    let course = try #require(run.courses?.first)
    for (group, score) in zip(course.laneGroups, run.score.junctions[0].laneGroups) {
      let scored = 5..<15
      let lost = group.delay[scored].reduce(0, +)
      let number = group.departures[scored].reduce(0, +)
      // Who is due shortly before the warm-up's end, or still on the way at the end, is in one alone.
      #expect(abs(lost / Double(number) - score.performance.delay) < 8)
    }
  }

  @Test("Stages are taken down as the fixed plan has them, with the changes between them")
  func stages() throws {
    let stages = try #require(try run(.fixedPlan).courses?.first).stages
    let plan = Sample.fourArm().plans[0].plan
    #expect(stages.stage.count > 30)
    // In the first rounds the cabinet comes into step with the clock.
    for position in stages.stage.indices.dropFirst(16).dropLast() {
      let entry = try #require(plan.entries.first { $0.stage == stages.stage[position] })
      #expect(abs(stages.green[position] - entry.green.seconds) < 1)
      #expect(stages.stage[position] == (stages.stage[position - 1] + 1) % 4)
      let gap = stages.start[position] - stages.start[position - 1] - stages.green[position - 1]
      #expect(gap > 2 && gap < 10)
    }
  }

  @Test("A lane group that is never empty discharges its capacity")
  func capacity() throws {
    let run = try run(.fixedPlan, flow: 1600)
    let course = try #require(run.courses?.first)
    for group in [0, 2, 4, 6] {
      let capacity = try #require(course.laneGroups[group].capacity)
      let crossed = Double(course.laneGroups[group].departures[5..<15].reduce(0, +))
      #expect(abs(crossed / capacity - 1) < 0.05, "\(crossed) of \(capacity)")
    }
  }

  @Test("A distribution holds all who are scored, and its percentiles are theirs")
  func distribution() throws {
    let score = try run(.fixedPlan).score
    #expect(score.delays.counts.reduce(0, +) == score.performance.due)
    #expect(score.delays.p95 == score.performance.delay95)
    #expect(score.delays.p50 <= score.delays.p85 && score.delays.p85 <= score.delays.p95)
    let few = Distribution(of: [0, 4.9, 5, 12, 1e9])
    #expect(few.counts.count == Distribution.classLimit)
    #expect(few.counts[..<3] == [2, 1, 1] && few.counts.last == 1)
    #expect(Distribution(of: []).counts.isEmpty)
  }

  @Test("The same run is taken down the same way twice")
  func deterministic() throws {
    #expect(try run(.paced(.cycle)) == run(.paced(.cycle)))
  }
}
