public import Signals

/// Why the plan that runs was chosen.
public struct Why: Sendable, Equatable {
  /// One sentence for people.
  public let text: String
  /// Cost over the horizon, weighted vehicle-seconds; `nil` without a choice.
  public let cost: Double?
  /// The best alternative in words, and its cost.
  public let alternative: (text: String, cost: Double)?
  /// Plans that the safety check refused on the way.
  public let refused: [String]

  /// Why a decision was made.
  public init(
    text: String, cost: Double? = nil, alternative: (text: String, cost: Double)? = nil,
    refused: [String] = []
  ) {
    self.text = text
    self.cost = cost
    self.alternative = alternative
    self.refused = refused
  }

  /// Whether both say the same.
  public static func == (a: Why, b: Why) -> Bool {
    a.text == b.text && a.cost == b.cost && a.refused == b.refused
      && a.alternative?.text == b.alternative?.text && a.alternative?.cost == b.alternative?.cost
  }
}

/// One junction as the console shows it, after one decision.
public struct JunctionPicture: Sendable {
  /// The junction.
  public let site: Intersection
  /// The second that it shows.
  public let second: JunctionSecond
  /// Rung of the degrade ladder.
  public let level: DegradeLevel
  /// Why no better one.
  public let cause: String
  /// Since when it stands there for that cause.
  public let since: UTC
  /// Why it was decided so.
  public let why: Why
  /// Why the plan that was sent last was sent; `nil` before the first.
  public let orderWhy: Why?
  /// Degree of saturation of each lane group over the last rounds; `nil` while unknown.
  public let saturations: [Double?]
  /// What is wrong.
  public let troubles: [Trouble]
}

/// Follows one junction: each decision is looked at, the last picture is kept.
public struct JunctionWatch: Sendable {
  private let site: Intersection
  private var diagnoser: Diagnoser

  /// The last day.
  public private(set) var course = DayCourse()

  /// The junction after the last decision; `nil` before the first.
  public private(set) var picture: JunctionPicture?

  /// A watch of `site` that has seen nothing yet.
  public init(_ site: Intersection) {
    self.site = site
    diagnoser = Diagnoser(site)
  }

  /// Looks at one decision.
  ///
  /// - Parameters:
  ///   - second: What it was made on.
  ///   - level: The rung that it stands on.
  ///   - cause: Why no better one.
  ///   - why: Why it chose as it did.
  ///   - isOrder: Whether a plan was sent.
  public mutating func look(
    at second: JunctionSecond, level: DegradeLevel, cause: String, why: Why, isOrder: Bool
  ) {
    diagnoser.look(at: second)
    let isSame = picture?.level == level && picture?.cause == cause
    let since = isSame ? picture?.since ?? second.at.utc : second.at.utc
    let blind = blindTrouble(second)
    let fault = faultTrouble(second)
    let troubles = diagnoser.troubles + [blind, fault].compactMap(\.self)
    course.add(second, saturations: diagnoser.saturations, troubles: troubles)
    picture = JunctionPicture(
      site: site, second: second, level: level, cause: cause, since: since, why: why,
      orderWhy: isOrder ? why : picture?.orderWhy,
      saturations: diagnoser.saturations, troubles: troubles)
  }

  private func blindTrouble(_ second: JunctionSecond) -> Trouble? {
    let blind = zip(site.laneGroups, second.laneGroups).filter {
      $0.isSignalled && $1.trust <= 0
    }
    guard let first = blind.first else { return nil }
    return trouble(.noCounts, first.0.name, Double(blind.count), second)
  }

  private func faultTrouble(_ second: JunctionSecond) -> Trouble? {
    guard let report = second.report, report.criticalFaults | report.otherFaults != 0 else {
      return nil
    }
    return trouble(.fault, "", Double(report.criticalFaults), second)
  }

  /// What was wrong before keeps its beginning.
  private func trouble(
    _ kind: TroubleKind, _ place: String, _ value: Double, _ second: JunctionSecond
  ) -> Trouble {
    let known = picture?.troubles.first { $0.kind == kind }
    return Trouble(kind: kind, place: place, value: value, since: known?.since ?? second.at.utc)
  }
}
