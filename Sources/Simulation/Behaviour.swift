/// How drivers behave at the stop line: what the model takes from the manuals rather than a site file.
public struct Behaviour: Sendable, Equatable {
  /// Time lost while a standing queue starts, s (HCM 2000 ch. 10: 2 s by default).
  public let startUpLoss: Double

  /// Part of the yellow that drivers use as green, s (HCM 2000 ch. 10: 2 s by default).
  public let yellowExtension: Double

  /// Critical headway of a permissive turn, s (HCM 2010 ch. 31: 4.5 s).
  public let criticalHeadway: Double

  /// Follow-up headway of a permissive turn, s (HCM 2010 ch. 31: 2.5 s).
  public let followUpHeadway: Double

  /// Vehicles that wait inside the junction and leave when a permissive green ends, a lane
  /// (HCM 2010 ch. 31: 2).
  public let sneakers: Int

  /// Capacity of a lane whose head no signal holds, veh/h. HCM 2000 ch. 17 gives 613 for a right
  /// turn (critical headway 6.2 s, follow-up 3.3 s) into 450 veh/h.
  public let unsignalledCapacity: Double

  /// Capacity of a lane under dark or flashing lamps, veh/h: about what HCM 2000 ch. 17 gives a lane
  /// of an all-way stop.
  public let uncontrolledCapacity: Double

  /// Time from one vehicle's start to the next one's in a standing queue, s: 7 m of road at a
  /// starting wave of 5.6 m/s.
  public let startingWave: Double

  /// Behaviour of drivers; units as the properties say.
  public init(
    startUpLoss: Double = 2, yellowExtension: Double = 2, criticalHeadway: Double = 4.5,
    followUpHeadway: Double = 2.5, sneakers: Int = 2, unsignalledCapacity: Double = 600,
    uncontrolledCapacity: Double = 500, startingWave: Double = 1.25
  ) {
    precondition(startUpLoss >= 0 && yellowExtension >= 0, "times are not negative")
    precondition(criticalHeadway > 0 && followUpHeadway > 0, "headways are positive")
    precondition(unsignalledCapacity > 0 && uncontrolledCapacity > 0, "capacities are positive")
    self.startUpLoss = startUpLoss
    self.yellowExtension = yellowExtension
    self.criticalHeadway = criticalHeadway
    self.followUpHeadway = followUpHeadway
    self.sneakers = sneakers
    self.unsignalledCapacity = unsignalledCapacity
    self.uncontrolledCapacity = uncontrolledCapacity
    self.startingWave = startingWave
  }
}
