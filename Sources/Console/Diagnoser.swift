public import Signals

/// Finds what is wrong with the traffic at one junction, second by second.
///
/// Degrees of saturation are those of the last three rounds, so that one unlucky cycle is no trouble.
public struct Diagnoser: Sendable {
  /// Rounds that are looked at together.
  static let rounds = 3
  /// Saturation that is full enough for an imbalance to matter: beyond it delay grows steeply
  /// (practical capacity, Webster and Cobbe 1966).
  static let full = 0.9
  /// Difference of degrees of saturation that more green could heal. Delay is least about where
  /// degrees of saturation of the critical streams are equal (Webster 1958).
  static let uneven = 0.4
  /// Share of the storage that a queue fills just before it blocks; HCM's queue storage ratio is
  /// over 1 when it has. Trouble ends below `cleared`.
  static let nearStorage = 0.9
  /// See `nearStorage`.
  static let cleared = 0.75
  /// Seconds that a queue must be that long.
  static let spillbackPatience = 10.0
  /// Share of a window's time whose loss is worth telling.
  static let waste = 0.1
  /// Seconds out of step that a green wave does not forgive.
  static let outOfStep = 5.0

  private let site: Intersection
  private var round: RoundTally?
  private var past: [RoundTally] = []
  private var steps: [Double] = []
  private var before: Moment?
  private var stageBefore: Int?
  private var longQueueSince: [Instant?]

  /// What is wrong now.
  public private(set) var troubles: [Trouble] = []

  /// Degree of saturation of each lane group over the last rounds; `nil` while unknown.
  public private(set) var saturations: [Double?]

  /// A diagnoser of `site` that has seen nothing yet.
  public init(_ site: Intersection) {
    self.site = site
    saturations = site.laneGroups.map { _ in nil }
    longQueueSince = site.laneGroups.map { _ in nil }
  }

  /// Looks at one second.
  public mutating func look(at second: JunctionSecond) {
    precondition(second.laneGroups.count == site.laneGroups.count, "each lane group")
    defer { before = second.at }
    let passed = before.map { second.at.monotonic.seconds(since: $0.monotonic) } ?? 0
    guard let report = second.report, site.stages.indices.contains(report.stage), passed <= 5,
      report.source.offersControl
    else {
      // A gap: what was begun cannot be finished.
      round = nil
      past = []
      steps = []
      return tell([], at: second.at.utc)
    }
    if isRoundOver(report) { close(report) }
    if round == nil { round = RoundTally(stage: report.stage, at: site) }
    round?.add(second, report, for: max(0, passed), at: site)
    stageBefore = report.stage
    tell(spillbacks(second) + ofRounds(), at: second.at.utc)
  }

  private func isRoundOver(_ report: CabinetReport) -> Bool {
    guard let round else { return false }
    return report.stage == round.stage && stageBefore != report.stage
      || round.seconds >= site.limits.maximumCycle.seconds
  }

  private mutating func close(_ report: CabinetReport) {
    guard let round else { return }
    past = Array((past + [round]).suffix(Self.rounds))
    steps = Array((steps + [report.secondsOutOfStep ?? 0]).suffix(Self.rounds))
    self.round = nil
    saturations = site.laneGroups.indices.map { position in
      let known = past.compactMap { saturation(of: position, in: $0) }
      return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }
  }

  private func saturation(of position: Int, in round: RoundTally) -> Double? {
    let group = site.laneGroups[position]
    guard group.isSignalled else { return nil }
    return round.degreeOfSaturation(of: position, saturationFlow: group.saturationFlow)
  }

  // MARK: What is wrong

  private typealias Finding = (kind: TroubleKind, place: String, value: Double)

  private mutating func spillbacks(_ second: JunctionSecond) -> [Finding] {
    var worst: Finding?
    for (position, group) in site.laneGroups.enumerated() where group.storage > 0 {
      let share = second.laneGroups[position].queue / group.storage
      let wasTold = troubles.contains { $0.kind == .spillback && $0.place == group.name }
      guard share >= (wasTold ? Self.cleared : Self.nearStorage) else {
        longQueueSince[position] = nil
        continue
      }
      let since = longQueueSince[position] ?? second.at.monotonic
      longQueueSince[position] = since
      guard second.at.monotonic.seconds(since: since) >= Self.spillbackPatience else { continue }
      if share > worst?.value ?? 0 { worst = (.spillback, group.name, share) }
    }
    return worst.map { [$0] } ?? []
  }

  private func ofRounds() -> [Finding] {
    guard past.count == Self.rounds else { return [] }
    return [oversaturation, imbalance, wastedGreen, lostCoordination].compactMap(\.self)
  }

  /// The lane group that was beyond its capacity in each of the rounds.
  private var oversaturation: Finding? {
    var worst: Finding?
    for (position, group) in site.laneGroups.enumerated() {
      let each = past.map { saturation(of: position, in: $0) ?? 0 }
      guard each.allSatisfy({ $0 > 1 }), let mean = saturations[position] else { continue }
      if mean > worst?.value ?? 0 { worst = (.oversaturation, group.name, mean) }
    }
    return worst
  }

  /// The largest difference of degrees of saturation. A lane group that had no more green than it must
  /// have can give none away, and does not count as the emptiest.
  private var imbalance: Finding? {
    var fullest: (position: Int, value: Double)?
    var emptiest: Double?
    for (position, value) in saturations.enumerated() {
      guard let value else { continue }
      if value > fullest?.value ?? 0 { fullest = (position, value) }
      if hadMoreThanItMust(position), value < emptiest ?? .infinity { emptiest = value }
    }
    guard let fullest, let emptiest, fullest.value >= Self.full,
      fullest.value - emptiest >= Self.uneven
    else { return nil }
    return (.imbalance, site.laneGroups[fullest.position].name, fullest.value - emptiest)
  }

  private func hadMoreThanItMust(_ position: Int) -> Bool {
    let groups = site.laneGroups[position].movements.compactMap(\.signalGroup)
    let least = site.stages.filter { stage in groups.contains { stage.serves($0) } }
      .map(\.shortestGreen.seconds).reduce(0, max)
    return past.allSatisfy { $0.green[position] > least + 1 }
  }

  private var wastedGreen: Finding? {
    let byStage = site.stages.indices.map { stage in past.reduce(0) { $0 + $1.wasted[stage] } }
    let total = past.reduce(0) { $0 + $1.seconds }
    let lost = byStage.reduce(0, +)
    guard total > 0, lost / total >= Self.waste,
      let worst = byStage.indices.max(by: { byStage[$0] < byStage[$1] })
    else { return nil }
    return (.wastedGreen, site.stages[worst].name, lost / total)
  }

  private var lostCoordination: Finding? {
    // A cabinet finds back into step within two cycles of a new plan; three out of it are too many.
    guard steps.count == Self.rounds, steps.allSatisfy({ abs($0) > Self.outOfStep }),
      let last = steps.last
    else { return nil }
    return (.lostCoordination, "", abs(last))
  }

  /// Takes the findings over; what was wrong before keeps its beginning.
  private mutating func tell(_ findings: [Finding], at utc: UTC) {
    troubles = findings.map { finding in
      let known = troubles.first { $0.kind == finding.kind }
      return Trouble(
        kind: finding.kind, place: finding.place, value: finding.value,
        since: known?.since ?? utc)
    }
  }
}

extension CabinetReport {
  /// Seconds that the running cycle begins after (positive) or before the multiple of its cycle that
  /// its offset asks for; `nil` for a plan that keeps no step.
  var secondsOutOfStep: Double? {
    guard let plan, let cycle = plan.cycle?.seconds, cycle > 0 else { return nil }
    let begin = at.utc.seconds - timeInCycle.seconds - plan.offset.seconds
    let late = begin.truncatingRemainder(dividingBy: cycle)
    let wrapped = late < 0 ? late + cycle : late
    return wrapped > cycle / 2 ? wrapped - cycle : wrapped
  }
}
