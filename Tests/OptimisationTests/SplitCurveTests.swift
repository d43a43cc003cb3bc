import Signals
import Testing

@testable import Optimisation

@Suite("The curves that a split adds up are convex, and those of the HCM below saturation")
struct SplitCurveTests {
  /// One curve of four, in a lane of its own; the others ask for nothing.
  private struct One {
    let jet: (Double) -> (value: Double, first: Double, second: Double)
    func value(_ green: Double) -> Double { jet(green).value }
  }

  private func curve(_ demand: SplitDemand, objective: SplitObjective = .delay) -> One {
    var demands = FourDemands()
    demands.set(2, demand)
    switch objective {
    case .delay:
      var curve = DelayCurve(demands, period: 0.25, randomness: 0.5)
      curve.take(cycle: 100)
      return one(curve)
    case .saturation:
      var curve = SaturationCurve(demands)
      curve.take(cycle: 100, exponent: 16)
      return one(curve)
    }
  }

  private func one(_ curve: some SplitCurve) -> One {
    One { green in
      let jet = curve.jet(Four(repeating: green))
      return (jet.value[2], jet.first[2], jet.second[2])
    }
  }

  private func demand(seed: Int) -> SplitDemand {
    var random = SeededGenerator(seed: UInt64(seed))
    return SplitDemand(
      flow: 2500 * random.unit(), saturationFlow: 1500 + 1000 * random.unit(), service: [1, 0],
      initialQueue: seed % 2 == 0 ? 0 : 60 * random.unit())
  }

  @Test("Slopes never fall, from no green at all to the whole cycle", arguments: 0..<60)
  func convex(seed: Int) {
    for objective in SplitObjective.allCases {
      let curve = curve(demand(seed: seed), objective: objective)
      var slope = -Double.infinity
      for step in -20..<990 {
        let next = curve.jet(Double(step) / 10).first
        #expect(next >= slope - 1e-9 * abs(slope) && next <= 0)
        slope = next
      }
    }
  }

  @Test("First and second derivatives are those of the values", arguments: 0..<40)
  func derivatives(seed: Int) {
    let curve = curve(demand(seed: seed))
    for green in [3.3, 17.7, 42.1, 71.9, 90.3] {
      let jet = curve.jet(green)
      let width = 1e-4
      let (left, right) = (curve.jet(green - width), curve.jet(green + width))
      #expect(curve.value(green) == jet.value)
      let slope = (right.value - left.value) / (2 * width)
      #expect(abs(slope - jet.first) <= 1e-5 * abs(jet.first) + 1e-4)
      let bend = (right.first - left.first) / (2 * width)
      #expect(abs(bend - jet.second) <= 1e-4 * abs(jet.second) + 1e-3)
    }
  }

  @Test("Below saturation and without a queue it is flow × (d1 + d2)", arguments: 0..<40)
  func agreement(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let demand = SplitDemand(
      flow: 200 + 500 * random.unit(), saturationFlow: 1800, service: [1, 0])
    let green = 100 * demand.flow / 1800 + 20
    let capacity = 1800 * green / 100
    let expected =
      ControlDelay.uniform(
        cycle: 100, greenRatio: green / 100, saturation: demand.flow / capacity)
      + ControlDelay.incremental(flow: demand.flow, capacity: capacity, period: 0.25)
    #expect(
      abs(curve(demand).value(green) - demand.flow * expected) < 1e-9 * demand.flow * expected)
  }

  @Test("With a queue it stays near the HCM's d2 + d3 (docs/optimisation.md)")
  func initialQueue() {
    let cases = [(10.0, 400.0, 0.2), (30, 400, 0.05), (10, 600, 0.05), (30, 600, 0.05)]
    for (queue, flow, tolerance) in cases {
      let capacity = 500.0
      let exact =
        ControlDelay.incremental(flow: flow, capacity: capacity, period: 0.25)
        + ControlDelay.initialQueue(queue, flow: flow, capacity: capacity, period: 0.25)
      let convex = ControlDelay.incremental(
        flow: flow + 2 * queue / 0.25, capacity: capacity, period: 0.25)
      #expect(abs(convex - exact) < tolerance * exact)
    }
  }
}
