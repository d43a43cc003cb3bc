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
    var greens = Four(repeating: 0)
    for position in demands.indices {
      if position % 4 == 0 { greens = program.effectiveGreens(fromDemand: position) }
      let green = greens[position % 4]
      // Numbers, not the demand: each copy of its arrays would be counted.
      found.append(
        performance(
          flow: demands[position].flow, saturationFlow: demands[position].saturationFlow,
          initialQueue: demands[position].initialQueue,
          green: min(cycle, max(SplitJet.floor, green)), cycle: cycle))
    }
    return found
  }

  @inline(__always)
  private func performance(
    flow: Double, saturationFlow: Double, initialQueue: Double, green: Double, cycle: Double
  ) -> SplitPerformance {
    let capacity = saturationFlow * green / cycle
    let saturation = flow / capacity
    let delay =
      ControlDelay.uniform(cycle: cycle, greenRatio: green / cycle, saturation: saturation)
      + ControlDelay.incremental(
        flow: flow, capacity: capacity, period: period, randomness: randomness)
      + ControlDelay.initialQueue(initialQueue, flow: flow, capacity: capacity, period: period)
    return SplitPerformance(
      effectiveGreen: green, capacity: capacity, saturation: saturation, delay: delay,
      backOfQueue: ControlDelay.backOfQueue(
        flow: flow, saturationFlow: saturationFlow, effectiveGreen: green, cycle: cycle,
        queue: initialQueue, period: period),
      levelOfService: LevelOfService(delay: delay, saturation: saturation))
  }
}
