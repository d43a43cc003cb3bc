public import Cabinets
public import Control
public import Counts
public import Junctions
public import Signals

/// Virtual cabinets and, for each, the daemon's own loop, in virtual time.
///
/// Only the clock and the transport differ from the street: requests are answered at once.
public struct ControlledJunctions: Sendable {
  /// Where the clock stands.
  public private(set) var now: Moment

  /// The cabinets, in the order of the junctions.
  public private(set) var cabinets: [VirtualCabinet]

  private var loops: [JunctionLoop]

  /// Cabinets that have just begun their own plans.
  ///
  /// - Parameters:
  ///   - junctions: The junctions.
  ///   - isControlled: Whether greensplit sets the signals; else each cabinet runs its own plans.
  ///   - start: When.
  public init(_ junctions: [Intersection], isControlled: Bool, at start: Moment) {
    now = start
    cabinets = junctions.enumerated().map { position, junction in
      VirtualCabinet(
        intersection: junction, settings: CabinetSettings(id: UInt32(position + 1)), at: start)
    }
    loops =
      isControlled
      ? junctions.map { JunctionLoop(site: $0, neighbours: junctions, epoch: 1, at: start) } : []
  }

  /// What every signal group of every junction shows now.
  public var lamps: [[Lamp]] { cabinets.map(\.lamps) }

  /// Lets time pass for the cabinets.
  public mutating func advance(to moment: Moment) {
    now = moment
    for position in cabinets.indices { cabinets[position].advance(to: moment) }
  }

  /// Hands the cameras' records to the junctions that want them.
  ///
  /// - Parameter records: Records that have come in now.
  /// - Returns: How many records no junction wants.
  @discardableResult
  public mutating func receive(_ records: [CountRecord]) -> Int {
    var wanted = Set<String>()
    for junction in loops.indices {
      let known = Set(loops[junction].detectors)
      wanted.formUnion(known)
      _ = loops[junction].receive(records.filter { known.contains($0.detector) }, at: now)
    }
    return records.count { !wanted.contains($0.detector) }
  }

  /// One tick of every junction.
  ///
  /// - Parameter tell: Called with each decision, in the order of the junctions.
  public mutating func tick(tell: (JunctionLoop, Decision) -> Void) {
    for junction in loops.indices {
      exchange(junction)
      tell(loops[junction], loops[junction].decide(at: now))
      exchange(junction)
    }
  }

  /// Carries requests to the cabinet until none is due.
  private mutating func exchange(_ junction: Int) {
    while let request = loops[junction].nextRequest(at: now) {
      switch cabinets[junction].answer(request) {
      case .success(let registers): loops[junction].received(registers, at: now)
      case .failure(let exception):
        loops[junction].failed(.exception(code: exception.rawValue), at: now)
      }
    }
  }
}

extension VirtualCabinet {
  /// Answers a request as it would over the wire.
  public mutating func answer(
    _ request: CabinetRequest
  ) -> Result<[UInt16], RegisterException> {
    do {
      switch request {
      case .read(let address, let count):
        return .success(try read(address: address, count: count))
      case .write(let address, let values):
        try write(address: address, values: values)
        return .success([])
      }
    } catch {
      return .failure(error)
    }
  }
}
