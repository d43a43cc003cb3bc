/// Members by when they are due, to within a step: a wheel of buckets, each a step of time. Thousands
/// of deadlines that nearly always come to nothing cost an append each, and one timer for all.
///
/// Times are monotonic nanoseconds. Nothing is given out before it is due, and nothing later than a
/// step after.
struct DeadlineWheel<Member> {
  /// Length of a step, ns: a 64th of the daemon's deadline for an answer.
  static var step: UInt64 { 16_000_000 }

  private static var size: UInt64 { 128 }

  private var buckets: [[(due: UInt64, member: Member)]]
  /// The first step that has not been looked at.
  private var cursor: UInt64

  /// A wheel without members.
  init(at now: UInt64) {
    buckets = Array(repeating: [], count: Int(Self.size))
    cursor = now / Self.step + 1
  }

  /// Gives `member` back once `due` has passed.
  mutating func add(_ member: Member, due: UInt64) {
    // What lies beyond a turn is looked at once a turn.
    let place = min(max(due / Self.step + 1, cursor), cursor + Self.size - 1)
    buckets[Int(place % Self.size)].append((due, member))
  }

  /// Those that are due at `now`, in the order of their steps.
  mutating func take(at now: UInt64) -> [Member] {
    var due: [Member] = []
    let last = now / Self.step
    while cursor <= last {
      let place = Int(cursor % Self.size)
      cursor += 1
      guard !buckets[place].isEmpty else { continue }
      let found = buckets[place]
      buckets[place].removeAll(keepingCapacity: true)
      for entry in found {
        if entry.due <= now { due.append(entry.member) } else { add(entry.member, due: entry.due) }
      }
    }
    return due
  }

  /// When to `take` next; `nil` without members.
  var next: UInt64? {
    (cursor..<cursor + Self.size).first { !buckets[Int($0 % Self.size)].isEmpty }
      .map { $0 * Self.step }
  }
}
