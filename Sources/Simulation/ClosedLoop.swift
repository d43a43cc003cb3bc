public import Control
public import Counts
public import Junctions
public import Signals

/// A street in virtual time: the built-in traffic at the stop lines of controlled junctions.
public struct ClosedLoop: Sendable {
  private var junctions: ControlledJunctions
  private var model: TrafficModel
  private let step: Tenths
  private let interval: Tenths
  private let start: Moment
  private let begin: Double
  private var sinceCounts = Tenths.zero
  private var recorder: CourseRecorder?

  /// A street at the model's begin.
  ///
  /// - Parameters:
  ///   - network: The junctions.
  ///   - model: Their traffic.
  ///   - isControlled: Whether greensplit sets the signals; else each cabinet runs its own plans.
  ///   - step: Step of the model.
  ///   - interval: How often cameras report, at the first step that completes it.
  ///   - isRecorded: Whether what happens is kept by the minute, for `courses`.
  ///   - epoch: Epoch of the loops, at least 1.
  ///   - wire: What carries requests to the cabinets; `nil` to call them.
  ///   - hear: Gets what the loops tell, as the daemon's history would.
  public init(
    _ network: RoadNetwork, model: TrafficModel, isControlled: Bool, step: Tenths,
    interval: Tenths, isRecorded: Bool = false, epoch: UInt32 = 1,
    wire: (any CabinetWire)? = nil, hear: ControlledJunctions.Hear? = nil
  ) {
    begin = model.time
    start = simulatedMoment(
      model.time, timeZoneMinutes: network.junctions.first?.timeZoneMinutes ?? 0)
    junctions = ControlledJunctions(
      network.junctions, isControlled: isControlled, at: start, epoch: epoch, wire: wire,
      hear: hear)
    self.model = model
    self.step = step
    self.interval = interval
    recorder = isRecorded ? CourseRecorder(network) : nil
  }

  /// Where the clock stands.
  public var now: Moment { junctions.now }

  /// What has happened to the traffic so far.
  public var score: Score { model.score() }

  /// Vehicles of each lane group that would have passed the stop line by now if nothing held them up:
  /// element [junction][lane group].
  public var queues: [[Int]] {
    model.network.junctions.enumerated().map { position, junction in
      junction.laneGroups.indices.map { model.queue(in: $0, of: position) }
    }
  }

  /// What has happened at each junction, by the minute; `nil` if it was not recorded.
  public var courses: [JunctionCourse]? { recorder?.courses(of: model) }

  /// Runs for one second: every junction's tick, then the traffic under the lamps that follow.
  ///
  /// - Parameter tell: Called with each decision, in the order of the junctions.
  public mutating func runSecond(tell: (JunctionLoop, Decision) -> Void = { _, _ in }) {
    junctions.tick(tell: tell)
    let next = now.monotonic.advanced(bySeconds: 1)
    repeat { move() } while now.monotonic < next
  }

  /// What a person wants of junction number `junction` from now on, in place of what was wanted before.
  public mutating func override(_ junction: Int, by wanted: [Override]) {
    junctions.override(junction, by: wanted)
  }

  /// Lets a daemon that has seen nothing take over; traffic and cabinets go on. `hear` gets what its
  /// loops tell.
  public mutating func restart(epoch: UInt32, hear: ControlledJunctions.Hear? = nil) {
    junctions.end()
    junctions.restart(epoch: epoch, hear: hear)
  }

  /// Tells that the loops have ended.
  public func end() { junctions.end() }

  /// One step of the traffic under the lamps of now.
  private mutating func move() {
    recorder?.show(junctions.cabinets, before: model)
    model.advance(under: junctions.lamps)
    junctions.advance(to: start.advanced(bySeconds: model.time - begin))
    recorder?.sample(model)
    sinceCounts += step
    guard sinceCounts >= interval else { return }
    sinceCounts = .zero
    junctions.count(model.takeLoops())
    junctions.receive(model.takeCounts().map { $0.record(from: start, begin: begin) })
  }
}

/// The moment at `seconds` since local midnight of the second day of the epoch: late enough that no
/// time zone brings it before 1970.
public func simulatedMoment(_ seconds: Double, timeZoneMinutes: Int) -> Moment {
  let utc = UTC(seconds: 86_400 + seconds - Double(timeZoneMinutes) * 60)
  return Moment(monotonic: Instant(milliseconds: utc.milliseconds), utc: utc)
}

extension DetectorCount {
  /// The count as a camera reports it.
  ///
  /// - Parameters:
  ///   - start: Moment at which the run began.
  ///   - begin: Model time at which the run began, seconds since local midnight.
  /// - Returns: A record of the same figures, without a source.
  public func record(from start: Moment, begin: Double) -> CountRecord {
    CountRecord(
      detector: detector, start: start.utc.advanced(bySeconds: self.start - begin),
      end: start.utc.advanced(bySeconds: end - begin),
      count: VehicleCount(total: Double(count)), inView: inView.map(Double.init),
      queue: queue.map(Double.init))
  }
}
