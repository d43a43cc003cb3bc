import Signals
import Simulation
import Sites
import Testing

/// The directory of the shipped sites.
private let intersections =
  "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/intersections"

@Suite("Plans of shipped sites run")
struct ShippedSiteClockTests {
  /// Every plan of every site, with its lamps over one round in tenths of a second.
  private func rounds() throws -> [(junction: Intersection, plan: TimingPlan, lamps: [[Lamp]])] {
    try readSites([intersections]).get().flatMap { junction in
      try junction.plans.map { named in
        let clock = try #require(PlanClock(named.plan, at: junction), "\(junction.id)")
        let length = try #require(junction.length(of: named.plan.entries))
        let start = named.plan.offset.seconds
        let lamps = (0..<length.count).map { clock.lamps(at: start + Double($0) / 10) }
        return (junction, named.plan, lamps)
      }
    }
  }

  @Test("Stages come in the order of the plan, each for its green")
  func stages() throws {
    for (junction, plan, lamps) in try rounds() {
      var tenth = 0
      for (position, entry) in plan.entries.enumerated() {
        let stage = junction.stages[entry.stage]
        let expected = junction.signalGroups.indices.map(stage.lamp)
        for _ in 0..<entry.green.count {
          #expect(lamps[tenth] == expected, "\(junction.id) \(stage.name)")
          tenth += 1
        }
        let next = plan.entries[(position + 1) % plan.entries.count].stage
        tenth += try #require(junction.changeTime(from: entry.stage, to: next)).count
      }
      #expect(tenth == lamps.count)
    }
  }

  @Test("Conflicting groups are green together only where one gives way to the other")
  func conflicts() throws {
    for (junction, _, lamps) in try rounds() {
      for shown in lamps {
        for (group, signalGroup) in junction.signalGroups.enumerated() where shown[group].isGreen {
          for other in signalGroup.conflicts where shown[other].isGreen {
            let isYielding =
              signalGroup.givesWayTo.contains(other)
              || junction.signalGroups[other].givesWayTo.contains(group)
            #expect(isYielding, "\(junction.id) \(signalGroup.name)")
          }
        }
      }
    }
  }

  @Test("Vehicles see green, then flashing green, then yellow, then red, and nothing else")
  func sequence() throws {
    for (junction, plan, lamps) in try rounds() where plan.entries.count > 1 {
      for (group, signalGroup) in junction.signalGroups.enumerated() {
        guard signalGroup.kind == .vehicle else { continue }
        for (before, after) in zip(lamps, lamps.dropFirst() + [lamps[0]]) {
          let pair = (before[group], after[group])
          guard pair.0 != pair.1 else { continue }
          let isRight =
            switch pair {
            case (.red, .green), (.red, .permissiveGreen): true
            case (.green, .permissiveGreen), (.permissiveGreen, .green): true
            case (.green, .flashingGreen), (.permissiveGreen, .flashingGreen): true
            case (.green, .yellow), (.permissiveGreen, .yellow): true
            case (.flashingGreen, .yellow), (.yellow, .red): true
            default: false
            }
          #expect(isRight, "\(junction.id) \(signalGroup.name): \(pair)")
        }
      }
    }
  }

  @Test("The model runs every site under each of its plans, and every lane group discharges")
  func traffic() throws {
    for junction in try readSites([intersections]).get() {
      for named in junction.plans {
        let clock = try #require(PlanClock(named.plan, at: junction))
        // A tenth of saturation suits every plan and every stream.
        let demand = junction.laneGroups.enumerated().map { position, group in
          VehicleDemand.constant(0.1 * group.saturationFlow, at: position)
        }
        var model = try TrafficModel([junction.detached()], demand)
        model.run(until: 1800, under: [clock])
        for (position, group) in junction.laneGroups.enumerated() {
          let due = 0.1 * group.saturationFlow / 2
          let crossed = Double(model.crossed(in: position, of: 0))
          #expect(crossed > 0.5 * due, "\(junction.id) \(named.name) \(group.name)")
        }
      }
    }
  }
}

extension Intersection {
  /// The same junction without neighbours.
  fileprivate func detached() -> Intersection {
    let groups = laneGroups.map {
      LaneGroup(
        name: $0.name, approach: $0.approach, lanes: $0.lanes, length: $0.length,
        saturationFlow: $0.saturationFlow, movements: $0.movements, weight: $0.weight)
    }
    return Intersection(
      id: id, name: name, timeZoneMinutes: timeZoneMinutes, approaches: approaches,
      signalGroups: signalGroups, laneGroups: groups, crossings: crossings, stages: stages,
      changes: changes, detectors: detectors, limits: limits, plans: plans, schedule: schedule,
      control: control, cabinet: cabinet)
  }
}
