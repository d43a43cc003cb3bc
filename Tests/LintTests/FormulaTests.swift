import Signals
import Testing

@testable import Lint

@Suite("The formulas of the trade")
struct FormulaTests {
  @Test(
    "Yellow at 40, 50, 60 and 70 km/h is as published",
    arguments: zip([40.0, 50, 60, 70], [2.8, 3.3, 3.7, 4.2]))
  func published(speed: Double, seconds: Double) {
    #expect(abs(ChangeInterval.yellow(for: speed / 3.6, grade: 0) - seconds) < 0.05)
  }

  /// A driver who sees yellow at `distance` has two ways out.
  private func isTrapped(
    at distance: Double, _ speed: Double, _ grade: Double, yellow: Double, reaction: Double
  ) -> Bool {
    let braking = ChangeInterval.deceleration + 9.81 * grade
    let stops = distance >= speed * reaction + speed * speed / (2 * braking)
    let passes = distance <= speed * yellow
    return !stops && !passes
  }

  @Test("Yellow leaves no driver trapped between stopping and passing, and less would")
  func noDilemma() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<200 {
      let speed = Double.random(in: 5...30, using: &random)
      let grade = Double.random(in: -0.1...0.1, using: &random)
      let yellow = ChangeInterval.yellow(for: speed, grade: grade)
      let warned = ChangeInterval.braking(from: speed, grade: grade)
      for (time, reaction) in [(yellow, 1.0), (warned, 0)] {
        // Half a centimetre further or nearer is no matter of signals.
        let distances = stride(from: 0.0, to: 300, by: 0.25)
        let trapped = { (yellow: Double) in
          distances.contains {
            self.isTrapped(at: $0, speed, grade, yellow: yellow, reaction: reaction)
          }
        }
        #expect(!trapped(time + 0.001))
        #expect(trapped(time - 0.1))
      }
    }
  }

  @Test("All-red lets a vehicle of six metres leave the junction")
  func allRed() {
    #expect(abs(ChangeInterval.allRed(across: 24, at: 10) - 3) < 1e-9)
  }

  @Test("Times are rounded up to the tenth, and a whole tenth stays")
  func rounding() {
    #expect(roundedUp(3.28) == Tenths(33))
    #expect(roundedUp(3.3) == Tenths(33))
    #expect(roundedUp(12 / 1.2) == .seconds(10))
    #expect(roundedUp(3.3001) == Tenths(34))
  }
}
