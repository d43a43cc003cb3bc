import Signals

extension TrafficModel {
  /// Lets in, in the order in which they came, those for whom there is room.
  mutating func admit(from now: Double, to end: Double) {
    for source in sources.indices {
      let group = sources[source].group
      while sources[source].arrivals.next < end {
        let arrival = sources[source].arrivals.take()
        outside[group].append(newVehicle(due: arrival.at, random: arrival.random, in: group))
        totals.due += 1
      }
    }
    for group in outside.indices {
      while let vehicle = outside[group].first {
        guard let lane = lane(of: group, for: vehicle.stream) else {
          isRefusing[group] = true
          break
        }
        var entering = outside[group].removeFirst()
        entering.reach = max(entering.due, now) + network.groups[group].freeFlow
        totals.entered += 1
        join(lane, entering)
      }
    }
  }

  private func newVehicle(due: Double, random: SeededGenerator, in group: Int) -> Vehicle {
    var vehicle = Vehicle(due: due, random: random)
    choose(for: &vehicle, in: group)
    vehicle.freeCrossing = due + network.groups[group].freeFlow
    return vehicle
  }

  /// Draws where a vehicle goes at the end of a lane group.
  func choose(for vehicle: inout Vehicle, in group: Int) {
    let place = network.groups[group]
    var draw = vehicle.random.unit()
    // Shares may add up to a little less than 1: the last stream takes what is left.
    vehicle.stream = place.streams.count - 1
    for (position, stream) in place.streams.enumerated() {
      if draw < stream.share {
        vehicle.stream = position
        break
      }
      draw -= stream.share
    }
    draw = vehicle.random.unit()
    vehicle.link = nil
    for (position, link) in place.downstream.enumerated() {
      if draw < link.share {
        vehicle.link = position
        break
      }
      draw -= link.share
    }
  }

  /// The lane of a group that a vehicle of `stream` joins: those that turn keep to their side if
  /// there is room, others go where fewest are; `nil` if the group is full.
  func lane(of group: Int, for stream: Int) -> Int? {
    let place = network.groups[group]
    var best: Int?
    for lane in place.lanes where lanes[lane].vehicles.count < place.room {
      if best.map({ lanes[lane].vehicles.count < lanes[$0].vehicles.count }) ?? true { best = lane }
    }
    guard place.streams.count > 1, best != nil else { return best }
    let side: Int
    switch place.streams[stream].turn {
    case .uTurn, .left: side = place.lanes.lowerBound
    case .right: side = place.lanes.upperBound - 1
    case .through: return best
    }
    return lanes[side].vehicles.count < place.room ? side : best
  }

  /// Puts a vehicle at the end of a lane; nobody overtakes in it.
  mutating func join(_ lane: Int, _ vehicle: Vehicle) {
    var vehicle = vehicle
    if let last = lanes[lane].vehicles.last { vehicle.reach = max(vehicle.reach, last.reach) }
    lanes[lane].vehicles.append(vehicle)
  }
}
