import Signals

/// Tells by who may go, at a lane that two kinds of vehicles share, which kind its first vehicle is.
///
/// While one kind alone has green, a vehicle that crosses is of that kind, and one that stays at the stop
/// line is of the other. So each first vehicle is one draw of the lane's mix, seen without anybody seeing
/// where it turns. A vehicle that stays is known by its patience alone, so those who go count only if
/// there was as much time left when they came to the stop line: else the end of green would favour them.
struct TurnWatch: Sendable, Equatable, Codable {
  /// Which kinds may go.
  enum Open: Sendable, Equatable, Codable {
    /// None, or nobody knows.
    case none
    /// All.
    case all
    /// One kind, 0 or 1; who of it must look for a gap may stand for a while.
    case one(Int, yields: Bool)
  }

  /// First vehicles of each kind.
  struct Draws: Sendable, Equatable, Codable {
    var kinds = [0.0, 0.0]

    mutating func add(_ number: Double, of kind: Int) { kinds[kind] += number }
  }

  /// Records must be no longer, s: of a longer one nobody knows when somebody crossed.
  static let longestRecord = 5.0

  /// Of who went before the first record of a green nobody tells: a headway passes within that, s.
  static let lateStart = 1.0

  /// Who has right of way and has not gone for so long has no green: start-up and two headways, s.
  static let patience = 6.0

  /// Likewise for who must look for a gap, s: HCM 6 gap acceptance lets one go within that at 1000 veh/h.
  static let patienceForGap = 20.0

  /// One green in which one kind may go.
  private struct Window: Sendable, Equatable, Codable {
    let from: UTC
    let kind: Int
    let patience: Double
    /// Since when the first vehicle has been at the stop line; `nil` while nobody is.
    var headSince: UTC?
    /// When those who have crossed came to the stop line, and how many.
    var crossed: [Crossing] = []
    /// Whether the first vehicle has been found to be of the other kind.
    var isBlocked = false
  }

  private struct Crossing: Sendable, Equatable, Codable {
    let at: UTC
    let number: Double
  }

  private var window: Window?
  /// Whether the first vehicle is no new draw: it was seen before, or nobody knows.
  private var isHeadOld = true
  /// End of the last record.
  private var end: UTC?

  /// Takes in a record within one stretch of the signals.
  ///
  /// - Parameters:
  ///   - vehicles: How many crossed.
  ///   - standing: How many stood at its end.
  ///   - start: Its begin.
  ///   - end: Its end.
  ///   - open: Who may go throughout; `nil` if that changed within it.
  ///   - since: Since when that has been so.
  /// - Returns: Draws that are certain now.
  mutating func note(
    _ vehicles: Double, standing: Double, from start: UTC, to end: UTC, open: Open?, since: UTC
  ) -> Draws {
    var draws = Draws()
    if self.end != start {
      // Nobody knows what passed between.
      window = nil
      isHeadOld = true
    }
    defer { self.end = end }
    if let window, window.from != since || open == nil {
      draws = close(window, at: start)
    }
    guard case .one(let kind, let yields) = open, end.seconds(since: start) <= Self.longestRecord
    else {
      if vehicles > 0 { isHeadOld = false }
      return draws
    }
    // Of those who may go some have gone by now, and who stays is more often one who may not.
    if window == nil, start.seconds(since: since) > Self.lateStart { isHeadOld = true }
    var now =
      window
      ?? Window(
        from: since, kind: kind, patience: yields ? Self.patienceForGap : Self.patience,
        headSince: standing > 0 ? start : nil)
    take(vehicles, standing: standing, from: start, to: end, &now)
    if !now.isBlocked, let head = now.headSince, end.seconds(since: head) >= now.patience {
      now.isBlocked = true
      if !isHeadOld { draws.add(1, of: 1 - kind) }
      isHeadOld = true
    }
    window = now
    return draws
  }

  private mutating func take(
    _ vehicles: Double, standing: Double, from start: UTC, to end: UTC, _ window: inout Window
  ) {
    if vehicles > 0 {
      // Who was found to stay and went all the same, or was seen before, is no draw.
      let fresh = vehicles - (isHeadOld ? 1 : 0)
      if fresh > 0 {
        window.crossed.append(Crossing(at: window.headSince ?? start, number: fresh))
      }
      isHeadOld = false
      window.isBlocked = false
      window.headSince = standing > 0 ? end : nil
    } else if standing > 0 {
      window.headSince = window.headSince ?? start
    } else {
      window.headSince = nil
    }
  }

  /// What a window tells that ended at `end`.
  private mutating func close(_ window: Window, at end: UTC) -> Draws {
    var draws = Draws()
    for crossing in window.crossed where end.seconds(since: crossing.at) >= window.patience {
      draws.add(crossing.number, of: window.kind)
    }
    // Who came too late to be told apart is not counted later either: of those who came with him, the
    // ones who went are not.
    if window.headSince != nil { isHeadOld = true }
    self.window = nil
    return draws
  }
}
