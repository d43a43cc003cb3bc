import Cabinets
import Signals
import Support

extension FuzzTarget {
  /// What somebody writes to a virtual cabinet, and when. Whatever it is, its lamps keep the rules of
  /// the site, and it comes back to its own plan when the last lease is over.
  static let orders = FuzzTarget("orders", longest: 400) { bytes in
    let junction = Sample.fourArm(notice: .seconds(2))
    var cabinet = VirtualCabinet(intersection: junction, at: Sample.moment(0))
    var watch = LampWatch(junction, cabinet.lamps)
    var time = 0
    var dice = Dice(bytes)
    var sequence: UInt32 = 0
    while !dice.isEmpty && time < 3000 {
      var pause = 1
      if dice.number(below: 8) == 0 {
        pause = Int(dice.byte())
      } else {
        act(&dice, &sequence, on: &cabinet)
      }
      for _ in 0..<pause {
        // What is written at an instant shows from then on.
        cabinet.advance(to: Sample.moment(Double(time) / 10))
        watch.see(cabinet.lamps)
        time += 1
        cabinet.advance(to: Sample.moment(Double(time) / 10))
      }
    }
    try promise(watch.faults.isEmpty, "\(watch.faults)")
    // The longest lease, and two of the longest cycles for a boundary to come.
    cabinet.advance(to: Sample.moment(Double(time) / 10 + 600 + 360))
    try promise(cabinet.source == .timeOfDay, "it never came back to its own plan")
  }

  private static func act(
    _ dice: inout Dice, _ sequence: inout UInt32, on cabinet: inout VirtualCabinet
  ) {
    switch dice.number(below: 8) {
    case 0: write(words(&dice), at: dice.word(), in: &cabinet)
    case 1: _ = try? cabinet.read(address: dice.word(), count: UInt16(dice.byte()))
    case 2:
      let beat = Heartbeat(
        epoch: 1, sequence: sequence, beat: UInt16(dice.byte()), leaseSeconds: dice.word())
      write(beat.registers, at: RegisterMap.heartbeat.address, in: &cabinet)
    case 3:
      var registers = Array((words(&dice) + [UInt16](repeating: 0, count: 90)).prefix(90))
      registers[0] = RegisterMap.plan.signature ?? 0
      signPlan(&registers)
      registers[83] = 0xA55A ^ registers[5]
      write(registers, at: RegisterMap.plan.address, in: &cabinet)
    default:
      sequence += 1
      write(order(sequence, &dice).registers, at: RegisterMap.plan.address, in: &cabinet)
    }
  }

  private static func words(_ dice: inout Dice) -> [UInt16] {
    (0..<dice.number(below: 124)).map { _ in dice.isEmpty ? 0 : dice.word() }
  }

  private static func write(
    _ values: [UInt16], at address: UInt16, in cabinet: inout VirtualCabinet
  ) {
    // A refusal is an answer as good as any.
    try? cabinet.write(address: address, values: values)
  }

  /// Almost a plan: each part is right more often than not.
  private static func order(_ sequence: UInt32, _ dice: inout Dice) -> PlanOrder {
    let entries = (0..<dice.number(below: 7)).map { _ in
      PlanEntry(stage: dice.number(below: 5), green: Tenths(Int(dice.byte()) * 4))
    }
    let operation = dice.byte()
    return PlanOrder(
      epoch: operation & 0xF0 == 0xF0 ? UInt32(dice.byte()) : 1, sequence: sequence,
      plan: TimingPlan(
        entries: entries, takeover: Takeover.allCases[Int(operation >> 2) % 3]),
      leaseSeconds: UInt16(dice.byte()),
      operation: operation & 3 == 3 ? PlanOperation.allCases[dice.number(below: 5)] : .activate)
  }
}
