import Signals

/// What becomes of the first vehicle of a lane within a step.
private enum Passage {
  /// It crosses at this time, and the next one not before `headway` has passed.
  case crosses(at: Double, headway: Double)
  /// It moves and crosses in a later step.
  case later
  /// It stands and waits for a gap in the traffic to which it gives way.
  case waits
  /// It stands since `since`.
  case held(Lane.Hold, since: Double)
}

extension TrafficModel {
  /// Lets the vehicles of one lane cross the stop line.
  mutating func discharge(_ lane: Int, from now: Double, to end: Double) {
    var stands = false
    start(lane, at: now)
    while let first = lanes[lane].vehicles.first, first.reach < end {
      switch passage(of: first, in: lane, from: now, to: end) {
      case .crosses(let time, let headway):
        cross(lane, at: time, headway: headway)
        continue
      case .later: break
      case .waits: stands = true
      case .held(let reason, let since):
        stands = true
        halt(lane, for: reason, since: since, first: first)
      }
      break
    }
    stands = !sneak(lane, from: now, to: end) && stands
    if stands { lanes[lane].stood += end - now }
  }

  /// Sets a standing lane in motion if what held it is gone: a start costs the start-up loss.
  private mutating func start(_ lane: Int, at now: Double) {
    guard lanes[lane].hold != nil else { return }
    guard let first = lanes[lane].vehicles.first else {
      lanes[lane].hold = nil
      return
    }
    guard usableUntil(first, in: lane) > now, hasRoom(for: first, in: lane) else { return }
    lanes[lane].hold = nil
    lanes[lane].movingSince = now
    lanes[lane].freeAt = startTime(of: lane, at: now)
  }

  /// When the first vehicle of a standing lane crosses that may go from `now` on.
  func startTime(of lane: Int, at now: Double) -> Double {
    now + settings.behaviour.startUpLoss + lanes[lane].headwayLeft
  }

  private mutating func halt(_ lane: Int, for reason: Lane.Hold, since: Double, first: Vehicle) {
    guard lanes[lane].hold == nil else {
      lanes[lane].hold = reason
      return
    }
    let headway = network.groups[network.lanes[lane].group].headway
    // A vehicle that was on its way across when the green ended needs only the rest of its headway,
    // so that green is used in whole over many cycles rather than rounded down to vehicles.
    let rest = lanes[lane].freeAt - since
    lanes[lane].headwayLeft = first.reach <= since && rest >= 0 ? min(rest, headway) : headway
    lanes[lane].hold = reason
    lanes[lane].halts += 1
  }

  private mutating func passage(
    of first: Vehicle, in lane: Int, from now: Double, to end: Double
  ) -> Passage {
    let group = network.groups[network.lanes[lane].group]
    let until = usableUntil(first, in: lane)
    guard until > now else { return .held(.signal, since: until.isFinite ? until : now) }
    guard hasRoom(for: first, in: lane) else { return .held(.destination, since: now) }
    // Who waited for a gap until now may have reached the stop line long ago.
    let earliest = max(first.reach, lanes[lane].freeAt, now)
    let limit = min(until, end)
    guard earliest < limit else { return .later }
    guard let signal = group.streams[first.stream].signal else {
      return .crosses(at: earliest, headway: unsignalledHeadway(in: group, at: now))
    }
    if signals[signal].isUncontrolled {
      return .crosses(
        at: earliest, headway: max(group.headway, 3600 / settings.behaviour.uncontrolledCapacity))
    }
    guard signals[signal].yields else {
      return .crosses(at: earliest, headway: group.headway)
    }
    // In yellow those go who wait inside the junction; nobody else looks for a gap any more.
    guard signals[signal].lamp != .yellow,
      let gap = gap(for: signal, from: earliest, before: limit, at: now)
    else { return .waits }
    return .crosses(at: gap, headway: max(group.headway, settings.behaviour.followUpHeadway))
  }

  /// Headway after a vehicle that no signal holds: in a lane whose other streams have green it goes
  /// with them, else it finds its way between the others.
  private func unsignalledHeadway(in group: RoadNetwork.Group, at now: Double) -> Double {
    let hasGreen = group.streams.contains { stream in
      stream.signal.map { signals[$0].usableUntil > now && !signals[$0].yields } ?? false
    }
    return hasGreen
      ? group.headway : max(group.headway, 3600 / settings.behaviour.unsignalledCapacity)
  }

  /// Until when the first vehicle's lamps let it pass.
  private func usableUntil(_ vehicle: Vehicle, in lane: Int) -> Double {
    let stream = network.groups[network.lanes[lane].group].streams[vehicle.stream]
    return stream.signal.map { signals[$0].usableUntil } ?? .infinity
  }

  /// Whether there is room where a vehicle wants to go. Where there is none, that lane group is
  /// noted as refusing.
  private mutating func hasRoom(for vehicle: Vehicle, in lane: Int) -> Bool {
    guard let link = vehicle.link else { return true }
    let target = network.groups[network.lanes[lane].group].downstream[link].group
    let hasRoom = network.groups[target].lanes.contains {
      lanes[$0].vehicles.count < network.groups[target].room
    }
    if !hasRoom { isRefusing[target] = true }
    return hasRoom
  }

  /// Lets those who wait inside the junction for a gap clear it when their green has ended.
  ///
  /// - Returns: Whether anybody did.
  private mutating func sneak(_ lane: Int, from now: Double, to end: Double) -> Bool {
    var left = settings.behaviour.sneakers
    var hasMoved = false
    while left > 0, let first = lanes[lane].vehicles.first {
      let group = network.groups[network.lanes[lane].group]
      guard let signal = group.streams[first.stream].signal, signals[signal].yields,
        signals[signal].lamp == .yellow, signals[signal].usableUntil > now,
        signals[signal].usableUntil <= end,
        first.reach <= signals[signal].usableUntil - settings.behaviour.yellowExtension,
        hasRoom(for: first, in: lane)
      else { break }
      cross(lane, at: signals[signal].usableUntil, headway: group.headway)
      hasMoved = true
      left -= 1
    }
    return hasMoved
  }

  private mutating func cross(_ lane: Int, at time: Double, headway: Double) {
    let group = network.lanes[lane].group
    var vehicle = lanes[lane].vehicles.removeFirst()
    var visit = Visit()
    visit.delay = max(0, time - vehicle.freeCrossing)
    if lanes[lane].queue > 0 {
      lanes[lane].queue -= 1
      visit = lost(by: vehicle, in: lane, delay: visit.delay)
    }
    lanes[lane].freeAt = time + headway
    lanes[lane].lastCrossing = time
    lanes[lane].crossed += 1
    keeper.cross(visit, in: group)
    if vehicle.due >= settings.measureFrom { keeper.finish(visit, in: group) }
    vehicle.lost += visit
    guard let link = vehicle.link else {
      totals.left += 1
      if vehicle.tripDue >= settings.measureFrom { keeper.finish(trip: vehicle.lost) }
      return
    }
    follow(network.groups[group].downstream[link], vehicle, at: time)
  }

  private mutating func follow(_ road: RoadNetwork.Link, _ vehicle: Vehicle, at time: Double) {
    var vehicle = vehicle
    vehicle.due = time
    vehicle.freeCrossing = time + road.travelTime
    vehicle.reach = vehicle.freeCrossing
    choose(for: &vehicle, in: road.group)
    guard let target = lane(of: road.group, for: vehicle.stream) else {
      preconditionFailure("a vehicle crosses only if there is room for it")
    }
    join(target, vehicle)
  }

  /// What a vehicle that was in the queue of a lane has lost when it has `delay` behind it.
  func lost(by vehicle: Vehicle, in lane: Int, delay: Double) -> Visit {
    let outsideWait = vehicle.reach - vehicle.freeCrossing
    let standing = lanes[lane].stood - vehicle.stoodAtJoin + max(0, outsideWait)
    let wait = min(delay, standing)
    // Those who only wait for a gap, or outside, stop as well, without a halt of their lane.
    let stops = max(lanes[lane].halts - vehicle.haltsAtJoin, wait >= 1 ? 1 : 0)
    return Visit(delay: delay, wait: wait, stops: stops)
  }
}
