/// Control delay at a signal by the Highway Capacity Manual (HCM 2010 and 6), each term a function
/// of its own. Flows and capacities in veh/h, times in s unless said otherwise, queues in vehicles.
public enum ControlDelay {
  /// Uniform delay d1, s/veh: regular arrivals, no vehicle left over (HCM eq. 19-20).
  ///
  /// - Parameters:
  ///   - cycle: Cycle, s.
  ///   - greenRatio: Effective green ÷ cycle, 0 ... 1.
  ///   - saturation: Degree of saturation, flow ÷ capacity.
  /// - Returns: d1, s/veh.
  public static func uniform(cycle: Double, greenRatio: Double, saturation: Double) -> Double {
    let served = min(1, saturation) * greenRatio
    guard served < 1 else { return 0 }
    return 0.5 * cycle * (1 - greenRatio) * (1 - greenRatio) / (1 - served)
  }

  /// Incremental delay d2, s/veh: random arrivals and overflow within the period (HCM eq. 19-26).
  ///
  /// - Parameters:
  ///   - flow: Demand, veh/h.
  ///   - capacity: Capacity, veh/h, above 0.
  ///   - period: Analysis period T, h.
  ///   - randomness: k·I: 0.5 for fixed time (k) at an isolated junction (I = 1).
  /// - Returns: d2, s/veh.
  public static func incremental(
    flow: Double, capacity: Double, period: Double, randomness: Double = 0.5
  ) -> Double {
    let saturation = flow / capacity
    let excess = saturation - 1
    let root = excess * excess + 8 * randomness * saturation / (capacity * period)
    return 900 * period * (excess + root.squareRoot())
  }

  /// Initial queue delay d3, s/veh: what vehicles that wait when the period begins cost those that
  /// arrive in it (HCM eq. 19-44).
  ///
  /// - Parameters:
  ///   - queue: Vehicles waiting when the period begins.
  ///   - flow: Demand, veh/h; without any there is no one to be delayed.
  ///   - capacity: Capacity, veh/h, above 0.
  ///   - period: Analysis period T, h.
  /// - Returns: d3, s/veh.
  public static func initialQueue(
    _ queue: Double, flow: Double, capacity: Double, period: Double
  ) -> Double {
    guard queue > 0, flow > 0 else { return 0 }
    let isOversaturated = flow >= capacity
    let alone = isOversaturated ? period * (flow - capacity) : 0
    let lasts = isOversaturated ? period : min(period, queue / (capacity - flow))
    let left = queue + lasts * (flow - capacity)
    let area =
      lasts * (queue + left - alone) / 2 + (left * left - alone * alone - queue * queue)
      / (2 * capacity)
    return 3600 * area / (flow * period)
  }

  /// Average back of queue of a lane group, vehicles (HCM 2000, appendix G of chapter 16).
  ///
  /// - Parameters:
  ///   - flow: Demand, veh/h.
  ///   - saturationFlow: Saturation flow, veh/h.
  ///   - effectiveGreen: Effective green, s, above 0.
  ///   - cycle: Cycle, s.
  ///   - queue: Vehicles waiting when the period begins.
  ///   - period: Analysis period T, h.
  /// - Returns: Q1 + Q2, vehicles.
  public static func backOfQueue(
    flow: Double, saturationFlow: Double, effectiveGreen: Double, cycle: Double, queue: Double,
    period: Double
  ) -> Double {
    let ratio = min(1, effectiveGreen / cycle)
    let capacity = saturationFlow * ratio
    let saturation = flow / capacity
    let served = min(1, saturation) * ratio
    let uniform = served < 1 ? flow * cycle / 3600 * (1 - ratio) / (1 - served) : 0
    // kB = 0.12 (s g / 3600)^0.7 for fixed time.
    let perCycle = saturationFlow * effectiveGreen / 3600
    let factor = 0.12 * perCycle.squareRoot() * root(5, of: perCycle)
    let volume = capacity * period
    let excess = saturation - 1
    let root =
      excess * excess + 8 * factor * saturation / volume + 16 * factor * queue / (volume * volume)
    return uniform + 0.25 * volume * (excess + root.squareRoot())
  }
}
