import Signals

/// Until when traffic may pass under the lamps of one signal group.
struct SignalState: Sendable {
  /// What it shows.
  private(set) var lamp = Lamp.red
  /// Whether those who go must give way; kept through flashing green and yellow.
  private(set) var yields = false
  /// End of the time in which it may be passed, s; once it has ended, the last one.
  private(set) var usableUntil = -Double.infinity

  /// Whether no signal is given at all, and everybody feels his way across.
  var isUncontrolled: Bool { lamp == .dark || lamp == .flashingYellow }

  /// Takes over what is shown from `time` on; of a yellow, `extension` seconds are used.
  mutating func show(_ lamp: Lamp, at time: Double, extension: Double) {
    self.lamp = lamp
    switch lamp {
    case .green: yields = false
    case .permissiveGreen: yields = true
    case .flashingGreen, .yellow: break
    case .red, .redYellow, .dark, .flashingYellow: yields = false
    }
    switch lamp {
    case .green, .permissiveGreen, .flashingGreen, .dark, .flashingYellow: usableUntil = .infinity
    case .yellow: usableUntil = min(usableUntil, time + `extension`)
    case .red, .redYellow: usableUntil = min(usableUntil, time)
    }
  }
}
