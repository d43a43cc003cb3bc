import Control
import History
import Locking
import Phrases
import Signals

/// Where persons tell the daemon what they want, by whatever way they come: it decides who holds which
/// junction, tells the junctions, and writes down who wanted what, when and why.
///
/// Overrides live in this process alone. A daemon that starts takes up none of those that an earlier one
/// left: it records that they ended with it, and the cabinets' leases have ended them already.
final class Desk: Sendable {
  /// What it is told of itself.
  struct Rules: Sendable {
    /// The longest that an override may last, s.
    let longest: Double
    /// The history's file, for explanations of the past; `nil` without one.
    let historyPath: String?
    /// How far ahead a route may begin, s.
    static let ahead = 86_400.0
    /// How long before a route's stage must be green its junction may prepare for it, s.
    static let preparation = 600.0
    /// For every junction of a large city, more than the day's duty could give.
    static let perEpoch = 1_000_000
  }

  /// An override that lasts, and what is told of it.
  private struct Entry {
    let held: OverrideBoard.Held
    let report: OverrideReport
    let site: Intersection?
  }

  private struct State {
    var board = OverrideBoard()
    var entries: [Entry] = []
    var last = 0
    var isClosed = false
  }

  let rules: Rules
  let fleet: Fleet
  private let history: HistoryWriter?
  private let discipline: WriteDiscipline
  let clock: DaemonClock
  private let epoch: UInt32
  private let state = Guarded(State())

  init(
    _ rules: Rules, fleet: Fleet, history: HistoryWriter?, discipline: WriteDiscipline,
    clock: DaemonClock, epoch: UInt32
  ) {
    self.rules = rules
    self.fleet = fleet
    self.history = history
    self.discipline = discipline
    self.clock = clock
    self.epoch = epoch
  }

  /// Records that what an earlier process left without an end is over.
  func begin() {
    discipline.dropOverride()
    history?.append(.overridesLeft(until: clock.now().utc, how: "the daemon was started again"))
  }

  // MARK: Placing

  /// Does what `request` asks for, or shows it; `done` is called once, on any queue.
  func place(
    _ request: OverrideRequest, for visitor: Visitor, done: @escaping @Sendable (DeskAnswer) -> Void
  ) {
    do throws(DeskProblem) {
      switch request.action {
      case .flash, .allRed: throw OverrideRequest.notOffered(request.action)
      case .writes: return done(try placeOnWrites(request, visitor))
      case .stage, .plan, .dayPlan, .route: break
      }
      let actors = fleet.actors(of: request.concerned)
      for (id, actor) in zip(request.concerned, actors) where actor == nil {
        throw DeskProblem(
          404, Phrase("no junction \(visible(id)) is controlled here", "此处未控制路口 \(visible(id))"))
      }
      let known = actors.compactMap(\.self)
      view(known, of: request) { [self] views in
        do throws(DeskProblem) {
          var seen: [Seen] = []
          for (actor, view) in zip(known, views) { seen.append((actor, try view.get())) }
          done(try place(request, visitor, at: seen))
        } catch {
          done(refuse(error, request, visitor))
        }
      }
    } catch {
      done(refuse(error, request, visitor))
    }
  }

  /// Asks every junction, each on its own queue.
  private func view(
    _ actors: [JunctionActor], of request: OverrideRequest,
    done: @escaping @Sendable ([Result<OverrideView, DeskProblem>]) -> Void
  ) {
    let views = Guarded<[Result<OverrideView, DeskProblem>?]>(actors.map { _ in nil })
    let left = Countdown(actors.count) { done(views.withLock { $0.compactMap(\.self) }) }
    for (position, actor) in actors.enumerated() {
      actor.post { actor in
        let view = actor.view(of: request)
        views.withLock { $0[position] = view }
        left.step()
      }
    }
  }

  private typealias Seen = (actor: JunctionActor, view: OverrideView)

  private func place(
    _ request: OverrideRequest, _ visitor: Visitor, at seen: [Seen]
  ) throws(DeskProblem) -> DeskAnswer {
    let now = clock.now()
    var spans: [Span] = []
    for one in seen { spans.append(try span(of: request, at: one.view.site, now)) }
    return try state.withLock { state throws(DeskProblem) -> DeskAnswer in
      let id = try number(&state, isDry: request.isDryRun)
      let entries = zip(seen, spans).map { one, span in
        entry(request, visitor, id: id, one.view, span)
      }
      let before = state.board
      let over = try put(entries, request, now, &state)
      guard let id else { return answer(200, request, nil, entries, over) }
      // A configuration that was read meanwhile has made other actors, perhaps of other stages.
      let actors = fleet.actors(of: entries.map(\.held.junction))
      guard zip(actors, seen).allSatisfy({ $0 === $1.actor }) else {
        state.board = before
        throw DeskProblem(
          503, Phrase("the configuration was just read again; try again", "配置刚刚重新读取，请重试"))
      }
      state.entries.removeAll { old in over.contains { $0.held == old.held } }
      state.entries += entries
      for one in over { recordEnd(of: one, "taken over by \(visitor.who)", by: visitor, now) }
      tellJunctions(over.map(\.held.junction), state)
      for entry in entries { recordBegin(of: entry, now) }
      tellJunctions(entries.map(\.held.junction), state)
      return answer(201, request, id, entries, over)
    }
  }

  /// The next number; `nil` if nothing is to be done.
  private func number(
    _ state: inout State, isDry: Bool
  ) throws(DeskProblem) -> String? {
    guard !state.isClosed, state.last < Rules.perEpoch else {
      throw DeskProblem(503, Phrase("the daemon is stopping", "守护进程正在停止"))
    }
    guard !isDry else { return nil }
    state.last += 1
    return "\(epoch)-\(state.last)"
  }

  /// Puts `entries` on the board, unless it is only to be shown; tells which it takes away.
  private func put(
    _ entries: [Entry], _ request: OverrideRequest, _ now: Moment, _ state: inout State
  ) throws(DeskProblem) -> [Entry] {
    var board = state.board
    let over: [OverrideBoard.Held]
    do throws(OverrideBoard.Refusal) {
      over = try board.place(
        entries.map(\.held), takingOver: request.takesOver, at: now.monotonic)
    } catch {
      throw problem(error, state)
    }
    if !request.isDryRun { state.board = board }
    return state.entries.filter { over.contains($0.held) }
  }

  private func problem(_ refusal: OverrideBoard.Refusal, _ state: State) -> DeskProblem {
    switch refusal {
    case .full(let limit):
      return DeskProblem(
        503, Phrase("there are \(limit) overrides already", "已有 \(limit) 个干预"))
    case .held(let held):
      let holders = state.entries.filter { held.contains($0.held) }
      let words = holders.prefix(3).map { entry in
        let until = entry.site.map { OverrideWords(site: $0).clock(entry.held.override.ends.utc) }
        return Phrase(
          "\(entry.report.junction) is held by \(entry.report.who) until "
            + "\(until ?? entry.report.ends): \(entry.report.reason)",
          "\(entry.report.junction) 由 \(entry.report.who) 控制至 \(until ?? entry.report.ends)："
            + entry.report.reason)
      }
      return DeskProblem(
        409,
        Phrase(
          words.map { $0.text(.english) }.joined(separator: "; ")
            + "; to end that and take over, say so (--take-over)",
          words.map { $0.text(.chinese) }.joined(separator: "；") + "；如需接管，请明确指定（--take-over）"),
        holders: holders.map(\.report))
    }
  }

  // MARK: Spans and entries

  private struct Span {
    let begins: Moment
    let ready: Moment
    let ends: Moment
  }

  /// From when until when, on both scales: what is said in UTC is turned into monotonic time once, now.
  private func span(
    of request: OverrideRequest, at site: Intersection, _ now: Moment
  ) throws(DeskProblem) -> Span {
    guard let leg = request.route.first(where: { $0.junction == site.id }) else {
      return Span(begins: now, ready: now, ends: now.advanced(bySeconds: try length(request, now)))
    }
    let (from, length) = (leg.from.seconds(since: now.utc), leg.until.seconds(since: leg.from))
    guard length <= rules.longest, leg.until > now.utc, from <= Rules.ahead else {
      throw DeskProblem(
        400,
        Phrase(
          "\(site.id): a green of a route lies within the next 24 h, is not over, and lasts "
            + "\(minutes(rules.longest)) min at most",
          "\(site.id)：路线绿灯须在未来 24 小时内、尚未结束，且不超过 \(minutes(rules.longest)) 分钟"))
    }
    let preparation = min(Rules.preparation, 2 * site.limits.maximumCycle.seconds)
    return Span(
      begins: now.advanced(bySeconds: max(0, from - preparation)),
      ready: now.advanced(bySeconds: max(0, from)), ends: now.advanced(bySeconds: from + length))
  }

  private func length(_ request: OverrideRequest, _ now: Moment) throws(DeskProblem) -> Double {
    let asked =
      request.until.map { $0.seconds(since: now.utc) }
      ?? (request.minutes ?? min(OverrideRequest.usualMinutes, rules.longest / 60)) * 60
    guard asked >= 1, asked <= rules.longest else {
      throw DeskProblem(
        400,
        Phrase(
          "an override ends in the future and after \(minutes(rules.longest)) min at most",
          "干预的结束时间须在将来，且不超过 \(minutes(rules.longest)) 分钟"))
    }
    return asked
  }

  private func minutes(_ seconds: Double) -> String { decimal(seconds / 60, places: 0) }

  private func entry(
    _ request: OverrideRequest, _ visitor: Visitor, id: String?, _ view: OverrideView, _ span: Span
  ) -> Entry {
    let held = OverrideBoard.Held(
      junction: view.site.id,
      override: Override(
        id: id ?? "", action: view.action, who: visitor.name, reason: request.reason,
        begins: span.begins, ready: span.ready, ends: span.ends))
    return Entry(
      held: held,
      report: report(
        request, visitor, id: id, junction: view.site.id, held.override, words: view.words,
        before: view.before), site: view.site)
  }

  private func report(
    _ request: OverrideRequest, _ visitor: Visitor, id: String?, junction: String,
    _ override: Override, words: Phrase, before: Phrase
  ) -> OverrideReport {
    OverrideReport(
      id: id, junction: junction, action: request.action.rawValue, words: Told(words),
      before: Told(before), who: visitor.who, reason: request.reason,
      begins: Log.timestamp(override.begins.utc), ready: Log.timestamp(override.ready.utc),
      ends: Log.timestamp(override.ends.utc))
  }

  private func answer(
    _ status: Int, _ request: OverrideRequest, _ id: String?, _ entries: [Entry], _ over: [Entry]
  ) -> DeskAnswer {
    let reports = entries.map(\.report)
    return DeskAnswer(
      status,
      OverrideAnswer(
        id: id, dry_run: request.isDryRun, from: reports.map(\.begins).min() ?? "",
        until: reports.map(\.ends).max() ?? "", overrides: reports,
        takes_over: over.map(\.report)))
  }

  // MARK: Writing to no cabinet

  /// The switch of all writes, for a while: junction "" stands for the whole installation.
  private func placeOnWrites(
    _ request: OverrideRequest, _ visitor: Visitor
  ) throws(DeskProblem) -> DeskAnswer {
    let now = clock.now()
    let ends = now.advanced(bySeconds: try length(request, now))
    return try state.withLock { state throws(DeskProblem) -> DeskAnswer in
      let id = try number(&state, isDry: request.isDryRun)
      let override = Override(
        id: id ?? "", action: .handOver, who: visitor.name, reason: request.reason, begins: now,
        ends: ends)
      let entry = Entry(
        held: OverrideBoard.Held(junction: "", override: override),
        report: report(
          request, visitor, id: id, junction: "", override,
          words: Phrase(
            "Nothing is written to any cabinet: leases lapse, and every cabinet runs its own plan.",
            "停止对所有信号机的写入：租约到期后，各信号机自主运行本机方案。"), before: discipline.words), site: nil)
      let before = state.board
      let over = try put([entry], request, now, &state)
      guard let id else { return answer(200, request, nil, [entry], over) }
      do throws(DeskProblem) {
        try discipline.stop(
          for: id, "by \(visitor.who) at \(Log.timestamp(now.utc)): \(request.reason)")
      } catch {
        state.board = before
        throw error
      }
      state.entries.removeAll { old in over.contains { $0.held == old.held } }
      state.entries.append(entry)
      for one in over { recordEnd(of: one, "taken over by \(visitor.who)", by: visitor, now) }
      recordBegin(of: entry, now)
      return answer(201, request, id, [entry], over)
    }
  }

  // MARK: Ending

  /// Ends the override `id` for `visitor`; that of another only if `takesOver` says so.
  func end(_ id: String, for visitor: Visitor, takingOver takesOver: Bool) -> DeskAnswer {
    let now = clock.now()
    return state.withLock { state in
      let others = state.board.held.filter {
        $0.override.id == id && $0.override.who != visitor.name
      }
      guard others.isEmpty || takesOver else {
        return DeskAnswer(problem(.held(others), state))
      }
      let over = state.board.release(id)
      guard !over.isEmpty else {
        return DeskAnswer(
          DeskProblem(404, Phrase("no override \(visible(id)) lasts", "没有正在生效的干预 \(visible(id))")))
      }
      let entries = remove(over, &state, "released by \(visitor.who)", by: visitor, now)
      return DeskAnswer(200, OverrideList(self, entries.map(\.report), at: now.utc))
    }
  }

  /// Ends what is over; to be called once a second.
  func look() {
    let now = clock.now()
    state.withLock { state in
      let over = state.board.expire(at: now.monotonic)
      for one in over {
        // When its time was over, whatever the wall clock has done since.
        let late = now.monotonic.seconds(since: one.override.ends.monotonic)
        let end = Moment(
          monotonic: one.override.ends.monotonic, utc: now.utc.advanced(bySeconds: -late))
        _ = remove([one], &state, "its time was over", by: nil, end)
      }
    }
  }

  /// Ends the overrides of `junctions`, whose configuration has changed or gone.
  func forget(_ junctions: [String]) {
    let now = clock.now()
    state.withLock { state in
      let over = state.board.release(junctions: junctions)
      _ = remove(over, &state, "the junction's configuration was read anew", by: nil, now)
    }
  }

  /// Ends everything, and places nothing more.
  func close() {
    let now = clock.now()
    state.withLock { state in
      state.isClosed = true
      _ = remove(state.board.releaseAll(), &state, "the daemon was stopped", by: nil, now)
    }
  }

  private func remove(
    _ over: [OverrideBoard.Held], _ state: inout State, _ how: String, by visitor: Visitor?,
    _ at: Moment
  ) -> [Entry] {
    let entries = state.entries.filter { over.contains($0.held) }
    state.entries.removeAll { over.contains($0.held) }
    for entry in entries {
      recordEnd(of: entry, how, by: visitor, at)
      if entry.held.junction.isEmpty { discipline.allow(after: entry.held.override.id) }
    }
    tellJunctions(over.map(\.junction), state)
    return entries
  }

  /// Everything that lasts.
  func list() -> DeskAnswer {
    let entries = state.withLock { $0.entries.map(\.report) }
    return DeskAnswer(200, OverrideList(self, entries, at: clock.now().utc))
  }

  fileprivate var longestMinutes: Double { rules.longest / 60 }

  /// Under the lock, so that junctions hear of changes in their order.
  private func tellJunctions(_ junctions: [String], _ state: State) {
    for (junction, actor) in zip(junctions, fleet.actors(of: junctions)) {
      let wanted = state.board.overrides(of: junction)
      actor?.post { $0.override(by: wanted) }
    }
  }

  // MARK: Records

  private func refuse(
    _ problem: DeskProblem, _ request: OverrideRequest, _ visitor: Visitor
  ) -> DeskAnswer {
    if !request.isDryRun {
      act(
        "override refused", by: visitor, at: nil,
        "\(request.action.rawValue) \(request.concerned.prefix(20).joined(separator: ",")): "
          + "\(request.reason); \(problem.status): \(problem.words.text(.english))", clock.now())
    }
    return DeskAnswer(problem)
  }

  /// Somebody who may not, or cannot be understood, wanted something.
  func turnAway(_ visitor: Visitor, _ problem: DeskProblem) -> DeskAnswer {
    act(
      "request refused", by: visitor, at: nil,
      "\(problem.status): \(problem.words.text(.english))", clock.now())
    return DeskAnswer(problem)
  }

  private func recordBegin(of entry: Entry, _ now: Moment) {
    let (report, override) = (entry.report, entry.held.override)
    history?.append(
      .override(
        RecordedOverride(
          intersection: report.junction, at: now, number: override.id, action: report.action,
          who: report.who, reason: report.reason, begins: override.begins.utc,
          ends: override.ends.utc, before: report.before.en, after: report.words.en)))
    act(
      "override", who: report.who, at: report.junction,
      "\(override.id) \(report.action) until \(report.ends): \(report.reason)", now)
    Log.write(
      .warning, "override", at: now.utc,
      [
        ("junction", report.junction), ("id", override.id), ("action", report.action),
        ("who", report.who), ("until", report.ends), ("why", report.reason),
        ("what", report.words.en), ("before", report.before.en),
      ])
  }

  private func recordEnd(of entry: Entry, _ how: String, by visitor: Visitor?, _ now: Moment) {
    let (report, id) = (entry.report, entry.held.override.id)
    history?.append(
      .overrideEnded(number: id, intersection: report.junction, until: now.utc, how: how))
    act(
      "override ended", who: visitor?.who ?? "", at: report.junction, "\(id) \(how)", now)
    Log.write(
      .notice, "override ended", at: now.utc,
      [("junction", report.junction), ("id", id), ("how", how)])
  }

  private func act(
    _ act: String, by visitor: Visitor, at junction: String?, _ detail: String, _ now: Moment
  ) {
    self.act(act, who: visitor.who, at: junction, detail, now)
    Log.write(
      .warning, act, at: now.utc,
      [("who", visitor.who), ("what", detail)])
  }

  private func act(
    _ act: String, who: String, at junction: String?, _ detail: String, _ now: Moment
  ) {
    let place = junction.flatMap { $0.isEmpty ? nil : $0 }
    history?.append(
      .act(OperatorAct(intersection: place, at: now, who: who, act: act, detail: detail)))
  }
}

extension OverrideList {
  init(_ desk: Desk, _ overrides: [OverrideReport], at utc: UTC) {
    self.init(
      format: Self.format, at: Log.timestamp(utc), longest_minutes: desk.longestMinutes,
      overrides: overrides)
  }
}
