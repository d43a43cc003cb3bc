/// What one lane group adds to the objective, as a convex, falling function of its effective green
/// at a fixed cycle. docs/optimisation.md derives the two places where it departs from the HCM.
struct SplitCurve {
  /// A function's value and its first two derivatives by the effective green.
  struct Jet {
    var value: Double
    var first: Double
    var second: Double
  }

  /// Below this effective green, s, the curve goes on as its tangent: a capacity of nothing has no
  /// finite delay, and the solver must be able to look there.
  static let floor = 1.0

  private let form: Form
  private let edge: Jet

  /// The curve of `demand` at a cycle of `cycle` seconds.
  init(_ demand: SplitDemand, cycle: Double, problem: SplitProblem, exponent: Int) {
    switch problem.objective {
    case .delay:
      form = .delay(DelayCurve(demand, cycle: cycle, problem: problem))
    case .saturation:
      let ratio = demand.flow / demand.saturationFlow
      form = .saturation(ratio: ratio, cycle: cycle, exponent: exponent)
    }
    edge = form.jet(Self.floor)
  }

  /// Value and derivatives at an effective green of `green` seconds.
  func jet(_ green: Double) -> Jet {
    if green >= Self.floor { return form.jet(green) }
    return Jet(
      value: edge.value + edge.first * (green - Self.floor), first: edge.first, second: 0)
  }

  /// The value alone.
  func value(_ green: Double) -> Double {
    if green >= Self.floor { return form.value(green) }
    return edge.value + edge.first * (green - Self.floor)
  }

  private enum Form {
    case delay(DelayCurve)
    case saturation(ratio: Double, cycle: Double, exponent: Int)

    @inline(__always)
    func jet(_ green: Double) -> Jet {
      switch self {
      case .delay(let curve): return curve.jet(green)
      case .saturation(let ratio, let cycle, let exponent):
        // y·X^p: with one lane group a stage its optimum has equal X for every p, for the slope by
        // green is -(p / C) X^(p + 1).
        let value = ratio * power(ratio * cycle / green, exponent)
        let order = Double(exponent)
        return Jet(
          value: value, first: -order * value / green,
          second: order * (order + 1) * value / (green * green))
      }
    }

    @inline(__always)
    func value(_ green: Double) -> Double {
      switch self {
      case .delay(let curve): return curve.value(green)
      case .saturation(let ratio, let cycle, let exponent):
        return ratio * power(ratio * cycle / green, exponent)
      }
    }
  }
}

/// weight × (flow × uniform delay + due × overflow delay), vehicle seconds per hour.
struct DelayCurve {
  private let cycle: Double
  private let flowRatio: Double
  private let uniformScale: Double
  private let overflowScale: Double
  private let capacityPerSecond: Double
  private let period: Double
  private let overflowFlow: Double
  private let spread: Double

  /// The curve of `demand` at a cycle of `cycle` seconds.
  init(_ demand: SplitDemand, cycle: Double, problem: SplitProblem) {
    self.cycle = cycle
    period = problem.period
    flowRatio = demand.flow / demand.saturationFlow
    capacityPerSecond = demand.saturationFlow / cycle
    uniformScale = demand.weight * demand.flow
    // Vehicles that wait at the start count as well as those that come, so that a queue without
    // arrivals is not forgotten.
    overflowScale = demand.weight * (demand.flow + demand.initialQueue / problem.period)
    // A queue that is there from the start has twice the area of one that builds up evenly.
    overflowFlow = demand.flow + 2 * demand.initialQueue / problem.period
    spread = 8 * problem.randomness * overflowFlow * problem.period
  }

  /// d1, continued beyond saturation by its tangent: with the HCM's own form the slope would halve
  /// there, a concave kink.
  @inline(__always)
  private func uniform(_ green: Double) -> SplitCurve.Jet {
    let ratio = green / cycle
    let red = 1 - ratio
    if ratio < flowRatio {
      return SplitCurve.Jet(
        value: cycle * (0.5 * (1 - flowRatio) + flowRatio - ratio), first: -1, second: 0)
    }
    guard flowRatio < 1, red > 0 else { return SplitCurve.Jet(value: 0, first: 0, second: 0) }
    let scale = 1 / (1 - flowRatio)
    return SplitCurve.Jet(
      value: 0.5 * cycle * red * red * scale, first: -red * scale, second: scale / cycle)
  }

  /// (v' - c) T + √((c - v')² T² + 8 k I v' T), without cancellation where demand is low.
  @inline(__always)
  private func overflow(_ capacity: Double) -> (sum: Double, root: Double) {
    let excess = (overflowFlow - capacity) * period
    let root = (excess * excess + spread).squareRoot()
    return (excess > 0 ? excess + root : spread / (root - excess), root)
  }

  @inline(__always)
  func jet(_ green: Double) -> SplitCurve.Jet {
    let first = uniform(green)
    guard overflowFlow > 0 else { return SplitCurve.Jet(value: 0, first: 0, second: 0) }
    let capacity = capacityPerSecond * green
    let (sum, root) = overflow(capacity)
    let inverse = 1 / capacity
    let sumSlope = -period * sum / root
    let sumBend = period * period * spread / (root * root * root)
    let value = sum * inverse
    let slope = (sumSlope - value) * inverse
    let bend = (sumBend - 2 * slope) * inverse
    let scale = 900 * overflowScale
    return SplitCurve.Jet(
      value: uniformScale * first.value + scale * value,
      first: uniformScale * first.first + scale * slope * capacityPerSecond,
      second: uniformScale * first.second
        + scale * bend * capacityPerSecond * capacityPerSecond)
  }

  @inline(__always)
  func value(_ green: Double) -> Double {
    guard overflowFlow > 0 else { return 0 }
    let capacity = capacityPerSecond * green
    let value = overflow(capacity).sum * (1 / capacity)
    return uniformScale * uniform(green).value + 900 * overflowScale * value
  }
}
