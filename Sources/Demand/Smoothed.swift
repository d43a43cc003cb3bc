/// A mean that forgets with a time constant, and is a plain mean until that much time has been seen.
struct Smoothed: Sendable, Equatable, Codable {
  /// The mean of what was seen; zero before anything was.
  private(set) var value = 0.0

  /// Time seen so far, up to the time constant's order, s.
  private(set) var seen = 0.0

  private let timeConstant: Double

  /// A mean that forgets over `timeConstant` seconds.
  init(timeConstant: Double) { self.timeConstant = timeConstant }

  /// Takes in a value that held for `seconds`.
  mutating func observe(_ observed: Double, for seconds: Double) {
    guard seconds > 0 else { return }
    seen += seconds
    let share = max(seconds / seen, 1 - exponential(-seconds / timeConstant))
    value += share * (observed - value)
  }
}
