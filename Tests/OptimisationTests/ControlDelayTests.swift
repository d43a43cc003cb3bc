import Signals
import Testing

@testable import Optimisation

@Suite("Delay formulas give the published values")
struct ControlDelayTests {
  @Test("Initial queue delay d3: below, at length and above capacity")
  func initialQueue() {
    func delay(_ queue: Double, flow: Double) -> Double {
      ControlDelay.initialQueue(queue, flow: flow, capacity: 500, period: 0.25)
    }
    #expect(abs(delay(10, flow: 400) - 14.4) < 1e-9)
    #expect(abs(delay(30, flow: 400) - 126) < 1e-9)
    #expect(abs(delay(10, flow: 600) - 72) < 1e-9)
  }

  @Test("d3 agrees with the form of the HCM 2000", arguments: 0..<200)
  func initialQueueForms(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let queue = 1 + 40 * random.unit()
    let flow = 100 + 900 * random.unit()
    let capacity = 200 + 800 * random.unit()
    let period = 0.25
    let spare = capacity * (1 - min(1, flow / capacity))
    let lasts = spare > 0 ? min(period, queue / spare) : period
    let factor = lasts < period ? 0 : 1 - capacity * period * (spare / capacity) / queue
    let older = 1800 * queue * (1 + factor) * lasts / (capacity * period)
    let delay = ControlDelay.initialQueue(queue, flow: flow, capacity: capacity, period: period)
    #expect(abs(delay - older) < 1e-9 * older)
  }

  @Test("Uniform delay d1 is that of the triangle of a regular queue")
  func uniform() {
    // 100 s, 40 s green, y = 0.3: 60 s of red, a queue that needs 60·0.3/0.7 s more to clear.
    let triangle = 0.5 * 60 * (60 + 60 * 0.3 / 0.7) / 100
    let delay = ControlDelay.uniform(cycle: 100, greenRatio: 0.4, saturation: 0.3 / 0.4)
    #expect(abs(delay - triangle) < 1e-9)
    #expect(ControlDelay.uniform(cycle: 90, greenRatio: 1, saturation: 1) == 0)
  }

  @Test("Incremental delay d2 tends to overflow alone far beyond saturation")
  func incremental() {
    // Deterministic overflow: 1800 T (X - 1).
    let delay = ControlDelay.incremental(flow: 3000, capacity: 1000, period: 0.25)
    #expect(abs(delay - 1800 * 0.25 * 2) < 0.01 * delay)
    // By hand: 225 [(-0.2) + √(0.04 + 4 · 0.8 / 125)].
    let below = ControlDelay.incremental(flow: 400, capacity: 500, period: 0.25)
    #expect(abs(below - 225 * (-0.2 + 0.0656.squareRoot())) < 1e-9)
  }

  @Test("Back of queue at capacity: a red's arrivals and the HCM's random part")
  func backOfQueue() {
    // λ = 0.5, C = 60, s = 1800, X = 1: Q1 = 15 · 0.5 / 0.5; kB = 0.12 · 15^0.7; cT = 225.
    let factor = 0.12 * 6.656925
    let expected = 15 + 0.25 * 225 * (8 * factor / 225).squareRoot()
    let back = ControlDelay.backOfQueue(
      flow: 900, saturationFlow: 1800, effectiveGreen: 30, cycle: 60, queue: 0, period: 0.25)
    #expect(abs(back - expected) < 1e-3)
  }

  @Test("Level of service follows the thresholds; above capacity it is F")
  func levels() {
    let cases: [(Double, LevelOfService)] = [
      (10, .a), (10.1, .b), (20, .b), (35, .c), (55, .d), (80, .e), (80.1, .f),
    ]
    for (delay, level) in cases {
      #expect(LevelOfService(delay: delay, saturation: 0.9) == level)
    }
    #expect(LevelOfService(delay: 5, saturation: 1.01) == .f)
    #expect(LevelOfService.a < .b)
  }

  @Test("Roots undo powers", arguments: 1..<12)
  func roots(degree: Int) {
    for value in [1e-6, 0.3, 1, 7.5, 1e5] {
      #expect(abs(power(root(degree, of: value), degree) - value) < 1e-12 * value)
    }
    #expect(root(degree, of: 0) == 0)
  }
}
