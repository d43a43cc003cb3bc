import Signals

/// Who of a shared lane might go, and when: stages, and the changes between them, in which those go on who
/// have green before and after.
struct TurnPhases: Sendable, Equatable, Codable {
  /// A time in which the same vehicles might go.
  struct Phase: Sendable, Equatable, Codable {
    let from: UTC
    var until: UTC
    /// Who might go; `nil` while some still might in yellow, or nobody knows.
    let open: TurnWatch.Open?
  }

  /// How long after the end of green drivers still go (HCM 6, ch. 19: extension of effective green), s.
  static let yellowUsed = 2.0

  /// No change of stages takes longer: else nobody knows what the signals show, s.
  static let longestChange = 20.0

  /// Oldest first: as far back as records may come late.
  private var phases: [Phase] = []
  /// The change that has begun and not ended: until then nobody knows who goes on.
  private var change: Phase?

  /// Notes that a stage in which `open` may go has been green from `start` to `end`; `nil`: none has.
  mutating func pass(from start: UTC, to end: UTC, open: TurnWatch.Open?) {
    guard let open else {
      var now = change ?? Phase(from: start, until: end, open: nil)
      now.until = end
      change = now
      if end.seconds(since: now.from) > Self.longestChange {
        change = Phase(from: end, until: end, open: nil)
        add(now.from, end, nil)
      }
      return
    }
    if let change { conclude(change, before: open) }
    add(start, end, open)
  }

  /// The phase in which all of an interval lies, or one of an unknown kind; `nil` while that is not known yet.
  func phase(from start: UTC, to end: UTC) -> Phase? {
    guard let last = phases.last, end <= last.until else { return nil }
    return phases.last { $0.from <= start && end <= $0.until }
      ?? Phase(from: start, until: end, open: nil)
  }

  /// Takes in a change between stages that has ended.
  private mutating func conclude(_ change: Phase, before next: TurnWatch.Open) {
    self.change = nil
    guard let before = phases.last, before.until == change.from, let first = before.open else {
      return add(change.from, change.until, nil)
    }
    let both = first.and(next)
    guard both != first else { return add(change.from, change.until, both) }
    let red = min(change.until, change.from.advanced(bySeconds: Self.yellowUsed))
    add(change.from, red, nil)
    if red < change.until { add(red, change.until, both) }
  }

  private mutating func add(_ start: UTC, _ end: UTC, _ open: TurnWatch.Open?) {
    if let last = phases.last, last.open == open, last.until == start {
      phases[phases.count - 1].until = end
    } else {
      phases.append(Phase(from: start, until: end, open: open))
    }
    if phases.count > 64 { phases.removeFirst() }
  }
}

extension TurnWatch.Open {
  /// Who may go in both.
  func and(_ other: TurnWatch.Open) -> TurnWatch.Open {
    switch (self, other) {
    case (.none, _), (_, .none): .none
    case (.all, let some), (let some, .all): some
    case (.one(let kind, let yields), .one(let same, let alsoYields)):
      kind == same ? .one(kind, yields: yields || alsoYields) : .none
    }
  }
}
