/// Short lists of ways, each the cheapest of those offered, in room that is allocated once.
///
/// Ways of one origin mostly differ by seconds only and would push out those that differ in more: no
/// more than `alike` of an origin are kept.
struct Shortlists<Way: Sendable>: Sendable {
  /// How many ways a list holds, and what an offer must be below to be taken: infinite until the list
  /// is full.
  private struct Head: Sendable {
    var count = 0
    var limit = Float.infinity
  }

  /// What a way was estimated at, and where it came from.
  private struct Entry: Sendable {
    var estimate: Float = 0
    var origin: Int32 = 0
  }

  private let room: Int
  private var length = 0
  private var alike = 0
  private var heads: [Head]
  private var entries: [Entry]
  private var ways: [Way]

  /// Room for `count` lists of at most `room` ways, filled with `blank`; they are to be cleared before
  /// the first use.
  init(count: Int, room: Int, blank: Way) {
    self.room = room
    heads = Array(repeating: Head(), count: count)
    entries = Array(repeating: Entry(), count: count * room)
    ways = Array(repeating: blank, count: count * room)
  }

  /// Empties every list, for up to `length` ways, `alike` of an origin.
  mutating func clear(length: Int, alike: Int) {
    precondition(length <= room && alike >= 1, "as many ways as there is room for")
    self.length = length
    self.alike = alike
    heads.withUnsafeMutableBufferPointer { $0.update(repeating: Head()) }
  }

  /// The places of a list's ways.
  @inline(__always)
  func places(_ list: Int) -> Range<Int> { list * length..<(list * length + heads[list].count) }

  /// What a way was estimated at.
  @inline(__always)
  func estimate(_ place: Int) -> Float { entries[place].estimate }

  /// What the cheapest way of a list was estimated at; infinite if there is none.
  func least(_ list: Int) -> Float {
    var least = Float.infinity
    for place in places(list) { least = min(least, entries[place].estimate) }
    return least
  }

  /// The way at a place.
  @inline(__always)
  subscript(_ place: Int) -> Way { ways[place] }

  /// What an offer to a list must be below, whatever its origin.
  @inline(__always)
  func limit(_ list: Int) -> Float { heads[list].limit }

  /// Where an offer would be taken: in the place of the dearest of its origin if there are enough of
  /// these, else in free room, or in the place of the dearest of all; `nil` if all these are cheaper.
  ///
  /// Lists are a handful of ways, so that they are looked through: to keep them in order, or a limit
  /// for each origin, takes longer.
  @inline(__always)
  func place(_ list: Int, for estimate: Float, from origin: Int) -> Int? {
    guard estimate < heads[list].limit else { return nil }
    let all = places(list)
    var same = 0
    var dearest = all.upperBound
    var most = -Float.infinity
    let sought = Int32(truncatingIfNeeded: origin)
    // Without the buffer each access checks bounds and owner.
    entries.withUnsafeBufferPointer { entries in
      for place in all where entries[place].origin == sought {
        same += 1
        if entries[place].estimate > most {
          most = entries[place].estimate
          dearest = place
        }
      }
      guard same < alike else { return }
      most = -.infinity
      dearest = all.upperBound
      guard all.count == length else { return }
      for place in all where entries[place].estimate > most {
        most = entries[place].estimate
        dearest = place
      }
    }
    return same < alike || estimate < most ? dearest : nil
  }

  /// Takes a way at the place where it would be taken.
  @inline(__always)
  mutating func take(_ way: Way, at estimate: Float, from origin: Int, _ list: Int, _ place: Int) {
    ways[place] = way
    let first = list * length
    var head = heads[list]
    if place == first + head.count { head.count += 1 }
    entries.withUnsafeMutableBufferPointer { entries in
      entries[place] = Entry(estimate: estimate, origin: Int32(truncatingIfNeeded: origin))
      guard head.count == length else { return }
      head.limit = -.infinity
      for place in first..<(first + length) {
        head.limit = max(head.limit, entries[place].estimate)
      }
    }
    heads[list] = head
  }
}
