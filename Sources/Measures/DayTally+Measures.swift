import Signals

/// What came of a day.
extension DayTally {
  /// Least time of an hour that must be known, s.
  private static let enough = 1800.0

  /// The measures of what was gathered.
  public func measures() -> JunctionMeasures {
    let laneGroups = site.laneGroups.indices.map(measures)
    let peaks = peakHours
    return JunctionMeasures(
      junction: site.id, name: site.name,
      recorded: Figure(day: recorded.reduce(0, +), hours: recorded, missing: nil),
      control: ControlMeasures(
        adaptive: sums(regimes.adaptive), fixed: sums(regimes.fixed)), peakHours: peaks,
      manual: ManualMeasures(
        interventions: sums(manual.interventions), seconds: sums(manual.seconds)),
      approaches: site.approaches.indices.map(approach), laneGroups: laneGroups,
      stages: site.stages.indices.map(stage),
      crossings: site.crossings.indices.map { position in
        CrossingMeasures(
          name: site.crossings[position].name,
          delay: whereRecorded { .success(crossings[position].waits[$0]) }
            .figure(least: 1, empty: .noGreen))
      },
      detectors: site.detectors.indices.map { position in
        DetectorMeasures(
          id: site.detectors[position].id,
          // A look a minute.
          uptime: uptime[position].map(Result.success)
            .figure(least: Self.enough / 60, empty: .notRecorded))
      },
      coordination: coordination(in: peaks))
  }

  /// `value` of each hour of which enough was recorded.
  func whereRecorded<Value>(
    _ value: (Int) -> Result<Value, Missing>
  ) -> Hourly<Value> {
    (0..<Figure.hours).map { recorded[$0] >= Self.enough ? value($0) : .failure(.notRecorded) }
  }

  private func sums(_ hours: [Double]) -> Figure { whereRecorded { .success(hours[$0]) }.sums }

  // MARK: Lane groups

  func isSignalled(_ laneGroup: Int) -> Bool {
    site.laneGroups[laneGroup].movements.contains { $0.signalGroup != nil }
  }

  /// Vehicles that crossed the stop line in an hour, pcu/h. Lanes without a camera are taken to be like those
  /// with one.
  func flow(of laneGroup: Int, in hour: Int) -> Result<Double, Missing> {
    var flow = 0.0
    var lanes = 0
    for (position, detector) in site.detectors.enumerated() where detector.laneGroup == laneGroup {
      guard let counted = counted[position][hour].value(least: Self.enough) else { continue }
      flow += counted * 3600
      lanes += detector.lanes
    }
    guard lanes > 0 else { return .failure(.notCounted) }
    return .success(flow * Double(site.laneGroups[laneGroup].lanes) / Double(lanes))
  }

  private func measures(of laneGroup: Int) -> LaneGroupMeasures {
    let group = site.laneGroups[laneGroup]
    let vehicles = (0..<Figure.hours).map { flow(of: laneGroup, in: $0) }.sums
    guard isSignalled(laneGroup) else { return unsignalled(group, vehicles) }
    let delay = whereRecorded { self.delay(of: laneGroup, in: $0) }.figure(
      least: 1, empty: .nobodyCame)
    let saturation = whereRecorded { self.saturation(of: laneGroup, in: $0) }
      .figure(least: 1, empty: .noGreen)
    return LaneGroupMeasures(
      name: group.name, approach: site.approaches[group.approach].name, vehicles: vehicles,
      saturation: saturation, delay: delay,
      level: Levels(delay: delay, saturation: saturation),
      splitFailures: whereRecorded { .success(laneGroups[laneGroup].failures[$0]) }
        .figure(least: 1, empty: .noQueue),
      arrivalsOnGreen: onGreen(laneGroup), platoonRatio: platoonRatio(laneGroup))
  }

  private func unsignalled(_ group: LaneGroup, _ vehicles: Figure) -> LaneGroupMeasures {
    let none = Figure(.noSignal)
    return LaneGroupMeasures(
      name: group.name, approach: site.approaches[group.approach].name, vehicles: vehicles,
      saturation: none, delay: none, level: Levels(delay: none, saturation: none),
      splitFailures: none, arrivalsOnGreen: none, platoonRatio: none)
  }

  /// Queue × time over the vehicles that came of it.
  func delay(of laneGroup: Int, in hour: Int) -> Result<Ratio, Missing> {
    guard let queue = laneGroups[laneGroup].queues[hour].value(least: Self.enough) else {
      return .failure(.noQueue)
    }
    return flow(of: laneGroup, in: hour).map { Ratio(above: queue * 3600, below: $0) }
  }

  /// Vehicles that crossed and those by which the queue grew, over what the greens could have let through.
  private func saturation(of laneGroup: Int, in hour: Int) -> Result<Ratio, Missing> {
    let tally = laneGroups[laneGroup]
    let known = tally.queues[hour].below
    guard known >= Self.enough else { return .failure(.noQueue) }
    return flow(of: laneGroup, in: hour).map { flow in
      Ratio(
        above: max(0, flow + tally.growth[hour] / known * 3600),
        below: tally.capacity[hour] / recorded[hour] * 3600)
    }
  }

  private func approach(_ position: Int) -> ApproachMeasures {
    let groups = site.laneGroups.indices.filter {
      site.laneGroups[$0].approach == position && isSignalled($0)
    }
    let name = site.approaches[position].name
    guard !groups.isEmpty else {
      let none = Figure(.noSignal)
      return ApproachMeasures(
        name: name, vehicles: none, saturation: none, delay: none, level: Levels(delay: none))
    }
    /// All lane groups together; one that could not be measured leaves the arm without.
    func together(_ part: (Int, Int) -> Result<Ratio, Missing>) -> Figure {
      whereRecorded { hour in
        groups.reduce(Result<Ratio, Missing>.success(Ratio())) { sum, group in
          sum.flatMap { sum in part(group, hour).map { sum + $0 } }
        }
      }.figure(least: 1, empty: .nobodyCame)
    }
    let delay = together { self.delay(of: $0, in: $1) }
    return ApproachMeasures(
      name: name,
      vehicles: whereRecorded { hour in
        groups.reduce(Result<Double, Missing>.success(0)) { sum, group in
          sum.flatMap { sum in flow(of: group, in: hour).map { sum + $0 } }
        }
      }.sums,
      saturation: together { group, hour in
        saturation(of: group, in: hour).flatMap { ratio in
          guard let degree = ratio.value(least: 1) else { return .failure(.noGreen) }
          return flow(of: group, in: hour).map { Ratio(above: degree * $0, below: $0) }
        }
      }, delay: delay, level: Levels(delay: delay))
  }

  // MARK: Stages

  private func stage(_ position: Int) -> StageMeasures {
    let tally = endings.stages[position]
    func ended(_ ending: StageEndings.Ending) -> Figure { sums(tally.endings[ending.rawValue]) }
    return StageMeasures(
      name: site.stages[position].name, greens: sums(tally.greens.map(\.below)),
      meanGreen: whereRecorded { .success(tally.greens[$0]) }.figure(least: 1, empty: .noGreen),
      maxOut: ended(.maxOut), minimum: ended(.minimum), early: ended(.early),
      fixedPlan: ended(.fixedPlan), skipped: sums(tally.skipped))
  }

  // MARK: Arrivals

  /// Whole cycles of a lane group that began in an hour.
  private func cycles(of laneGroup: Int, in hour: Int) -> [ArrivalTally.Cycle] {
    let from = midnight.milliseconds + Int64(hour) * 3_600_000
    return arrivals[laneGroup].cycles.filter {
      (from..<(from + 3_600_000)).contains($0.begin) && $0.sums != nil
    }
  }

  private func onGreen(_ laneGroup: Int) -> Figure {
    guard arrivals[laneGroup].viewTime != nil else { return Figure(.noView) }
    return whereRecorded { .success(arrivalsOnGreen(of: laneGroup, in: $0)) }
      .figure(least: 1, empty: .nobodyCame)
  }

  /// Arrivals on green over all.
  func arrivalsOnGreen(of laneGroup: Int, in hour: Int) -> Ratio {
    cycles(of: laneGroup, in: hour).compactMap(\.sums).reduce(Ratio()) {
      $0 + Ratio(above: $1.onGreen, below: $1.all)
    }
  }

  /// Share that arrives on green ÷ share of green (HCM platoon ratio).
  private func platoonRatio(_ laneGroup: Int) -> Figure {
    guard arrivals[laneGroup].viewTime != nil else { return Figure(.noView) }
    return whereRecorded { hour in
      let sums = cycles(of: laneGroup, in: hour).compactMap(\.sums)
      let green = sums.reduce(0) { $0 + $1.green }
      let length = sums.reduce(0) { $0 + $1.length }
      guard green > 0 else { return .failure(.noGreen) }
      return .success(
        Ratio(
          above: sums.reduce(0) { $0 + $1.onGreen },
          below: sums.reduce(0) { $0 + $1.all } * green / length))
    }.figure(least: 0, empty: .nobodyCame)
  }

  // MARK: The busiest hours

  /// Vehicles of the whole junction in an hour, pcu; `nil` if nothing was counted.
  func vehicles(in hour: Int) -> Double? {
    let known = site.laneGroups.indices.compactMap { try? flow(of: $0, in: hour).get() }
    return known.isEmpty ? nil : known.reduce(0, +)
  }

  var peakHours: [Int] {
    [0..<12, 12..<24].compactMap { half in
      let known = half.compactMap { hour in vehicles(in: hour).map { (hour: hour, flow: $0) } }
      // The earlier of two that are alike.
      return known.max { ($0.flow, -$0.hour) < ($1.flow, -$1.hour) }?.hour
    }
  }

  /// For each arm the lane group with most arrivals in the busier of the peak hours.
  private func coordination(in peaks: [Int]) -> [CoordinationMeasures] {
    let busiest = peaks.max { vehicles(in: $0) ?? 0 < vehicles(in: $1) ?? 0 }
    guard let busiest else { return [] }
    return site.approaches.indices.compactMap { approach in
      let groups = site.laneGroups.indices.filter {
        site.laneGroups[$0].approach == approach && isSignalled($0)
      }
      let all = groups.map { group in
        (group: group, cycles: cycles(of: group, in: busiest))
      }
      let most = all.max { a, b in
        a.cycles.reduce(0) { $0 + $1.arrivals.count }
          < b.cycles.reduce(0) { $0 + $1.arrivals.count }
      }
      guard let most, most.cycles.contains(where: { !$0.arrivals.isEmpty }) else { return nil }
      return CoordinationMeasures(
        laneGroup: site.laneGroups[most.group].name, hour: busiest,
        cycles: most.cycles.compactMap(cycle))
    }
  }

  private func cycle(_ cycle: ArrivalTally.Cycle) -> CoordinationMeasures.Cycle? {
    guard let green = cycle.green, let end = cycle.end else { return nil }
    func seconds(_ time: Int64) -> Double { Double((time - cycle.begin) / 100) / 10 }
    return CoordinationMeasures.Cycle(
      begin: Double(cycle.begin - midnight.milliseconds) / 1000, green: seconds(green),
      length: seconds(end), arrivals: cycle.arrivals.sorted().map(seconds))
  }
}
