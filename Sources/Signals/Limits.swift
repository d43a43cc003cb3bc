/// What a plan and a change of plan must keep to, beside the times of each stage.
///
/// Zero means "no such limit" for the fields that say so.
public struct Limits: Sendable, Equatable, Codable {
  /// Shortest cycle (最小周期).
  public let minimumCycle: Tenths

  /// Longest cycle (最大周期).
  public let maximumCycle: Tenths

  /// Longest time any lane group or crossing may wait for green (最长红灯).
  public let longestRed: Tenths

  /// Largest change of a stage's green from one cycle's plan to the next; zero: no limit.
  public let largestChange: Tenths

  /// Shortest time between two plans; zero: no limit.
  public let planInterval: Tenths

  /// Shortest notice before a running stage may end; zero: none needed.
  public let notice: Tenths

  /// Limits of one junction.
  public init(
    minimumCycle: Tenths, maximumCycle: Tenths, longestRed: Tenths,
    largestChange: Tenths = .zero, planInterval: Tenths = .zero, notice: Tenths = .zero
  ) {
    self.minimumCycle = minimumCycle
    self.maximumCycle = maximumCycle
    self.longestRed = longestRed
    self.largestChange = largestChange
    self.planInterval = planInterval
    self.notice = notice
  }

  /// The stricter of two sets of limits, field by field.
  public func stricter(than other: Limits) -> Limits {
    Limits(
      minimumCycle: max(minimumCycle, other.minimumCycle),
      maximumCycle: min(maximumCycle, other.maximumCycle),
      longestRed: min(longestRed, other.longestRed),
      largestChange: smallerSet(largestChange, other.largestChange),
      planInterval: max(planInterval, other.planInterval),
      notice: max(notice, other.notice))
  }
}

/// The smaller of two limits of which zero means none.
private func smallerSet(_ a: Tenths, _ b: Tenths) -> Tenths {
  if a == .zero { return b }
  return b == .zero ? a : min(a, b)
}
