public import Signals

/// How often the stages of one junction were green and for how long, as the cabinet's reports tell.
public struct StageTally: Sendable, Equatable, Codable {
  /// One stage.
  public struct Stage: Sendable, Equatable, Codable {
    /// Its name.
    public let name: String
    /// How often it became green.
    public fileprivate(set) var runs = 0
    /// Its green in all of them, s.
    public fileprivate(set) var green = 0.0

    /// Mean green, s; zero if it never ran.
    public var mean: Double { runs == 0 ? 0 : green / Double(runs) }
  }

  /// The stages, in the order of the site.
  public private(set) var stages: [Stage]

  /// Time over which it was told, s.
  public private(set) var seconds = 0.0

  private var running: (stage: Int, green: Double)?
  private var last: Instant?

  private enum CodingKeys: String, CodingKey { case stages, seconds }

  /// A tally of `site` that has seen nothing yet.
  public init(of site: Intersection) { stages = site.stages.map { Stage(name: $0.name) } }

  /// Whether both saw the same.
  public static func == (a: StageTally, b: StageTally) -> Bool {
    a.stages == b.stages && a.seconds == b.seconds
  }

  /// Takes in what the cabinet said last at the tick `moment`.
  mutating func observe(_ report: CabinetReport?, at moment: Moment) {
    if let last { seconds += max(0, moment.monotonic.seconds(since: last)) }
    last = moment.monotonic
    guard let report else { return }
    let isGreen = report.subState == .green
    let green = report.timeInState.seconds
    if let before = running, !isGreen || before.stage != report.stage || green < before.green {
      stages[before.stage].green += before.green
      running = nil
    }
    guard isGreen, stages.indices.contains(report.stage) else { return }
    if running == nil { stages[report.stage].runs += 1 }
    running = (report.stage, green)
  }

  /// Adds what another one has seen of the same junction.
  mutating func add(_ other: StageTally) {
    guard other.stages.count == stages.count else { return }
    for position in stages.indices {
      stages[position].runs += other.stages[position].runs
      stages[position].green += other.stages[position].green
    }
    seconds += other.seconds
  }
}
