import Signals

/// A vehicle on its way through the network.
struct Vehicle: Sendable {
  /// Draws its turns, so that they do not depend on what others do.
  var random: SeededGenerator
  /// When it wanted to enter the network, s.
  let tripDue: Double
  /// What it has lost at the junctions passed so far.
  var lost = Visit()

  /// When it wanted to enter its lane group, s.
  var due: Double
  /// When it would have crossed the stop line if nobody and nothing had held it up, s.
  var freeCrossing: Double
  /// When it reaches the stop line or the place in the queue that stands for it, s.
  var reach: Double
  /// Position among the streams of its lane group.
  var stream = 0
  /// Position among the links of its lane group; `nil` if it leaves the network.
  var link: Int?
  /// Standing time of its lane when it joined the queue, s.
  var stoodAtJoin = 0.0
  /// Halts of its lane before the first that it took part in.
  var haltsAtJoin = 0

  init(due: Double, random: SeededGenerator) {
    self.random = random
    tripDue = due
    self.due = due
    freeCrossing = due
    reach = due
  }
}

/// What one vehicle lost at one junction, or on its whole trip.
struct Visit: Sendable {
  /// Time lost against free flow, s.
  var delay = 0.0
  /// Time standing, s.
  var wait = 0.0
  /// Times it came to a stand.
  var stops = 0

  static func += (sum: inout Visit, visit: Visit) {
    sum.delay += visit.delay
    sum.wait += visit.wait
    sum.stops += visit.stops
  }
}

/// Vehicles one behind the other, in an array whose used-up front is cut off now and then.
struct VehicleQueue: Sendable {
  private var storage: [Vehicle] = []
  private var front = 0

  var count: Int { storage.count - front }
  var isEmpty: Bool { front == storage.count }
  var first: Vehicle? { isEmpty ? nil : storage[front] }
  var last: Vehicle? { isEmpty ? nil : storage[storage.count - 1] }

  subscript(position: Int) -> Vehicle {
    get { storage[front + position] }
    set { storage[front + position] = newValue }
  }

  mutating func append(_ vehicle: Vehicle) { storage.append(vehicle) }

  mutating func removeFirst() -> Vehicle {
    precondition(!isEmpty, "nobody is there")
    let vehicle = storage[front]
    front += 1
    // Half of at least 64: each vehicle is moved about once on average.
    if front >= 64 && front * 2 >= storage.count {
      storage.removeFirst(front)
      front = 0
    }
    return vehicle
  }
}

/// One lane in front of a stop line.
struct Lane: Sendable {
  /// Why its first vehicle stands.
  enum Hold: Sendable {
    /// The lamps.
    case signal
    /// No room where it wants to go.
    case destination
  }

  /// Vehicles in it and on the way to it, the first at the stop line.
  var vehicles = VehicleQueue()
  /// Vehicles of those that have reached the queue.
  var queue = 0
  /// When the next vehicle may cross, a saturation headway after the one before, s.
  var freeAt = -Double.infinity
  /// When the last vehicle crossed, s.
  var lastCrossing = -Double.infinity
  /// Why its first vehicle stands; `nil` while it moves or is empty.
  var hold: Hold?
  /// Part of a headway that the first vehicle still needs when the lane moves again, s.
  var headwayLeft = 0.0
  /// When it last began to move after a halt, s.
  var movingSince = -Double.infinity
  /// Time it has stood so far, s.
  var stood = 0.0
  /// Times it has come to a halt.
  var halts = 0
  /// Vehicles that have crossed the stop line.
  var crossed = 0

  /// Takes those into the queue who have reached it by `end`.
  mutating func settle(until end: Double) {
    while queue < vehicles.count, vehicles[queue].reach < end {
      vehicles[queue].stoodAtJoin = stood
      vehicles[queue].haltsAtJoin = halts - (hold == nil ? 0 : 1)
      queue += 1
    }
  }
}
