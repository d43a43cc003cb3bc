import Signals

extension TrafficModel {
  /// The first time from `earliest` on, before `limit`, at which one who gives way can go: nobody
  /// with right of way crosses within the critical headway after it.
  ///
  /// Successive vehicles need the follow-up headway, which the lane keeps, so against Poisson
  /// traffic the flow is that of HCM 2010 ch. 31: s = v exp(-v tc) / (1 - exp(-v tf)).
  func gap(
    for signal: Int, from earliest: Double, before limit: Double, at now: Double
  ) -> Double? {
    let others = network.signals[signal]
    var time = earliest
    for crossing in others.opposingCrossings
    where signals[network.crossings[crossing].signal].lamp.isGreen {
      time = max(time, walkways[crossing].busyUntil)
    }
    for lane in others.opposingLanes { time = max(time, lanes[lane].lastCrossing) }
    var hasMoved = true
    while hasMoved {
      guard time < limit else { return nil }
      hasMoved = false
      for lane in others.opposingLanes {
        let free = clear(lane, of: others.givesWayTo, from: time, at: now)
        if free > time {
          time = free
          hasMoved = true
        }
      }
    }
    return time
  }

  /// The first time from `time` on after which nobody of `lane` under one of `priority` crosses
  /// within the critical headway, as far as its vehicles can be foreseen.
  private func clear(_ lane: Int, of priority: [Int], from time: Double, at now: Double) -> Double {
    let group = network.groups[network.lanes[lane].group]
    var time = time
    guard lanes[lane].hold != .destination else { return time }
    var crossing = lanes[lane].hold == nil ? lanes[lane].freeAt : startTime(of: lane, at: now)
    for position in 0..<lanes[lane].vehicles.count {
      let vehicle = lanes[lane].vehicles[position]
      let signal = group.streams[vehicle.stream].signal
      crossing = max(crossing, vehicle.reach)
      // Behind one who is held nobody crosses; nor does one whose green will have ended.
      if let signal {
        guard !signals[signal].yields, signals[signal].usableUntil > crossing else { return time }
        if priority.contains(signal) && crossing >= time {
          guard crossing < time + settings.behaviour.criticalHeadway else { return time }
          time = crossing
        }
      }
      crossing += group.headway
    }
    return time
  }
}
