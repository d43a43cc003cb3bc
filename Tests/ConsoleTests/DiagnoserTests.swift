import Signals
import Support
import Testing

@testable import Console

@Suite("What is found wrong with the traffic at a junction")
struct DiagnoserTests {
  @Test("Ordinary traffic is no trouble")
  func ordinary() {
    var scene = Scene()
    scene.rounds(6, greens: [30, 15, 30, 15])
    #expect(scene.kinds == [])
  }

  @Test("The degree of saturation is flow times cycle over saturation flow times green")
  func saturation() throws {
    var scene = Scene()
    scene.flows[0] = 825
    scene.rounds(5, greens: [30, 15, 30, 15])
    // 825 pcu/h over 110 s, 3300 pcu/h over 30 s of green.
    let found = try #require(scene.watch.picture?.saturations[0])
    #expect(abs(found - 825.0 * 110 / (3300 * 30)) < 0.03)
  }

  @Test("More arrivals than can leave in three rounds are oversaturation; in one they are not")
  func oversaturation() throws {
    var scene = Scene()
    scene.rounds(3, greens: [30, 15, 30, 15])
    scene.flows[0] = 1500
    scene.rounds(1, greens: [30, 15, 30, 15])
    #expect(!scene.kinds.contains(.oversaturation))
    scene.rounds(3, greens: [30, 15, 30, 15])
    scene.rounds(1, greens: [30, 15, 30, 15])
    let trouble = try #require(
      scene.watch.picture?.troubles.first { $0.kind == .oversaturation })
    #expect(trouble.place == "N.T")
    #expect(trouble.value > 1.5)
    scene.flows[0] = 300
    scene.rounds(5, greens: [30, 15, 30, 15])
    #expect(!scene.kinds.contains(.oversaturation))
  }

  @Test("Green in the wrong place is imbalance; where the rest is at its minimum, it is none")
  func imbalance() throws {
    var scene = Scene()
    // East-west through is full, north-south through has twice the green that it needs.
    scene.flows = [300, 60, 850, 60, 300, 60, 850, 60]
    scene.rounds(5, greens: [45, 7, 28, 7])
    let trouble = try #require(scene.watch.picture?.troubles.first { $0.kind == .imbalance })
    #expect(["E.T", "W.T"].contains(trouble.place))
    #expect(trouble.value > 0.5)
    var least = Scene()
    least.flows = [300, 60, 850, 60, 300, 60, 850, 60]
    least.rounds(5, greens: [20, 6, 28, 6])
    #expect(!least.kinds.contains(.imbalance))
  }

  @Test(
    "A queue near the end of its storage for ten seconds is spillback, until it is well shorter")
  func spillback() throws {
    var scene = Scene()
    let storage = scene.site.laneGroups[1].storage
    scene.play(stage: 0, for: 1)
    scene.queues[1] = storage * 0.95
    for second in 0..<10 {
      scene.play(stage: 0, for: Double(second))
      #expect(!scene.kinds.contains(.spillback))
    }
    scene.play(stage: 0, for: 12)
    let trouble = try #require(scene.watch.picture?.troubles.first)
    #expect(trouble.kind == .spillback && trouble.place == "N.L")
    #expect(abs(trouble.value - 0.95) < 1e-9)
    scene.queues[1] = storage * 0.8
    scene.play(stage: 0, for: 13)
    #expect(scene.kinds == [.spillback])
    scene.queues[1] = storage * 0.7
    scene.play(stage: 0, for: 14)
    #expect(scene.kinds == [])
  }

  @Test(
    "Green that nobody uses while others wait is told, with the stage; the minimum is not counted")
  func wasted() throws {
    var scene = Scene()
    scene.queues = [0, 5, 5, 5, 0, 5, 5, 5]
    scene.rounds(5, greens: [45, 15, 30, 15])
    let trouble = try #require(scene.watch.picture?.troubles.first { $0.kind == .wastedGreen })
    #expect(trouble.place == "A")
    // Of 125 s, 45 are green for nobody, 20 of which pedestrians need.
    #expect(abs(trouble.value - 24.0 / 125) < 0.02)
    var least = Scene()
    least.queues = scene.queues
    least.rounds(5, greens: [20, 15, 30, 15])
    #expect(!least.kinds.contains(.wastedGreen))
    var alone = Scene()
    alone.queues = alone.queues.map { _ in 0 }
    alone.rounds(5, greens: [45, 15, 30, 15])
    #expect(!alone.kinds.contains(.wastedGreen), "nobody waits")
    var dark = Scene()
    dark.queues = scene.queues
    dark.blind = [0]
    dark.rounds(5, greens: [45, 15, 30, 15])
    #expect(!dark.kinds.contains(.wastedGreen), "what is not seen may be there")
  }

  @Test("Three rounds out of step are lost coordination; a plan without a cycle keeps no step")
  func coordination() throws {
    func troubles(late: Double, cycle: Tenths?) -> [Trouble] {
      var scene = Scene()
      scene.plan = TimingPlan(
        entries: [PlanEntry(stage: 0, green: .seconds(30))], cycle: cycle,
        offset: Tenths(seconds: (1_795_478_400 - late).truncatingRemainder(dividingBy: 110)))
      scene.rounds(5, greens: [30, 15, 30, 15])
      return scene.watch.picture?.troubles.filter { $0.kind == .lostCoordination } ?? []
    }
    #expect(troubles(late: 0, cycle: .seconds(110)) == [])
    #expect(troubles(late: 4, cycle: .seconds(110)) == [])
    #expect(troubles(late: 12, cycle: .seconds(110)).map(\.value) == [12])
    #expect(troubles(late: -12, cycle: .seconds(110)).map(\.value) == [12])
    #expect(troubles(late: 12, cycle: nil) == [])
  }

  @Test("A hole in what is seen, or a hand at the cabinet, ends what was found")
  func holes() {
    var scene = Scene()
    scene.flows[0] = 1500
    scene.rounds(5, greens: [30, 15, 30, 15])
    #expect(scene.kinds.contains(.oversaturation))
    var gap = scene
    gap.now = gap.now.advanced(bySeconds: 60)
    gap.play(stage: 0, for: 3)
    #expect(gap.kinds == [])
    scene.source = .manual
    scene.play(stage: 0, for: 3)
    #expect(scene.kinds == [])
  }

  @Test("Blind lane groups and faults of the cabinet are told, each with its beginning")
  func others() throws {
    var scene = Scene()
    scene.blind = [2, 3]
    scene.faults = 4
    scene.play(stage: 0, for: 1)
    let begin = scene.now
    scene.play(stage: 0, for: 2)
    let troubles = try #require(scene.watch.picture?.troubles)
    #expect(troubles.map(\.kind) == [.noCounts, .fault])
    #expect(troubles[0].place == "E.T" && troubles[0].value == 2)
    #expect(troubles.allSatisfy { $0.since == begin.advanced(bySeconds: -1).utc })
  }

  @Test(
    "Whatever is seen, it is looked at without end: random stages, gaps and numbers",
    arguments: 1...5 as ClosedRange<UInt64>)
  func random(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var scene = Scene()
    for _ in 0..<3000 {
      scene.queues = scene.queues.map { _ in Double.random(in: 0...80, using: &generator) }
      scene.flows = scene.flows.map { _ in Double.random(in: 0...4000, using: &generator) }
      scene.source = Bool.random(using: &generator) ? .central : .timeOfDay
      scene.play(
        stage: Int.random(in: 0..<4, using: &generator),
        Bool.random(using: &generator) ? .green : .yellow,
        for: Double.random(in: 0...70, using: &generator))
      if Int.random(in: 0..<50, using: &generator) == 0 {
        scene.now = scene.now.advanced(bySeconds: Double.random(in: -100...100, using: &generator))
      }
      for trouble in scene.watch.picture?.troubles ?? [] {
        #expect(trouble.value.isFinite && trouble.value >= 0)
      }
    }
  }
}
