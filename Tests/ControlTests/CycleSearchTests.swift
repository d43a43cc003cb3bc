import Demand
import Optimisation
import Safety
import Signals
import Support
import Testing

@testable import Control

@Suite("Which stages the next cycle has")
struct CycleSearchTests {
  private typealias Place = TurningJunction

  /// What is thought of the lane groups: flows in pcu/h, 60 where nothing is told, and queues of as many as come in 40 s.
  private func demand(
    _ flows: [String: Double], at site: Intersection, blind: String? = nil
  ) -> DemandEstimate {
    let all = site.laneGroups.map { flows[$0.name] ?? 60 }
    return DemandEstimate(
      laneGroups: zip(site.laneGroups, all).map { laneGroup, flow in
        LaneGroupEstimate(
          queue: flow / 90, approaching: 0, viewTime: 5, flow: flow,
          trust: laneGroup.name == blind ? 0.5 : 1)
      }, discharge: dischargeRates(at: site, flows: all))
  }

  private func site(
    _ sequence: Signals.Sequence, isShared: Bool = false, forbidding: [(from: Int, to: Int)] = []
  ) -> Intersection {
    TurningJunction.site(
      isShared: isShared, pace: .cycle, sequence: sequence, forbidding: forbidding)
  }

  /// The stages of the plan for `flows`, and its words.
  private func chosen(
    _ flows: [String: Double], at site: Intersection, blind: String? = nil
  ) throws -> (order: [Int], text: String) {
    let meeting = try #require(Meeting.sample(at: site, stage: Place.d))
    let choice = chooseCycle(
      meeting, demand: demand(flows, at: site, blind: blind), reference: site.plans[0].plan)
    let plan = try #require(choice.plans.first)
    #expect(throws: Never.self) { try check(plan, at: site, under: meeting.circumstances) }
    return (plan.entries.map(\.stage), choice.text)
  }

  private let busy = ["N.T": 500.0, "S.T": 500, "E.T": 500, "W.T": 500]
  private let turning = [
    "N.T": 1100.0, "S.T": 1100, "N.L": 350, "S.L": 350, "E.T": 700, "W.T": 700,
  ]

  @Test(
    "Where stages may be skipped, one is left out whose turners find gaps in another; told in words"
  )
  func leftOut() throws {
    let (order, text) = try chosen(busy, at: site(.skip))
    #expect(order == [Place.a, Place.c, Place.d])
    #expect(text.contains(" Left out, for others serve their signal groups: B."))
  }

  @Test("It stays where they find too few")
  func kept() throws {
    let (order, text) = try chosen(turning, at: site(.skip))
    #expect(order == [Place.a, Place.b, Place.c, Place.d], "\(text)")
  }

  @Test("In a fixed order every stage stays, and nothing is said")
  func fixed() throws {
    let (order, text) = try chosen(busy, at: site(.fixed))
    #expect(order == [Place.a, Place.b, Place.c, Place.d])
    #expect(!text.contains("Left out"))
  }

  @Test(
    "It stays where turners share their lanes: who found no gap stands in the way of the stage that crosses"
  )
  func shared() throws {
    #expect(
      try chosen(busy, at: site(.skip, isShared: true)).order
        == [Place.a, Place.b, Place.c, Place.d])
    let order = try chosen(busy, at: site(.free, isShared: true)).order
    let behind = zip(order, order[1...] + [order[0]]).filter { $0.0 == Place.a }.map(\.1)
    #expect(behind == [Place.b])
  }

  @Test("It stays where one of those whom it serves is not seen whole")
  func blind() throws {
    for laneGroup in ["N.L", "S.L"] {
      #expect(
        try chosen(busy, at: site(.skip), blind: laneGroup).order
          == [Place.a, Place.b, Place.c, Place.d])
    }
    #expect(
      try chosen(busy, at: site(.skip), blind: "E.T").order == [Place.a, Place.c, Place.d])
  }

  @Test("It stays where the change past it is forbidden")
  func forbidden() throws {
    let site = site(.skip, forbidding: [(Place.a, Place.c)])
    #expect(try chosen(busy, at: site).order == [Place.a, Place.b, Place.c, Place.d])
  }

  @Test(
    "In free order a stage beside the plan takes the place of one that serves fewer of those who come"
  )
  func beside() throws {
    let oneSided = ["N.T": 900.0, "N.L": 350, "S.T": 300, "S.L": 20]
    let order = try chosen(oneSided, at: site(.free)).order
    #expect(order.contains(Place.e) && !order.contains(Place.b), "\(order)")
  }

  @Test(
    "The same image gives the same cycle, and each keeps to what it may not do", arguments: 0..<60)
  func properties(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let sequence = Signals.Sequence.allCases[seed % 3]
    let site = site(sequence, isShared: seed % 2 == 1)
    let flows = Dictionary(
      site.laneGroups.map { ($0.name, random.unit() * 600) }, uniquingKeysWith: { $1 })
    let order = try chosen(flows, at: site).order
    #expect(try chosen(flows, at: site).order == order)
    let reference = site.plans[0].plan.entries.map(\.stage)
    switch sequence {
    case .fixed: #expect(order == reference)
    case .skip: #expect(reference.filter(order.contains) == order)
    case .free: #expect(Set(order).count == order.count)
    }
    for group in site.signalGroups.indices {
      #expect(order.contains { site.serves(group, in: $0) }, "\(site.signalGroups[group].name)")
    }
  }

  @Test(
    "No order is chosen under which somebody is red for too long, where that of the plan keeps all reds within the limit",
    arguments: 0..<400)
  func longestRed(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let longest = Tenths.seconds(Int.random(in: 40...75, using: &random))
    let flows = (0..<8).map { _ in random.unit() * 900 }
    func passes(_ sequence: Signals.Sequence) throws -> Bool {
      let site = TurningJunction.site(
        isShared: false, pace: .cycle, sequence: sequence, longestRed: longest)
      let meeting = try #require(Meeting.sample(at: site, stage: Place.d))
      let named = Dictionary(
        zip(site.laneGroups.map(\.name), flows), uniquingKeysWith: { $1 })
      let choice = chooseCycle(
        meeting, demand: demand(named, at: site), reference: site.plans[0].plan)
      let plan = try #require(choice.plans.first)
      return (try? check(plan, at: site, under: meeting.circumstances)) != nil
    }
    guard try passes(.fixed) else { return }
    #expect(try passes(.skip))
    #expect(try passes(.free))
  }

  @Test("Of all orders that leave stages out it finds the one of least delay", arguments: 0..<40)
  func enumeration(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let site = TurningJunction.site(
      isShared: false, pace: .cycle, sequence: .skip,
      givingWay: [Place.a: [1, 5], Place.c: [3, 7]])
    let flows = Dictionary(
      site.laneGroups.map { lanes in
        (lanes.name, random.unit() * (lanes.name.hasSuffix("L") ? 200 : 700))
      }, uniquingKeysWith: { $1 })
    let meeting = try #require(Meeting.sample(at: site, stage: Place.d))
    let (demand, reference) = (demand(flows, at: site), site.plans[0].plan)
    let search = try CycleSearch(meeting, demand: demand, reference: reference)
    let orders = [
      [Place.a, Place.b, Place.c, Place.d], [Place.a, Place.c, Place.d],
      [Place.a, Place.b, Place.c], [Place.a, Place.c],
    ]
    let least = try orders.map { order in
      try CycleSplit(
        CycleStages(of: order, in: meeting, demand: demand, reference: reference), in: meeting
      ).split.objective
    }.min()
    #expect(search.best.split.objective == least, "\(search.best.stages.order)")
  }
}
