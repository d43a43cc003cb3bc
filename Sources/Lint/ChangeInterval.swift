/// Times of a change of lights, from speed and distance. Speeds in m/s, distances in m, results in s.
enum ChangeInterval {
  /// Perception and reaction, s (ITE kinematic formula; NCHRP 731).
  static let reaction = 1.0
  /// Comfortable deceleration, m/s² (10 ft/s²; NCHRP 731).
  static let deceleration = 3.05
  /// Length of a vehicle that clears, m (ITE: 20 ft).
  static let vehicleLength = 6.0
  private static let gravity = 9.81

  /// The part of the yellow in which a driver brakes: v / (2a + 2Gg). The `grade` is the rise towards the
  /// stop line as a share, so that downhill is negative.
  static func braking(from speed: Double, grade: Double) -> Double {
    speed / (2 * deceleration + 2 * grade * gravity)
  }

  /// Yellow by the kinematic formula: t + v / (2a + 2Gg).
  static func yellow(for speed: Double, grade: Double) -> Double {
    reaction + braking(from: speed, grade: grade)
  }

  /// All-red in which a vehicle that passes the stop line last clears the junction: (W + L) / v.
  static func allRed(across width: Double, at speed: Double) -> Double {
    (width + vehicleLength) / speed
  }
}
