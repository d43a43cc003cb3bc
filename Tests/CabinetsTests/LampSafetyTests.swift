import Signals
import Support
import Testing

@testable import Cabinets

@Suite("Whatever it is ordered, a cabinet's lamps stay safe")
struct LampSafetyTests {
  /// An order as a careless program might send it: mostly possible, sometimes not.
  private func plan(
    at junction: Intersection, running: Int, _ random: inout SeededGenerator
  ) -> TimingPlan {
    var stages = Array(junction.stages.indices)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: stages.shuffle(using: &random)
    case 1: stages.remove(at: Int.random(in: 0..<stages.count, using: &random))
    default: break
    }
    let takeover = Takeover.allCases[Int.random(in: 0..<3, using: &random)]
    if takeover != .cycleStart {
      let first = (running + (takeover == .now ? 0 : 1)) % junction.stages.count
      while stages.contains(first) && stages[0] != first { stages.append(stages.removeFirst()) }
    }
    return TimingPlan(
      entries: stages.map { stage in
        let times = junction.stages[stage]
        let wild = Int.random(in: 0..<40, using: &random) == 0
        let range =
          wild ? 0...900 : times.shortestGreen.count...min(450, times.maximumGreen.count)
        return PlanEntry(stage: stage, green: Tenths(Int.random(in: range, using: &random)))
      }, takeover: takeover)
  }

  @Test(
    "No conflict, no short green, no long green, no skipped yellow or clearance",
    arguments: Array(0..<16) as [UInt64])
  func randomOrders(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let junction = seed % 2 == 0 ? Sample.fourArm() : Junctions.overlapping()
    var cabinet = VirtualCabinet(intersection: junction, at: .after(0))
    var watch = LampWatch(junction, cabinet.lamps)
    var codes: [ResultCode] = []
    var time = 0.0
    for sequence in 1...60 as ClosedRange<UInt32> {
      let next = time + Double(Int.random(in: 1...200, using: &random)) / 10
      run(&cabinet, from: time, to: next, under: &watch)
      time = next
      let plan = plan(at: junction, running: cabinet.live.stage, &random)
      let lease = UInt16.random(in: 5...60, using: &random)
      codes.append(try cabinet.order(plan, sequence: sequence, lease: lease).code)
    }
    #expect(watch.faults == [])
    #expect(cabinet.criticalFaults == 0)
    // The run would prove nothing if every order were refused, or none.
    #expect(codes.contains { $0 == .pending || $0 == .active })
    #expect(codes.contains { $0.isRefusal })
  }

  @Test("Random registers never stop a cabinet", arguments: Array(0..<16) as [UInt64])
  func randomRegisters(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var cabinet = VirtualCabinet(intersection: Junctions.overlapping(), at: .after(0))
    var watch = LampWatch(cabinet.intersection, cabinet.lamps)
    for step in 0..<200 {
      let block = [RegisterMap.plan, RegisterMap.heartbeat, RegisterMap.setClock].randomElement(
        using: &random)
      guard let block else { continue }
      var values = (0..<Int(block.length)).map { _ in
        UInt16.random(in: Bool.random(using: &random) ? 0...4 : 0...65535, using: &random)
      }
      if block == RegisterMap.plan && Bool.random(using: &random) { makeSound(&values) }
      // What it answers does not matter here, only that it goes on and stays safe.
      _ = try? cabinet.write(address: block.address, values: values)
      _ = try? cabinet.read(
        address: UInt16.random(in: 0...900, using: &random),
        count: UInt16.random(in: 0...110, using: &random))
      run(&cabinet, from: Double(step), to: Double(step + 1), under: &watch)
    }
    #expect(watch.faults == [])
  }

  /// Gives a random plan the form, checksum and key of a good one.
  private func makeSound(_ values: inout [UInt16]) {
    (values[0], values[1], values[2], values[3]) = (0x504C, 1, 0, 1)
    values[7] %= 18
    values[82] %= 5
    let crc = Checksum.crc32(values.prefix(80))
    (values[80], values[81]) = (UInt16(crc >> 16), UInt16(crc & 0xFFFF))
    values[83] = 0xA55A ^ values[5]
  }
}

/// Lets `cabinet` run until `end`, 0.1 s at a time, under the eyes of `watch`.
func run(
  _ cabinet: inout VirtualCabinet, from begin: Double, to end: Double, under watch: inout LampWatch
) {
  for step in 1...max(1, Int(((end - begin) * 10).rounded())) {
    // What is ordered at an instant shows from then on.
    watch.see(cabinet.lamps)
    cabinet.advance(to: .after(begin + Double(step) / 10))
  }
}
