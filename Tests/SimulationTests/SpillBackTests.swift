import Signals
import Simulation
import Testing

@Suite("A full road lets nobody in")
struct SpillBackTests {
  private let open: [Lamp] = [.green, .red]
  private let closed: [Lamp] = [.red, .green]

  @Test("A full lane group holds up the junction upstream, and lets go again when it drains")
  func release() throws {
    var model = try TrafficModel(Street.pair(), [.constant(900)])
    model.run(until: 600, under: [open, closed])
    // 70 m of one lane: 10 vehicles, and as many have passed the junction upstream.
    #expect(model.vehicles(in: 0, of: 1) == 10)
    #expect(model.crossed(in: 0, of: 0) == 10)
    #expect(model.queue(in: 0, of: 0) > 50)
    model.run(until: 1800, under: [open, open])
    #expect(model.crossed(in: 0, of: 0) > 200)
    let spillBack = model.score().junctions[1].laneGroups[0].spillBack
    #expect(spillBack > 400)
  }

  @Test("Those bound elsewhere are held up behind one who is bound for a full lane group")
  func elsewhere() throws {
    var blocked = try TrafficModel(Street.pair(share: 0.3), [.constant(900)])
    blocked.run(until: 1800, under: [open, closed])
    var free = try TrafficModel(Street.pair(share: 0), [.constant(900)])
    free.run(until: 1800, under: [open, closed])
    #expect(free.crossed(in: 0, of: 0) > 400)
    #expect(blocked.crossed(in: 0, of: 0) < 80)
  }

  @Test("Nobody spills back from a lane group that has room")
  func noSpillBack() throws {
    var model = try TrafficModel(Street.pair(length: 700), [.constant(600)])
    model.run(until: 3600, under: [open, open])
    for junction in model.score().junctions {
      #expect(junction.laneGroups[0].spillBack == 0)
    }
  }

  @Test("Who finds no room to enter waits outside, and his delay counts")
  func outside() throws {
    var model = try TrafficModel([Street.single(length: 70)], [.constant(720)])
    model.run(until: 1800, under: [closed])
    let score = model.score()
    #expect(model.totals.entered == 10)
    #expect(score.performance.neverEntered == model.waitingOutside)
    #expect(score.performance.due == model.totals.due)
    #expect(score.performance.completed == 0)
    // Due evenly over half an hour, they have waited a quarter of an hour on average.
    #expect(abs(score.performance.delay - 900) < 60)
    #expect(score.performance.delay95 > 1600)
    #expect(score.performance.stops == 1)
    #expect(score.junctions[0].laneGroups[0].queue > 100)
  }
}
