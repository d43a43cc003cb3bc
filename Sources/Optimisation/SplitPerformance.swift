/// What a split does to one lane group.
public struct SplitPerformance: Sendable, Hashable {
  /// Effective green, s.
  public let effectiveGreen: Double

  /// Capacity, veh/h.
  public let capacity: Double

  /// Degree of saturation X (饱和度).
  public let saturation: Double

  /// Control delay d1 + d2 + d3 of the HCM, s/veh.
  public let delay: Double

  /// Average back of queue, vehicles.
  public let backOfQueue: Double

  /// Level of service.
  public let levelOfService: LevelOfService
}

extension SplitProblem {
  /// What `program`'s greens do to each lane group at a cycle of `cycle` seconds, by the HCM's own
  /// formulas.
  func performance(_ program: borrowing SplitProgram, cycle: Double) -> [SplitPerformance] {
    var found: [SplitPerformance] = []
    found.reserveCapacity(demands.count)
    for position in demands.indices {
      let green = program.effectiveGreen(ofDemand: position)
      found.append(
        performance(
          demands[position], green: min(cycle, max(SplitJet.floor, green)), cycle: cycle))
    }
    return found
  }

  private func performance(
    _ demand: borrowing SplitDemand, green: Double, cycle: Double
  ) -> SplitPerformance {
    let capacity = demand.saturationFlow * green / cycle
    let saturation = demand.flow / capacity
    let delay =
      ControlDelay.uniform(cycle: cycle, greenRatio: green / cycle, saturation: saturation)
      + ControlDelay.incremental(
        flow: demand.flow, capacity: capacity, period: period, randomness: randomness)
      + ControlDelay.initialQueue(
        demand.initialQueue, flow: demand.flow, capacity: capacity, period: period)
    return SplitPerformance(
      effectiveGreen: green, capacity: capacity, saturation: saturation, delay: delay,
      backOfQueue: ControlDelay.backOfQueue(
        flow: demand.flow, saturationFlow: demand.saturationFlow, effectiveGreen: green,
        cycle: cycle, queue: demand.initialQueue, period: period),
      levelOfService: LevelOfService(delay: delay, saturation: saturation))
  }
}
