import Counts
import Signals

/// What a junction's own cameras counted at its stop lines, in stretches of five minutes: the demand that
/// a model is given.
struct RecordedFlows: Sendable, Equatable {
  /// Length of a stretch, s: long enough for a few cycles, short enough for the peak of a peak.
  static let stretch: Int64 = 300

  /// What one detector counted.
  private struct Counted: Sendable, Equatable {
    var vehicles = 0.0
    var seconds = 0.0
  }

  private let detectors: [Detector]
  private let lanes: [Int]
  /// For each detector by number of the stretch since 1970.
  private var counted: [[Int64: Counted]]

  init(of site: Intersection) {
    detectors = site.detectors
    lanes = site.laneGroups.map(\.lanes)
    counted = site.detectors.map { _ in [:] }
  }

  mutating func add(_ record: CountRecord) {
    guard let count = record.count, record.quality.status != .fault,
      let detector = detectors.firstIndex(where: { $0.id == record.detector })
    else { return }
    let stretch = record.start.milliseconds / (Self.stretch * 1000)
    counted[detector][stretch, default: Counted()].vehicles += count.total
    counted[detector][stretch, default: Counted()].seconds += record.length
  }

  mutating func add(_ other: RecordedFlows) {
    guard other.detectors == detectors else { return }
    for detector in counted.indices {
      counted[detector].merge(other.counted[detector]) { a, b in
        Counted(vehicles: a.vehicles + b.vehicles, seconds: a.seconds + b.seconds)
      }
    }
  }

  /// Vehicles an hour of a lane group in one stretch; `nil` if none of its cameras told of at least a
  /// fifth of it. Lanes without a camera are taken to be like those with one.
  func flow(of laneGroup: Int, in stretch: Int64) -> Double? {
    var flow = 0.0
    var seen = 0
    for (position, detector) in detectors.enumerated() where detector.laneGroup == laneGroup {
      guard let told = counted[position][stretch], told.seconds >= Double(Self.stretch) / 5
      else { continue }
      flow += told.vehicles / told.seconds * 3600
      seen += detector.lanes
    }
    return seen == 0 ? nil : flow * Double(lanes[laneGroup]) / Double(seen)
  }
}

extension RecordedFlows {
  /// The stretches from the first to the last in which anything was counted; `nil` if nothing was.
  static func stretches(of flows: [RecordedFlows], in span: Range<UTC>) -> Range<Int64>? {
    let all = flows.flatMap { $0.counted.flatMap { $0.keys } }
    guard let first = all.min(), let last = all.max() else { return nil }
    let from = max(first, span.lowerBound.milliseconds / (stretch * 1000))
    let until = min(last, (span.upperBound.milliseconds - 1) / (stretch * 1000))
    return from <= until ? from..<(until + 1) : nil
  }
}
