import Control
import Dispatch
import History
import Locking
public import Phrases
public import Signals

/// What is replayed, and how.
public struct ReplayOptions: Sendable {
  /// The first moment that is compared; `nil` for the first there is.
  public var from: UTC?
  /// The first moment that no longer is; `nil` for all there is.
  public var until: UTC?
  /// Identifiers of the junctions that are replayed; empty for all.
  var junctions: [String] = []
  /// Junctions in place of the recorded ones of their identifiers.
  public var sites: [Intersection] = []
  /// Another pace for all junctions.
  public var pace: Pace?
  /// Version of this program.
  public var program: String
  /// Whether the history of another version may be replayed.
  public var takesOtherPrograms = false
  /// Sessions that are replayed at the same time.
  public var workers = 1

  /// The whole history under the recorded configuration, by version `program`.
  public init(program: String) { self.program = program }
}

/// Why a history cannot be replayed: what is missing, and what can be done.
public struct ReplayError: WordedError, Hashable {
  /// For the person who must act.
  public let words: Phrase

  init(_ words: Phrase) { self.words = words }

  init(_ english: String, _ chinese: String) { self.init(Phrase(english, chinese)) }
}

/// Runs the recorded counts and readings of a history through the very decisions that were made on them.
public struct HistoryReplay: Sendable {
  let path: String
  let options: ReplayOptions
  let plan: [JunctionPlan]

  /// What is to be done for one junction.
  struct JunctionPlan: Sendable {
    let sessions: [SessionSetup]
    /// For each session the configuration in place of the recorded one; `nil` if it is the same.
    let changed: [SiteSnapshot?]

    var isChanged: Bool { changed.contains { $0 != nil } }
    /// The configuration of the last session, or what takes its place.
    var recorded: SiteSnapshot { sessions[sessions.count - 1].snapshot }
    var new: SiteSnapshot { changed[changed.count - 1] ?? recorded }

    /// Whether the recorded readings can be decided on under the new configuration.
    var isComparable: Bool {
      zip(sessions, changed).allSatisfy { setup, changed in
        changed.map { setup.snapshot.isComparable(with: $0) } ?? true
      }
    }
  }

  /// Reads what the history at `path` has.
  ///
  /// - Throws: `HistoryError` or `ReplayError` if it cannot be replayed.
  public init(path: String, options: ReplayOptions) throws {
    self.path = path
    self.options = options
    let reader = try HistoryReader(path: path)
    var plan: [JunctionPlan] = []
    var stored: [[StoredSession]] = []
    for junction in try options.junctions(of: reader, path) {
      let sessions = try reader.sessions(of: junction)
      stored.append(sessions.filter { options.concerns($0, of: sessions) })
    }
    stored.removeAll(where: \.isEmpty)
    guard !stored.isEmpty else { throw try Self.nothing(in: reader, path, options) }
    // Of each session a state of some 70 kB is read.
    let all = try parallel(stored, workers: options.workers) { sessions in
      try sessions.reduce(into: [SessionSetup]()) { setups, session in
        setups.append(try SessionSetup(session, after: setups.last, options: options, path: path))
      }
    }
    let latest = all.compactMap { $0.last?.snapshot.site }
    for sessions in all {
      let changed = sessions.map { options.changed($0.snapshot, among: latest) }
      plan.append(JunctionPlan(sessions: sessions, changed: changed))
    }
    self.plan = plan
  }

  var span: Range<UTC> { options.span }

  private var isChanged: Bool { plan.contains(where: \.isChanged) }

  /// Junctions of the recording, as they were set up last.
  public var sites: [Intersection] { plan.map(\.recorded.site) }

  /// Names of the sites that were given and that the history knows nothing of.
  public var unknownSites: [String] {
    options.sites.map(\.id).filter { id in !plan.contains { $0.recorded.site.id == id } }
  }

  /// Junctions whose configuration is another one than the recorded.
  public var changedSites: [String] {
    plan.filter(\.isChanged).map(\.recorded.site.id)
  }

  /// Local midnight, at its junction, of the day on which the first session of the history at `path` began;
  /// `nil` if there is none.
  ///
  /// - Throws: `HistoryError` if the history cannot be read.
  public static func firstMidnight(of path: String) throws -> UTC? {
    guard let first = try HistoryReader(path: path).firstSession(),
      let site = SiteSnapshot(text: first.session.configuration)?.site
    else { return nil }
    let day: Int64 = 86_400_000
    let zone = Int64(site.timeZoneMinutes) * 60_000
    let local = first.session.at.utc.milliseconds + zone
    return UTC(milliseconds: local - ((local % day) + day) % day - zone)
  }

  private static func nothing(
    in reader: HistoryReader, _ path: String, _ options: ReplayOptions
  ) throws(HistoryError) -> ReplayError {
    if try reader.hasDecisionsWithoutSession() {
      return ReplayError(
        "\(path): its decisions were recorded by a greensplit that did not keep what they "
          + "were made on (configurations and cabinets' readings are missing); only what this "
          + "version records can be replayed",
        "\(path)：记录这些决策的 greensplit 未保存其依据（缺少配置和信号机读数）；只能重放本版本所作的记录")
    }
    let isBounded = options.from != nil || options.until != nil
    return isBounded
      ? ReplayError("\(path): nothing was recorded in that time", "\(path)：该时段没有任何记录")
      : ReplayError("\(path): nothing was recorded", "\(path)：没有任何记录")
  }

  /// What came of it, and what the cameras of each junction counted.
  func replayed(
    _ progress: @escaping @Sendable (Double) -> Void
  ) throws -> (result: ReplayResult, flows: [RecordedFlows]) {
    let outcomes = try parallel(jobs, workers: options.workers, progress: progress) { job in
      try run(job, with: try HistoryReader(path: path))
    }
    guard outcomes.joined().contains(where: { $0.inside > 0 || $0.gap != nil }) else {
      throw ReplayError(
        "\(path): nothing was decided in that time", "\(path)：该时段没有任何决策")
    }
    var junctions = plan.map { plan in
      JunctionReplay(
        junction: plan.recorded.site.id, stages: StageTally(of: plan.recorded.site),
        isChanged: plan.isChanged, isComparable: plan.isComparable)
    }
    var flows = plan.map { RecordedFlows(of: $0.recorded.site) }
    for (job, outcomes) in zip(jobs, outcomes) {
      for outcome in outcomes {
        junctions[job.junction].add(outcome)
        flows[job.junction].add(outcome.flows)
      }
    }
    return (
      ReplayResult(junctions: junctions, isChanged: isChanged), flows
    )
  }

  // MARK: Jobs

  /// Sessions of one junction that are decided one after the other.
  private struct Job: Sendable {
    let junction: Int
    let sessions: Range<Int>
  }

  /// Under its own configuration every session stands for itself: it has the state that it began with.
  /// Under another one the state goes from session to session.
  private var jobs: [Job] {
    plan.enumerated().flatMap { position, plan -> [Job] in
      guard !plan.isChanged else {
        return [Job(junction: position, sessions: plan.sessions.indices)]
      }
      return plan.sessions.indices.map { Job(junction: position, sessions: $0..<($0 + 1)) }
    }
  }

  private func run(
    _ job: Job, with reader: HistoryReader
  ) throws(HistoryError) -> [SessionReplay.Outcome] {
    let plan = plan[job.junction]
    var outcomes: [SessionReplay.Outcome] = []
    var controller: IntersectionController?
    for position in job.sessions {
      let setup = plan.sessions[position]
      // Where the new configuration cannot be compared, the recorded one tells counts and stages.
      let changed = plan.isComparable ? plan.changed[position] : nil
      let readings = try reader.readings(of: setup.stored)
      var replay = SessionReplay(
        setup, changed: changed, span: options.span, reader: reader,
        countsFlows: isChanged, goingOnFrom: controller)
      outcomes.append(try replay.run(readings))
      controller = replay.controller
    }
    return outcomes
  }
}

extension JunctionReplay {
  mutating func add(_ outcome: SessionReplay.Outcome) {
    sessions += 1
    ticks += outcome.ticks
    if isComparable {
      decisions += outcome.compared
      differing += outcome.differing
      otherPlans += outcome.otherPlans
      firstDifference = firstDifference ?? outcome.first
    }
    if let gap = outcome.gap { gaps.append(gap) }
    stages.add(outcome.stages)
  }
}

extension ReplayOptions {
  /// Which junctions of a history are wanted.
  func junctions(of reader: HistoryReader, _ path: String) throws -> [String] {
    let known = try reader.intersections()
    guard !junctions.isEmpty else { return known }
    if let unknown = junctions.first(where: { !known.contains($0) }) {
      let names = known.joined(separator: ", ")
      throw ReplayError(
        "\(path): knows no junction \(unknown), but \(names)", "\(path)：没有路口 \(unknown)，现有 \(names)"
      )
    }
    return known.filter { junctions.contains($0) }
  }

  var span: Range<UTC> {
    let from = from ?? UTC(milliseconds: .min)
    return from..<max(from, until ?? UTC(milliseconds: .max))
  }

  /// Whether a session reaches into the span: it lasts until the next one of its junction begins.
  func concerns(_ stored: StoredSession, of all: [StoredSession]) -> Bool {
    guard stored.session.at.utc < span.upperBound else { return false }
    let next = all.first { $0.id > stored.id }
    return next.map { $0.session.at.utc > span.lowerBound } ?? true
  }

  /// The configuration in place of `recorded`; `nil` if it is the same.
  func changed(_ recorded: SiteSnapshot, among latest: [Intersection]) -> SiteSnapshot? {
    let given = sites.first { $0.id == recorded.site.id }
    var site = given ?? recorded.site
    if let pace { site = site.controlled(by: site.control.with(pace: pace)) }
    // Neighbours are looked up anew only if something was given: those that were recorded may have
    // been others in between.
    let neighbours = latest.map { old in sites.first { $0.id == old.id } ?? old }
    let inbound = sites.isEmpty ? recorded.inbound : site.inboundDetectors(among: neighbours)
    let new = SiteSnapshot(site: site, inbound: inbound)
    return new.decides(as: recorded) ? nil : new
  }
}

extension SiteSnapshot {
  /// Whether decisions under `other` can be made on what was read under this one: at the same moments,
  /// of the same stages, lamps and cameras.
  func isComparable(with other: SiteSnapshot) -> Bool {
    site.control.pace == other.site.control.pace
      && site.stages.map(\.name) == other.site.stages.map(\.name)
      && site.signalGroups.map(\.name) == other.site.signalGroups.map(\.name)
  }
}

extension SessionSetup {
  /// What the texts of `stored` say; `before` is the session before it, whose configuration is mostly the
  /// same.
  init(
    _ stored: StoredSession, after before: SessionSetup?, options: ReplayOptions, path: String
  ) throws(ReplayError) {
    let session = stored.session
    func refuse(_ english: String, _ chinese: String) -> ReplayError {
      let (junction, number, epoch) = (session.intersection, session.number, session.epoch)
      return ReplayError(
        "\(path): \(junction), session \(number) of epoch \(epoch): \(english)",
        "\(path)：\(junction)，任期号 \(epoch) 的第 \(number) 段：\(chinese)")
    }
    guard stored.isIntact else {
      throw refuse(
        "the recorded configuration is damaged; restore a backup of the history",
        "所记录的配置已损坏；请恢复历史数据库的备份")
    }
    guard session.program == options.program || options.takesOtherPrograms else {
      throw refuse(
        "recorded by greensplit \(session.program), this is \(options.program), which may decide "
          + "otherwise; replay with greensplit \(session.program), or compare the two versions with "
          + "--any-version",
        "由 greensplit \(session.program) 记录，本程序为 \(options.program)，决策可能不同；"
          + "请用 greensplit \(session.program) 重放，或用 --any-version 比较两个版本")
    }
    let state = session.state.map { ControllerState(text: $0) }
    let isSame = before?.stored.session.configuration == session.configuration
    let known = isSame ? before?.snapshot : SiteSnapshot(text: session.configuration)
    guard let snapshot = known, state != .some(nil) else {
      throw refuse(
        "its configuration is one of greensplit \(session.program), which this version cannot read",
        "其配置来自 greensplit \(session.program)，本版本无法读取")
    }
    self.init(stored: stored, snapshot: snapshot, state: state ?? nil)
  }
}

/// Does `work` for each of `jobs` on so many threads.
///
/// - Returns: The results in the order of the jobs; the first error in that order is thrown.
func parallel<Job: Sendable, Result: Sendable>(
  _ jobs: [Job], workers: Int, progress: @escaping @Sendable (Double) -> Void = { _ in },
  _ work: @escaping @Sendable (Job) throws -> Result
) throws -> [Result] {
  let state = Guarded(ParallelState<Result>(results: jobs.map { _ in nil }))
  DispatchQueue.concurrentPerform(iterations: max(1, min(workers, jobs.count))) { _ in
    while true {
      let mine = state.withLock { state -> Int in
        defer { state.next += 1 }
        return state.next
      }
      guard mine < jobs.count else { return }
      let result = Swift.Result { try work(jobs[mine]) }
      let done = state.withLock { state -> Int in
        state.results[mine] = result
        state.done += 1
        return state.done
      }
      progress(Double(done) / Double(jobs.count))
    }
  }
  return try state.withLock { try $0.results.compactMap { try $0?.get() } }
}

/// How far `parallel` is.
private struct ParallelState<Result: Sendable>: Sendable {
  var next = 0
  var done = 0
  var results: [Swift.Result<Result, any Error>?]
}
