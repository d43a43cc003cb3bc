import Cabinets
import Signals

/// Follows the stages that cabinets show.
struct StageRecorder: Sendable {
  private(set) var runs: [StageRuns]
  private var isOpen: [Bool]

  init(junctions: Int) {
    runs = Array(repeating: StageRuns(), count: junctions)
    isOpen = Array(repeating: false, count: junctions)
  }

  /// Takes down what `cabinets` show from `time`, s since the run began, for `length` s.
  mutating func show(_ cabinets: [VirtualCabinet], from time: Double, for length: Double) {
    for (junction, cabinet) in cabinets.enumerated() {
      guard let running = cabinet.running, running.subState == .green else {
        isOpen[junction] = false
        continue
      }
      let last = runs[junction].stage.count - 1
      if isOpen[junction], runs[junction].stage[last] == running.stage {
        runs[junction].green[last] = tenths(time + length - runs[junction].start[last])
      } else {
        runs[junction].stage.append(running.stage)
        runs[junction].start.append(tenths(time))
        runs[junction].green.append(tenths(length))
        isOpen[junction] = true
      }
    }
  }
}

/// `value` to the tenth, so that results stay small.
func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }

/// Keeps what happens at every junction of a run, by the minute.
struct CourseRecorder: Sendable {
  private let network: RoadNetwork
  private var stages: StageRecorder
  private var groups: [LaneGroupCourse]
  private var lost: [Double]
  private var crossed: [Int]
  private var reached: [Int]
  private var samples: [Int] = []
  /// Scored time in which a lane group had green in each stage, s: element [lane group][stage].
  private var served: [[Double]]

  init(_ network: RoadNetwork) {
    self.network = network
    stages = StageRecorder(junctions: network.junctions.count)
    groups = Array(repeating: LaneGroupCourse(), count: network.groups.count)
    lost = Array(repeating: 0, count: network.groups.count)
    crossed = Array(repeating: 0, count: network.groups.count)
    reached = Array(repeating: 0, count: network.groups.count)
    served = network.groups.map {
      Array(repeating: 0, count: network.junctions[$0.junction].stages.count)
    }
  }

  /// Takes down what `cabinets` show for the step that `model` is about to go.
  mutating func show(_ cabinets: [VirtualCabinet], before model: TrafficModel) {
    stages.show(cabinets, from: model.time - model.settings.begin, for: model.step)
    guard model.time >= model.settings.measureFrom else { return }
    let lamps = cabinets.map(\.lamps)
    for (group, place) in network.groups.enumerated() {
      let junction = network.junctions[place.junction]
      guard let running = cabinets[place.junction].running,
        isServed(place.laneGroup, of: junction, under: lamps[place.junction])
      else { continue }
      served[group][running.stage] += model.step
    }
  }

  /// Whether a lane group discharges: all its movements are green, or any of one that no stage serves
  /// as a whole.
  private func isServed(_ group: Int, of junction: Intersection, under lamps: [Lamp]) -> Bool {
    let held = junction.laneGroups[group].movements.compactMap(\.signalGroup)
    guard !held.isEmpty else { return false }
    if junction.stages(serving: group).isEmpty { return held.contains { lamps[$0].isGreen } }
    return held.allSatisfy { lamps[$0].isGreen }
  }

  /// Takes down what the step that `model` has just gone brought.
  mutating func sample(_ model: TrafficModel) {
    // The middle of the step, so that its end never falls into the next interval.
    let time = model.time - model.step / 2 - model.settings.begin
    let minute = Int(time / JunctionCourse.interval)
    let slot = Int(time / JunctionCourse.arrivalInterval)
    extend(&samples, to: minute, with: 0)
    samples[minute] += 1
    for (group, place) in network.groups.enumerated() {
      let standing = place.lanes.reduce(0) { $0 + model.lanes[$1].queue }
      let gone = place.lanes.reduce(0) { $0 + model.lanes[$1].crossed }
      extend(&groups[group].queue, to: minute, with: 0)
      extend(&groups[group].delay, to: minute, with: 0)
      extend(&groups[group].departures, to: minute, with: 0)
      extend(&groups[group].arrivals, to: slot, with: 0)
      groups[group].queue[minute] += Double(standing + model.outside[group].count)
      groups[group].delay[minute] += model.keeper.lost[group] - lost[group]
      groups[group].departures[minute] += gone - crossed[group]
      groups[group].arrivals[slot] += standing + gone - reached[group]
      lost[group] = model.keeper.lost[group]
      crossed[group] = gone
      reached[group] = standing + gone
    }
  }

  /// What has been taken down of each junction.
  func courses(of model: TrafficModel) -> [JunctionCourse] {
    let score = model.score()
    return network.junctions.indices.map { junction in
      let own = network.groups.indices.filter { network.groups[$0].junction == junction }
      let time = model.time - model.settings.measureFrom
      let flows = score.junctions[junction].laneGroups.map {
        Double($0.performance.due) / max(1, time) * 3600
      }
      return JunctionCourse(
        stages: stages.runs[junction], laneGroups: own.map { finished($0, flows, model) })
    }
  }

  private func finished(_ group: Int, _ flows: [Double], _ model: TrafficModel) -> LaneGroupCourse {
    var course = groups[group]
    course.delay = course.delay.map(tenths)
    course.queue = zip(course.queue, samples).map { tenths($0 / Double(max(1, $1))) }
    let place = network.groups[group]
    let junction = network.junctions[place.junction]
    guard junction.laneGroups[place.laneGroup].movements.contains(where: { $0.signalGroup != nil })
    else { return course }
    course.green = tenths(served[group].reduce(0, +))
    // HCM: capacity is saturation flow × effective green; as long as start-up loss and used yellow
    // are both 2 s, effective green is the green that is shown.
    let saturation = junction.laneGroups[place.laneGroup].saturationFlow / 3600
    let capacity = junction.stages.indices.reduce(0.0) { sum, stage in
      guard served[group][stage] > 0 else { return sum }
      let share = share(
        of: place.laneGroup, in: stage, at: junction, flows: flows, model.settings.behaviour)
      return sum + served[group][stage] * share * saturation
    }
    course.capacity = tenths(capacity)
    return course
  }
}

/// Lengthens `list` until it has an element `position`.
func extend<Element>(_ list: inout [Element], to position: Int, with element: Element) {
  while list.count <= position { list.append(element) }
}
