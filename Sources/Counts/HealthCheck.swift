public import Signals

/// The checks that every detector is held to.
public enum HealthCheck: String, Sendable, CaseIterable, Codable {
  /// Nothing comes.
  case missing
  /// No vehicle while neighbours flow.
  case zero
  /// Never free and nobody crosses.
  case stuck
  /// More vehicles than fit through.
  case chatter
  /// Figures that no road has.
  case range
  /// The very same figures again and again.
  case constant
  /// Occupancy, speed and count do not fit together.
  case ratio
  /// Other than what came off the stop lines upstream.
  case balance
  /// Far off what is usual at this weekday and time.
  case profile
  /// Darkness, weather, or the camera's own doubt.
  case condition
  /// More or less than its usual share of its approach and of the junction.
  case share
  /// Other than the cabinet's own loops in its lanes.
  case loop
  /// Other than comes off a standing queue in green.
  case discharge
}

/// How far a detector can be relied on.
public enum HealthGrade: Int, Sendable, Comparable, Codable {
  /// It reports as it should.
  case ok = 0
  /// Something may be wrong: it counts half.
  case suspect = 1
  /// It is of no use.
  case fault = 2

  /// Whether `a` is the better one.
  public static func < (a: HealthGrade, b: HealthGrade) -> Bool { a.rawValue < b.rawValue }
}

/// What one check has against a detector.
public struct HealthFinding: Sendable, Equatable, Codable {
  /// The check.
  public let check: HealthCheck

  /// How bad it is.
  public let grade: HealthGrade

  /// Since when it has been so.
  public let since: UTC

  /// What is wrong, in words: "no record".
  public let words: String

  /// `check` finds that it is as `words` say, since `since`.
  init(_ check: HealthCheck, _ grade: HealthGrade, since: UTC, _ words: String) {
    self.check = check
    self.grade = grade
    self.since = since
    self.words = words
  }
}

/// What is thought of a detector, since when and why.
public struct DetectorVerdict: Sendable, Equatable, Codable {
  /// The worst of all findings.
  public var grade: HealthGrade { worst?.grade ?? .ok }

  /// All that speaks against it, in the order of the checks.
  public let findings: [HealthFinding]

  /// Of what `findings` say.
  init(_ findings: [HealthFinding] = []) { self.findings = findings }

  /// The finding that decides: the worst, of equal ones the oldest.
  public var worst: HealthFinding? {
    findings.min { (-$0.grade.rawValue, $0.since) < (-$1.grade.rawValue, $1.since) }
  }
}
