import Cabinets
import Control
import Counts
import Demand
import Signals

/// Keeps what the loops themselves knew of a run, by the minute.
struct EstimateRecorder {
  private let junctions: [Intersection]
  private let begin: Double
  /// Where the lane group of each detector is.
  private let places: [String: [(junction: Int, group: Int)]]
  private var stages: StageRecorder
  /// Sums over the ticks of each minute: element [junction][lane group].
  private var sums: [[[Sum]]]
  private var counted: [[[Double?]]]
  /// Ticks so far, by junction: one a second.
  private var ticks: [Int]
  private var minutes = 0

  private struct Sum {
    var queue = 0.0
    var flow = 0.0
    var ticks = 0
  }

  init(_ junctions: [Intersection], begin: Double) {
    self.junctions = junctions
    self.begin = begin
    var places: [String: [(junction: Int, group: Int)]] = [:]
    for (position, junction) in junctions.enumerated() {
      for detector in junction.detectors {
        places[detector.id, default: []].append((position, detector.laneGroup))
      }
    }
    self.places = places
    stages = StageRecorder(junctions: junctions.count)
    sums = junctions.map { Array(repeating: [], count: $0.laneGroups.count) }
    counted = junctions.map { Array(repeating: [], count: $0.laneGroups.count) }
    ticks = Array(repeating: 0, count: junctions.count)
  }

  /// Takes down what `cabinets` show between two times of the plant's clock, s.
  mutating func show(_ cabinets: [VirtualCabinet], from: Double, until: Double) {
    stages.show(cabinets, from: from - begin, for: until - from)
    minutes = max(minutes, Int((until - begin) / JunctionCourse.interval - 1e-9) + 1)
  }

  /// Takes down what was thought of the junction `id` in its next tick.
  mutating func add(_ decision: Decision, at id: String) {
    guard let junction = junctions.firstIndex(where: { $0.id == id }) else { return }
    let minute = ticks[junction] / Int(JunctionCourse.interval)
    ticks[junction] += 1
    for (group, estimate) in decision.reason.demand.laneGroups.enumerated() {
      extend(&sums[junction][group], to: minute, with: Sum())
      sums[junction][group][minute].queue += estimate.queue
      sums[junction][group][minute].flow += estimate.flow
      sums[junction][group][minute].ticks += 1
    }
  }

  /// Takes down what cameras counted, in the minute in which each record ends.
  mutating func add(_ records: [CountRecord]) {
    for record in records {
      let time = record.end.seconds - begin
      guard let count = record.count, time > 0 else { continue }
      let minute = Int((time / JunctionCourse.interval).nextDown)
      // A clock that runs ahead of the run must not make the result long.
      guard minute <= minutes else { continue }
      for place in places[record.detector] ?? [] {
        extend(&counted[place.junction][place.group], to: minute, with: nil)
        let before = counted[place.junction][place.group][minute] ?? 0
        counted[place.junction][place.group][minute] = tenths(before + count.total)
      }
    }
  }

  /// What has been taken down of each junction.
  var estimates: [JunctionEstimates] {
    junctions.indices.map { junction in
      JunctionEstimates(
        stages: stages.runs[junction],
        laneGroups: junctions[junction].laneGroups.indices.map { finished(junction, $0) })
    }
  }

  private func finished(_ junction: Int, _ group: Int) -> LaneGroupEstimates {
    var course = LaneGroupEstimates()
    for minute in 0..<minutes {
      let sum = minute < sums[junction][group].count ? sums[junction][group][minute] : Sum()
      course.queue.append(sum.ticks == 0 ? nil : tenths(sum.queue / Double(sum.ticks)))
      course.flow.append(sum.ticks == 0 ? nil : (sum.flow / Double(sum.ticks)).rounded())
      let count = counted[junction][group]
      course.counted.append(minute < count.count ? count[minute] : nil)
    }
    return course
  }
}
