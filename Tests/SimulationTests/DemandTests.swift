import Phrases
import Signals
import Simulation
import Testing

@Suite("Demand follows its profile")
struct DemandTests {
  private let profile = FlowProfile([
    .init(at: 100, flow: 0), .init(at: 700, flow: 1200), .init(at: 1000, flow: 600),
  ])

  @Test("A profile is level outside its points and straight between them")
  func shape() {
    #expect(profile.flow(at: 0) == 0)
    #expect(profile.flow(at: 400) == 600)
    #expect(profile.flow(at: 700) == 1200)
    #expect(profile.flow(at: 850) == 900)
    #expect(profile.flow(at: 5000) == 600)
  }

  @Test(
    "Expected arrivals are the integral of the flow",
    arguments: [(0.0, 2000.0), (333, 777), (50, 90)])
  func integral(begin: Double, end: Double) {
    let step = (end - begin) / 10_000
    let sum = (0..<10_000).reduce(0) {
      $0 + profile.flow(at: begin + (Double($1) + 0.5) * step) * step / 3600
    }
    #expect(abs(profile.arrivals(from: begin, to: end) - sum) < 1e-4 * max(1, sum))
  }

  @Test("As many come as the profile says, in and around its peak", arguments: [1, 5])
  func poisson(platoon: Int) throws {
    let runs = 60
    var (early, late) = (0.0, 0.0)
    for seed in 1...runs {
      let entry = VehicleDemand(junction: 0, laneGroup: 0, profile: profile, platoon: platoon)
      var model = try TrafficModel([Street.single()], [entry], seed: UInt64(seed))
      model.run(until: 700, under: [[.green, .red]])
      early += Double(model.totals.due) / Double(runs)
      model.run(until: 1400, under: [[.green, .red]])
      late += Double(model.totals.due) / Double(runs)
    }
    // 100 and then 141.7 vehicles: standard errors of 1.3 and 1.5, and √5 times that in platoons.
    let tolerance = platoon == 1 ? 4.0 : 10
    #expect(abs(early - profile.arrivals(from: 0, to: 700)) < tolerance)
    #expect(abs(late - profile.arrivals(from: 0, to: 1400)) < 1.3 * tolerance)
  }

  @Test("Poisson arrivals are as spread as their number, platoons more")
  func spread() throws {
    func index(platoon: Int) throws -> Double {
      let entry = VehicleDemand(
        junction: 0, laneGroup: 0, profile: FlowProfile(constant: 720), platoon: platoon)
      var model = try TrafficModel([Street.single()], [entry], seed: 5)
      var counts: [Double] = []
      for minute in 1...600 {
        let before = model.totals.due
        model.run(until: Double(minute * 60), under: [[.green, .red]])
        counts.append(Double(model.totals.due - before))
      }
      let mean = counts.reduce(0, +) / 600
      return counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 599 / mean
    }
    // The index of dispersion of 600 Poisson counts has a standard deviation of 0.06.
    #expect(abs(try index(platoon: 1) - 1) < 0.2)
    #expect(try index(platoon: 6) > 2)
  }

  @Test("Flows of lane groups downstream are the shares of those upstream, and their own")
  func trueFlows() throws {
    let network = try RoadNetwork(Street.pair(share: 0.4))
    let demand = TrafficDemand(vehicles: [.constant(900), .constant(100, at: 0, of: 1)])
    let flows = network.flows(of: demand, from: 0, to: 3600)
    #expect(abs(flows[0][0] - 900) < 1e-9 && abs(flows[1][0] - 460) < 1e-9)
  }
}

@Suite("Junctions that do not fit together are refused")
struct NetworkErrorTests {
  @Test("Two junctions of the same identifier")
  func repeated() {
    #expect(throws: NetworkError.repeatedJunction("J1")) {
      try RoadNetwork([Street.single(), Street.single()])
    }
  }

  @Test("Two detectors of the same identifier")
  func repeatedDetector() {
    let detector = Detector(id: "cam", laneGroup: 0, lanes: 1, view: 80)
    #expect(throws: NetworkError.repeatedDetector("cam")) {
      try RoadNetwork([
        Street.single(detectors: [detector]), Street.single(id: "J2", detectors: [detector]),
      ])
    }
  }

  @Test("A lane group fed by one that does not exist")
  func unknown() {
    let link = UpstreamLink(intersection: "J1", laneGroup: "X", share: 1, travelTime: 10)
    let error = NetworkError.unknownUpstream(
      laneGroup: "J2.W", upstream: "J1.X", known: ["W"])
    #expect(throws: error) {
      try RoadNetwork([Street.single(), Street.single(id: "J2", upstream: [link])])
    }
    #expect(
      error.description == "J2.W: upstream J1.X does not exist; its junction has W")
  }

  @Test("Lane groups that together take more than leaves the one upstream")
  func shares() {
    let link = UpstreamLink(intersection: "J1", laneGroup: "W", share: 0.75, travelTime: 10)
    #expect(throws: NetworkError.sharesAboveOne(laneGroup: "J1.W", sum: 1.5)) {
      try RoadNetwork([
        Street.single(), Street.single(id: "J2", upstream: [link]),
        Street.single(id: "J3", upstream: [link]),
      ])
    }
  }

  @Test("A road from a junction outside the network is only an entry")
  func outside() throws {
    let link = UpstreamLink(intersection: "J9", laneGroup: "W", share: 0.75, travelTime: 10)
    #expect(try RoadNetwork([Street.single(upstream: [link])]).junctions.count == 1)
  }
}
