import Counts
public import Signals

/// Which share of a shared lane's vehicles takes each of its streams, as far as that can be seen.
///
/// Nobody sees where a vehicle turns. But in a stage that lets only some streams of a lane go, who crosses
/// is of them and who stays is of the others (`TurnWatch`). That tells of a lane of its own whose camera
/// reports often enough, with its queue; everywhere else the site file's shares stand.
public struct TurnShares: Sendable, Equatable, Codable {
  /// What is known of one shared lane group.
  public struct Shares: Sendable, Equatable, Codable {
    /// Share of each movement, in the order of the lane group's; together 1.
    public let shares: [Double]
    /// Vehicles whose kind was seen, lately: of fewer than `enough` the site file's shares are most of it.
    public let seen: Double

    /// Whether they are seen rather than configured.
    public var isSeen: Bool { seen >= TurnShares.enough }
  }

  /// What the site file's shares weigh beside what is seen, in vehicles.
  static let weightOfPrior = 20.0

  /// Vehicles from which a share is called seen: as many tell a half with a standard deviation of 0.09.
  static let enough = 30.0

  /// After which what was seen counts for 1/e, s: turns change from hour to hour.
  static let memory = 3600.0

  /// Records that wait to be told who might go meanwhile: those of one change of stages.
  private static let waitingLimit = 64

  private struct Waiting: Sendable, Equatable, Codable {
    let vehicles: Double
    let standing: Double
    let start: UTC
    let end: UTC
  }

  /// A lane whose streams fall into two kinds, of which some stage lets one go alone.
  private struct Lane: Sendable, Equatable, Codable {
    let detector: Int
    let laneGroup: Int
    /// Share of each movement as the site file has it.
    let configured: [Double]
    /// The kind, 0 or 1, of each movement.
    let kinds: [Int]
    /// Who may go in each stage.
    let open: [TurnWatch.Open]
    var phases = TurnPhases()
    var waiting: [Waiting] = []
    var watch = TurnWatch()
    var tally = TurnWatch.Draws()
    var at: UTC?

    /// Tells apart whoever can be told apart by now.
    mutating func look() {
      while let next = waiting.first, let phase = phases.phase(from: next.start, to: next.end) {
        waiting.removeFirst()
        let draws = watch.note(
          next.vehicles, standing: next.standing, from: next.start, to: next.end, open: phase.open,
          since: phase.from)
        guard draws.kinds != [0, 0] else { continue }
        tally = remembered(at: next.end)
        for kind in 0...1 { tally.add(draws.kinds[kind], of: kind) }
        at = next.end
      }
    }

    func remembered(at moment: UTC) -> TurnWatch.Draws {
      guard let at else { return tally }
      let share = exponential(-max(0, moment.seconds(since: at)) / TurnShares.memory)
      return TurnWatch.Draws(kinds: tally.kinds.map { $0 * share })
    }
  }

  private var lanes: [Lane]

  /// Nothing has been seen yet at `junction`.
  public init(at junction: Intersection) {
    lanes = junction.laneGroups.indices.compactMap { laneGroup in
      let own = junction.detectors.indices.filter {
        junction.detectors[$0].laneGroup == laneGroup
      }
      // Of lanes side by side nobody knows which first vehicle holds which one up.
      guard junction.laneGroups[laneGroup].lanes == 1, let detector = own.first,
        let kinds = kinds(of: laneGroup, at: junction)
      else { return nil }
      let movements = junction.laneGroups[laneGroup].movements
      return Lane(
        detector: detector, laneGroup: laneGroup, configured: movements.map(\.share), kinds: kinds,
        open: junction.stages.map { whoGoes(in: $0, movements: movements, kinds: kinds) })
    }
  }

  /// Notes that `stage` has been green, or none, from `start` to `end`.
  mutating func pass(from start: UTC, to end: UTC, stage: Int?) {
    for lane in lanes.indices {
      lanes[lane].phases.pass(from: start, to: end, open: stage.map { lanes[lane].open[$0] })
      lanes[lane].look()
    }
  }

  /// Takes in a record of `detector`, whose clock is `behind` seconds behind.
  mutating func observe(_ record: CountRecord, at detector: Int, behind: Double) {
    guard let lane = lanes.firstIndex(where: { $0.detector == detector }),
      let count = record.count, let queue = record.queue
    else { return }
    lanes[lane].waiting.append(
      Waiting(
        vehicles: count.total, standing: queue, start: record.start.advanced(bySeconds: behind),
        end: record.end.advanced(bySeconds: behind)))
    if lanes[lane].waiting.count > Self.waitingLimit { lanes[lane].waiting.removeFirst() }
    lanes[lane].look()
  }

  /// Shares of the movements of all lane groups at `moment`: `configured`, but where they can be seen.
  func shares(at moment: UTC, configured: [[Double]]) -> [[Double]] {
    var all = configured
    for lane in lanes.indices {
      let laneGroup = lanes[lane].laneGroup
      if let seen = shares(of: laneGroup, at: moment) { all[laneGroup] = seen.shares }
    }
    return all
  }

  /// Shares of the movements of `laneGroup` at `moment`; `nil` where nobody can see them.
  public func shares(of laneGroup: Int, at moment: UTC) -> Shares? {
    guard let lane = lanes.first(where: { $0.laneGroup == laneGroup }) else { return nil }
    let tally = lane.remembered(at: moment)
    let seen = tally.kinds[0] + tally.kinds[1]
    let first = zip(lane.configured, lane.kinds).reduce(0) { $0 + ($1.1 == 0 ? $1.0 : 0) }
    let share = (first * Self.weightOfPrior + tally.kinds[0]) / (Self.weightOfPrior + seen)
    // Within a kind nobody sees who is who: there the site file's proportion stays.
    let parts = [(share, first), (1 - share, 1 - first)]
    return Shares(
      shares: zip(lane.configured, lane.kinds).map { movement, kind in
        let (now, before) = parts[kind]
        return before > 0
          ? movement * now / before : now / Double(lane.kinds.count { $0 == kind })
      }, seen: seen)
  }
}

/// The kind, 0 or 1, of each movement of a lane group, if all stages that let only some go divide them in
/// the same way; else `nil`.
private func kinds(of laneGroup: Int, at junction: Intersection) -> [Int]? {
  let movements = junction.laneGroups[laneGroup].movements
  var kinds: [Int]?
  for stage in junction.stages {
    let isOpen = movements.map { $0.signalGroup.map(stage.serves) ?? true }
    guard Set(isOpen).count == 2 else { continue }
    // Kind 0 is that of the first movement.
    let found = isOpen.map { $0 == isOpen[0] ? 0 : 1 }
    guard kinds == nil || kinds == found else { return nil }
    kinds = found
  }
  return kinds
}

/// Who of a lane may go in a stage.
private func whoGoes(in stage: Stage, movements: [Movement], kinds: [Int]) -> TurnWatch.Open {
  let free = zip(movements, kinds).filter { $0.0.signalGroup.map(stage.serves) ?? true }
  guard let first = free.first else { return .none }
  guard free.allSatisfy({ $0.1 == first.1 }) else { return .all }
  let yields = free.contains { $0.0.signalGroup.map { !stage.green.contains($0) } ?? true }
  return .one(first.1, yields: yields)
}
