import Safety
import Signals
import Support
import Testing

@testable import Sites

@Suite("What is read is what was written")
struct AgreementTests {
  private func read(_ junction: Intersection) throws -> Intersection {
    try readSite(Array(SiteWriter(junction: junction).text.utf8), named: "written.yaml").get()
  }

  @Test("A junction that was made in code comes back from a file the same, whatever its settings")
  func sample() throws {
    for pace in Pace.allCases {
      for sequence in Sequence.allCases {
        let junction = Sample.fourArm(pace: pace, sequence: sequence)
        // The sample leaves shortest greens below its crossings' times, which a file may not.
        let stages = junction.stages.map { stage in
          Stage(
            name: stage.name, green: stage.green, minimumGreen: stage.shortestGreen,
            maximumGreen: stage.maximumGreen, pedestrian: stage.pedestrian, yellow: stage.yellow,
            allRed: stage.allRed)
        }
        let expected = junction.with(stages: stages).controlled(
          by: ControlSettings(
            pace: pace, sequence: sequence, lease: junction.control.lease,
            longestWait: .seconds(120)))
        expectSame(try read(expected), expected)
      }
    }
  }

  @Test("Every shipped junction is the same after it is written and read again")
  func shipped() throws {
    for junction in try readSites([shippedDirectory]).get() {
      expectSame(try read(junction), junction)
    }
  }

  /// All is the same; speeds to the last bits, as they change their unit twice.
  private func expectSame(_ read: Intersection, _ expected: Intersection) {
    for (a, b) in zip(read.approaches, expected.approaches) {
      #expect(a.name == b.name && a.heading == b.heading && abs(a.speed - b.speed) < 1e-9)
    }
    #expect(read.approaches.count == expected.approaches.count)
    #expect(read.with(approaches: expected.approaches) == expected)
  }

  @Test(
    "A plan passes here exactly if the independent check lets it pass", arguments: 0..<6)
  func plans(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    var passed = 0
    let junctions = try readSites([shippedDirectory]).get()
    for junction in junctions {
      for _ in 0..<15 {
        let plan = randomPlan(for: junction, &random)
        let named = [NamedPlan(name: "p", plan: plan)]
        let schedule = [ScheduleEntry(fromMinute: 0, plan: 0)]
        let text = SiteWriter(junction: junction.with(plans: named, schedule: schedule)).text
        let said = readSite(Array(text.utf8), named: "m.yaml")
        let isSafe =
          (try? check(plan, at: junction, under: .start(of: plan, at: junction))) != nil
        passed += isSafe ? 1 : 0
        let isRead = (try? said.get()) != nil
        #expect(isRead == isSafe, "\(junction.id) \(plan) \(said)")
      }
    }
    // A test of plans that all fail would say little.
    #expect(passed > 3)
  }

  /// A plan near the junction's own, with its cycle right more often than not.
  private func randomPlan(
    for junction: Intersection, _ random: inout SeededGenerator
  ) -> TimingPlan {
    var entries = junction.plans[0].plan.entries.map { entry in
      let change = Int.random(in: 0..<4, using: &random) == 0 ? 150 : 40
      let green = entry.green.count + Int.random(in: -change...change, using: &random)
      return PlanEntry(stage: entry.stage, green: Tenths(max(1, green)))
    }
    switch Int.random(in: 0..<6, using: &random) {
    case 0: entries.swapAt(0, Int.random(in: 0..<entries.count, using: &random))
    case 1: entries.remove(at: Int.random(in: 0..<entries.count, using: &random))
    case 2: entries.append(entries[Int.random(in: 0..<entries.count, using: &random)])
    default: break
    }
    let sum = junction.length(of: entries) ?? .seconds(100)
    let slip = Int.random(in: 0..<5, using: &random) == 0 ? Tenths(1) : .zero
    return TimingPlan(entries: entries, cycle: max(.seconds(1), sum + slip))
  }
}

extension Intersection {
  /// The same junction with parts replaced.
  func with(
    approaches: [Approach]? = nil, stages: [Stage]? = nil, plans: [NamedPlan]? = nil,
    schedule: [ScheduleEntry]? = nil
  ) -> Intersection {
    Intersection(
      id: id, name: name, timeZoneMinutes: timeZoneMinutes,
      approaches: approaches ?? self.approaches, signalGroups: signalGroups,
      laneGroups: laneGroups, crossings: crossings, stages: stages ?? self.stages,
      changes: changes, detectors: detectors, limits: limits, plans: plans ?? self.plans,
      schedule: schedule ?? self.schedule, control: control, cabinet: cabinet)
  }
}
