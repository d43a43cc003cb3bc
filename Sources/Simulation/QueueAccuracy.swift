import Control
import Demand
public import Signals

/// How far the estimated queues of a run are off those of the traffic model.
///
/// Compared at every tick, for every lane group with a camera and a signal: what the decision of that tick
/// was made on, against the vehicles that would have passed the stop line by then if nothing held them up.
public struct QueueAccuracy: Sendable, Equatable {
  /// Ticks of one kind.
  public struct Tally: Sendable, Equatable {
    /// How many.
    public private(set) var ticks = 0
    private var error = 0.0
    private var excess = 0.0
    private var queue = 0.0

    /// None yet.
    public init() {}

    /// Mean absolute error, vehicles.
    public var meanError: Double { error / Double(max(1, ticks)) }

    /// Mean of estimate less truth, vehicles.
    public var meanExcess: Double { excess / Double(max(1, ticks)) }

    /// Absolute error as a share of the queue, both summed over the ticks.
    public var relativeError: Double { queue > 0 ? error / queue : 0 }

    /// Takes in one tick, vehicles.
    public mutating func add(_ estimate: Double, truth: Double) {
      ticks += 1
      error += abs(estimate - truth)
      excess += estimate - truth
      queue += truth
    }

    static func += (sum: inout Tally, part: Tally) {
      sum.ticks += part.ticks
      sum.error += part.error
      sum.excess += part.excess
      sum.queue += part.queue
    }
  }

  /// One lane group.
  public struct Group: Sendable, Equatable {
    /// Identifier of its junction and its name.
    public let name: String
    /// Ticks at which the queue ended within the view.
    public fileprivate(set) var inView = Tally()
    /// Ticks at which it was longer.
    public fileprivate(set) var beyond = Tally()
    fileprivate let junction: Int
    fileprivate let laneGroup: Int
    /// Vehicles that stand in view at most.
    fileprivate let room: Double
  }

  /// Lane groups with a camera that sees more than the stop line, and a signal; in the order of the network.
  public private(set) var groups: [Group]

  /// All lane groups: ticks at which the queue ended within the view.
  public var inView: Tally { groups.reduce(into: Tally()) { $0 += $1.inView } }

  /// All lane groups: ticks at which it was longer.
  public var beyond: Tally { groups.reduce(into: Tally()) { $0 += $1.beyond } }

  /// Adds another run of the same network.
  public static func += (sum: inout QueueAccuracy, part: QueueAccuracy) {
    for group in sum.groups.indices {
      sum.groups[group].inView += part.groups[group].inView
      sum.groups[group].beyond += part.groups[group].beyond
    }
  }

  /// Nothing compared yet in a network.
  public init(of network: RoadNetwork) {
    groups = []
    for (position, junction) in network.junctions.enumerated() {
      for (number, laneGroup) in junction.laneGroups.enumerated() {
        let views = junction.detectors.filter { $0.laneGroup == number }.map(\.view)
        guard let view = views.max(), view > 0,
          laneGroup.movements.contains(where: { $0.signalGroup != nil })
        else { continue }
        groups.append(
          Group(
            name: "\(junction.id) \(laneGroup.name)", junction: position, laneGroup: number,
            room: min(view, laneGroup.length) * Double(laneGroup.lanes) / LaneGroup.spacing))
      }
    }
  }

  /// Compares what was thought of one junction with the queues of all lane groups by junction.
  fileprivate mutating func compare(
    _ demand: DemandEstimate, of junction: Int, with truth: [[Int]]
  ) {
    for group in groups.indices where groups[group].junction == junction {
      let queue = Double(truth[junction][groups[group].laneGroup])
      let estimate = demand.laneGroups[groups[group].laneGroup].queue
      if queue <= groups[group].room {
        groups[group].inView.add(estimate, truth: queue)
      } else {
        groups[group].beyond.add(estimate, truth: queue)
      }
    }
  }
}

extension Scenario {
  /// Compares estimated with true queues in one run of greensplit, its warm-up left out.
  ///
  /// - Parameters:
  ///   - pace: The pace of every junction.
  ///   - seesVehicles: Whether cameras tell what is in view, or only what crosses the stop line.
  ///   - seed: Another seed than the scenario's own.
  /// - Returns: What was found; `nil` if the junctions do not fit together at that pace.
  public func queueAccuracy(
    at pace: Pace, seesVehicles: Bool = true, seed: UInt64? = nil
  ) -> QueueAccuracy? {
    guard let scenario = (seesVehicles ? self : countingAtStopLine)?.paced(pace) else { return nil }
    var loop = ClosedLoop(
      scenario.network, model: scenario.model(seed: seed), isControlled: true, step: step,
      interval: cameraInterval)
    var accuracy = QueueAccuracy(of: network)
    for second in 0..<Int(length.rounded(.up)) {
      let truth = loop.queues
      var junction = 0
      loop.runSecond { _, decision in
        if Double(second) >= warmUp {
          accuracy.compare(decision.reason.demand, of: junction, with: truth)
        }
        junction += 1
      }
    }
    return accuracy
  }

  /// The same with cameras that see nobody before the stop line; `nil` if that makes no network.
  private var countingAtStopLine: Scenario? {
    replacing { junction, _ in
      junction.seen(
        by: junction.detectors.map {
          Detector(id: $0.id, laneGroup: $0.laneGroup, lanes: $0.lanes, view: 0)
        })
    }
  }
}
