/// Four lane groups at once: a SIMD register's worth, which the four divisions and the root of a
/// delay formula make worth while.
typealias Four = SIMD4<Double>

/// What four lane groups add to the objective, each as a convex, falling function of its effective
/// green at a fixed cycle.
protocol SplitCurve: Sendable {
  /// The square root that `above` needs. Roots are taken one by one, with a call that the rest of
  /// the arithmetic must not be interrupted by.
  func root(_ green: Four) -> Four

  /// Values and derivatives at effective greens of at least `SplitJet.floor` seconds.
  func above(_ green: Four, root: Four) -> SplitJet
}

/// Values of four functions and their first two derivatives by the effective green.
struct SplitJet {
  /// Below this effective green, s, a curve goes on as its tangent: a capacity of nothing has no
  /// finite delay, and the solver must be able to look there.
  static let floor = 1.0

  var value: Four
  var first: Four
  var second: Four
}

extension SplitCurve {
  /// Values and derivatives at effective greens of `green` seconds, tangents below the floor; `root`
  /// is the one at the greens within.
  @inline(__always)
  func jet(_ green: Four, root: Four) -> SplitJet {
    let isBelow = green .< SplitJet.floor
    let inside = green.replacing(with: SplitJet.floor, where: isBelow)
    var jet = above(inside, root: root)
    jet.value += jet.first * (green - inside)
    jet.second.replace(with: 0, where: isBelow)
    return jet
  }

  /// Values and derivatives at effective greens of `green` seconds.
  @inline(__always)
  func jet(_ green: Four) -> SplitJet { jet(green, root: rootWithin(green)) }

  /// The root at greens that are at least the floor.
  @inline(__always)
  func rootWithin(_ green: Four) -> Four {
    root(green.replacing(with: SplitJet.floor, where: green .< SplitJet.floor))
  }
}

/// What a delay curve needs to know of four lane groups; lanes that are left over ask for nothing.
struct FourDemands {
  var flow = Four(repeating: 0)
  var saturationFlow = Four(repeating: 1)
  var weight = Four(repeating: 0)
  var initialQueue = Four(repeating: 0)

  /// Sets one of the four.
  mutating func set(_ lane: Int, _ demand: borrowing SplitDemand) {
    flow[lane] = demand.flow
    saturationFlow[lane] = demand.saturationFlow
    weight[lane] = demand.weight
    initialQueue[lane] = demand.initialQueue
  }
}

/// weight × (flow × uniform delay + due × overflow delay), vehicle seconds per hour.
/// docs/optimisation.md derives the two places where it departs from the HCM.
struct DelayCurve: SplitCurve {
  private let flowScale: Four
  private let spareRatio: Four
  private let bendScale: Four
  private let load: Four
  private let spread: Four
  private let volume: Four
  private let overflowScale: Four
  private var cycle = 0.0
  private var redAtSaturation = Four(repeating: 0)
  private var bend = Four(repeating: 0)
  private var volumePerSecond = Four(repeating: 0)
  private var scalePerSecond = Four(repeating: 0)

  /// The curves of `demands`, before a cycle is chosen; `period` T in hours, `randomness` k I.
  init(_ demands: FourDemands, period: Double, randomness: Double) {
    flowScale = demands.weight * demands.flow
    spareRatio = 1 - demands.flow / demands.saturationFlow
    bendScale = (flowScale / spareRatio).replacing(with: 0, where: spareRatio .<= 0)
    // A queue that is there from the start has twice the area of one that builds up evenly.
    load = demands.flow * period + 2 * demands.initialQueue
    spread = 8 * randomness * load
    volume = demands.saturationFlow * period
    // Vehicles that wait at the start count as well as those that come, so that a queue without
    // arrivals is not forgotten.
    let due = demands.flow + demands.initialQueue / period
    overflowScale = 900 * demands.weight * due / demands.saturationFlow
  }

  /// Takes up a cycle of `cycle` seconds.
  mutating func take(cycle: Double) {
    self.cycle = cycle
    redAtSaturation = cycle * spareRatio
    bend = bendScale / cycle
    volumePerSecond = volume / cycle
    scalePerSecond = overflowScale * cycle
  }

  @inline(__always)
  func root(_ green: Four) -> Four {
    let excess = load - volumePerSecond * green
    // Without randomness it may be nothing, by which nothing is then divided.
    return (excess * excess + (spread + 1e-200)).squareRoot()
  }

  @inline(__always)
  func above(_ green: Four, root: Four) -> SplitJet {
    let regular = uniform(green)
    let random = overflow(green, root)
    return SplitJet(
      value: regular.value + random.value, first: regular.first + random.first,
      second: regular.second + random.second)
  }

  /// w q d1, continued beyond saturation by its tangent: with the HCM's own form the slope would
  /// halve there, a concave kink. With red r, d1 = r² / (2 C (1 - y)), and its slope at saturation,
  /// where r = C (1 - y), is -1.
  @inline(__always)
  private func uniform(_ green: Four) -> SplitJet {
    let all = cycle - green
    let red = all.replacing(with: 0, where: all .< 0)
    let tilt = bend * red
    let isOver = all .>= redAtSaturation
    return SplitJet(
      value: (0.5 * tilt * red).replacing(
        with: flowScale * (all - 0.5 * redAtSaturation), where: isOver),
      first: -tilt.replacing(with: flowScale, where: isOver),
      second: bend.replacing(with: 0, where: isOver .| (all .<= 0)))
  }

  /// (900 / c) [u + √(u² + 8 k I v' T)] with u = (v' - c) T, without cancellation where u < 0.
  @inline(__always)
  private func overflow(_ green: Four, _ root: Four) -> SplitJet {
    let excess = load - volumePerSecond * green
    let isOver = excess .> 0
    let far = root + excess.replacing(with: -excess, where: excess .< 0)
    let sum = (spread / far).replacing(with: far, where: isOver)
    let inverse = 1 / green
    let pull = volumePerSecond / root
    let value = scalePerSecond * sum * inverse
    let first = -(scalePerSecond * pull * sum + value) * inverse
    let bend = scalePerSecond * pull * pull * spread / root
    return SplitJet(value: value, first: first, second: (bend - 2 * first) * inverse)
  }
}

/// y X^p, for equal degrees of saturation: its slope by green is -(p / C) X^(p + 1), so with one
/// lane group a stage its optimum has equal X for every p.
struct SaturationCurve: SplitCurve {
  private let ratio: Four
  private var need = Four(repeating: 0)
  private var exponent = 0

  /// The curves of `demands`, before a cycle is chosen.
  init(_ demands: FourDemands) { ratio = demands.flow / demands.saturationFlow }

  /// Takes up a cycle of `cycle` seconds and a power.
  mutating func take(cycle: Double, exponent: Int) {
    need = ratio * cycle
    self.exponent = exponent
  }

  @inline(__always)
  func root(_ green: Four) -> Four { green }

  @inline(__always)
  func above(_ green: Four, root: Four) -> SplitJet {
    let inverse = 1 / green
    let value = ratio * power(need * inverse)
    let first = -Double(exponent) * value * inverse
    return SplitJet(value: value, first: first, second: -Double(exponent + 1) * first * inverse)
  }

  /// By repeated squaring.
  private func power(_ base: Four) -> Four {
    var result = Four(repeating: 1)
    var square = base
    var left = exponent
    while left > 0 {
      if left & 1 == 1 { result *= square }
      square *= square
      left >>= 1
    }
    return result
  }
}
