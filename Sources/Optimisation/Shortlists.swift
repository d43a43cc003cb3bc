/// Short lists of ways, each the cheapest of those offered, in room that is allocated once.
///
/// Ways of one origin mostly differ by seconds only and would push out those that differ in more: no
/// more than `alike` of an origin are kept.
struct Shortlists<Way: Sendable>: Sendable {
  /// A way's rank in its list.
  private struct Entry: Sendable {
    var estimate: Float = 0
    var origin: UInt16 = 0
    var slot: UInt16 = 0
  }

  private let length: Int
  private let alike: Int
  private let origins: Int
  private var counts: [Int]
  /// What an offer must be below to be taken: infinite until a list is full; and, by
  /// `list * origins + origin`, until there are enough of one origin.
  private var limits: [Float]
  private var limitsOfOrigins: [Float]
  /// The cheapest first.
  private var entries: [Entry]
  private var ways: [Way]

  /// `count` empty lists of at most `length` ways, from `origins` origins; `blank` fills the room.
  init(count: Int, length: Int, alike: Int, origins: Int, blank: Way) {
    self.length = length
    self.alike = alike
    self.origins = origins
    counts = Array(repeating: 0, count: count)
    limits = Array(repeating: .infinity, count: count)
    limitsOfOrigins = Array(repeating: .infinity, count: count * origins)
    entries = Array(repeating: Entry(), count: count * length)
    ways = Array(repeating: blank, count: count * length)
  }

  /// Empties every list.
  mutating func clear() {
    counts.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    limits.withUnsafeMutableBufferPointer { $0.update(repeating: .infinity) }
    limitsOfOrigins.withUnsafeMutableBufferPointer { $0.update(repeating: .infinity) }
  }

  /// How many ways a list holds.
  @inline(__always)
  func count(_ list: Int) -> Int { counts[list] }

  /// Where a way of a list is, the cheapest first.
  @inline(__always)
  func place(_ list: Int, _ rank: Int) -> Int {
    list * length + Int(entries[list * length + rank].slot)
  }

  /// What a way of a list was estimated at, the cheapest first.
  @inline(__always)
  func estimate(_ list: Int, _ rank: Int) -> Float { entries[list * length + rank].estimate }

  /// The way at a place.
  @inline(__always)
  subscript(_ place: Int) -> Way { ways[place] }

  /// Whether an offer would be taken.
  @inline(__always)
  func isOpen(_ list: Int, to estimate: Float, from origin: Int) -> Bool {
    estimate < limits[list] && estimate < limitsOfOrigins[list * origins + origin]
  }

  /// Takes a way for which the list is open, instead of the dearest of its origin, or of all if there
  /// is no room.
  mutating func take(_ way: Way, at estimate: Float, from origin: Int, _ list: Int) {
    let first = list * length
    let limit = list * origins + origin
    let isFull = limitsOfOrigins[limit] < .infinity
    var count = counts[list]
    // Without the buffer each access checks bounds and owner, a third of the whole search.
    let slot = entries.withUnsafeMutableBufferPointer { entries in
      var hole = first + count
      if isFull {
        repeat { hole -= 1 } while Int(entries[hole].origin) != origin
      } else if count == length {
        hole -= 1
        limitsOfOrigins[list * origins + Int(entries[hole].origin)] = .infinity
      } else {
        entries[hole].slot = UInt16(truncatingIfNeeded: count)
        count += 1
      }
      let slot = entries[hole].slot
      while hole > first, entries[hole - 1].estimate > estimate {
        entries[hole] = entries[hole - 1]
        hole -= 1
      }
      entries[hole] = Entry(
        estimate: estimate, origin: UInt16(truncatingIfNeeded: origin), slot: slot)
      var same = 0
      for place in first..<(first + count) where Int(entries[place].origin) == origin {
        same += 1
        if same == alike { limitsOfOrigins[limit] = entries[place].estimate }
      }
      if count == length { limits[list] = entries[first + length - 1].estimate }
      return Int(slot)
    }
    counts[list] = count
    ways[first + slot] = way
  }
}
