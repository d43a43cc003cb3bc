import Signals

/// Numbers lane groups, lanes, signals and crossings through, junction by junction.
struct NetworkBuilder {
  var groups: [RoadNetwork.Group] = []
  var lanes: [RoadNetwork.LanePlace] = []
  var signals: [RoadNetwork.Signal] = []
  var crossings: [RoadNetwork.CrossingPlace] = []

  mutating func add(_ junction: Intersection, at position: Int, _ links: [[RoadNetwork.Link]]) {
    let firstSignal = signals.count
    let firstGroup = groups.count
    let firstCrossing = crossings.count
    for number in junction.laneGroups.indices {
      add(number, of: junction, at: position, firstSignal: firstSignal, links)
    }
    crossings += junction.crossings.enumerated().map {
      RoadNetwork.CrossingPlace(
        junction: position, crossing: $0.offset, signal: firstSignal + $0.element.signalGroup)
    }
    for signalGroup in junction.signalGroups {
      let others = signalGroup.givesWayTo.map { firstSignal + $0 }
      let opposing = groups[firstGroup...].filter { group in
        group.streams.contains { $0.signal.map(others.contains) ?? false }
      }
      signals.append(
        RoadNetwork.Signal(
          junction: position, kind: signalGroup.kind, givesWayTo: others,
          opposingLanes: opposing.flatMap { Array($0.lanes) },
          opposingCrossings: crossings.indices.dropFirst(firstCrossing).filter {
            others.contains(crossings[$0].signal)
          }))
    }
  }

  private mutating func add(
    _ number: Int, of junction: Intersection, at position: Int, firstSignal: Int,
    _ links: [[RoadNetwork.Link]]
  ) {
    let laneGroup = junction.laneGroups[number]
    let speed = junction.approaches[laneGroup.approach].speed
    let range = lanes.count..<(lanes.count + laneGroup.lanes)
    let place = groups.count
    lanes += range.map { RoadNetwork.LanePlace(group: place, number: $0 - range.lowerBound) }
    groups.append(
      RoadNetwork.Group(
        junction: position, laneGroup: number, name: laneGroup.name, lanes: range, speed: speed,
        freeFlow: laneGroup.length / speed,
        headway: 3600 * Double(laneGroup.lanes) / laneGroup.saturationFlow,
        room: max(1, Int(laneGroup.length / LaneGroup.spacing)),
        streams: laneGroup.movements.map {
          RoadNetwork.Stream(
            turn: $0.turn, signal: $0.signalGroup.map { firstSignal + $0 }, share: $0.share)
        }, downstream: links[place]))
  }
}
