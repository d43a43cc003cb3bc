public import Cabinets
public import Control
public import Counts
public import Junctions
public import Signals

/// What carries requests between the loops and the virtual cabinets, in place of a call.
public protocol CabinetWire: Sendable {
  /// Carries a request to a cabinet and its reply back, and returns when both have come over.
  ///
  /// - Parameters:
  ///   - request: What the junction's loop asks.
  ///   - position: The cabinet, in the order of the junctions.
  ///   - answer: The cabinet's answer to a request, to be called once for what arrives there.
  /// - Returns: What arrives back: registers, or why there are none.
  func carry(
    _ request: CabinetRequest, to position: Int,
    answer: (CabinetRequest) -> Result<[UInt16], RegisterException>
  ) -> Result<[UInt16], CabinetFailure>
}

/// Virtual cabinets and, for each, the daemon's own loop, in virtual time.
///
/// Only the clock and the transport differ from the street: requests are answered at once.
public struct ControlledJunctions: Sendable {
  /// Where the clock stands.
  public private(set) var now: Moment

  /// The cabinets, in the order of the junctions.
  public private(set) var cabinets: [VirtualCabinet]

  /// Gets what the loops tell.
  public typealias Hear = @Sendable (JunctionNews) -> Void

  private var loops: [JunctionLoop]
  private let wire: (any CabinetWire)?
  private let junctions: [Intersection]
  private var hear: Hear?
  /// Ticks of the loops.
  private var ticks = 0

  /// Cabinets that have just begun their own plans.
  ///
  /// - Parameters:
  ///   - junctions: The junctions.
  ///   - isControlled: Whether greensplit sets the signals; else each cabinet runs its own plans.
  ///   - start: When.
  ///   - epoch: Epoch of the loops, at least 1.
  ///   - wire: What carries requests to the cabinets; `nil` to call them.
  ///   - hear: Gets what the loops tell, as the daemon's history would.
  public init(
    _ junctions: [Intersection], isControlled: Bool, at start: Moment, epoch: UInt32 = 1,
    wire: (any CabinetWire)? = nil, hear: Hear? = nil
  ) {
    now = start
    self.junctions = junctions
    self.wire = wire
    cabinets = junctions.enumerated().map { position, junction in
      VirtualCabinet(
        intersection: junction, settings: CabinetSettings(id: UInt32(position + 1)), at: start)
    }
    loops = []
    if isControlled { restart(epoch: epoch, hear: hear) }
  }

  /// What a daemon that starts anew does: the cabinets go on, and loops that have seen nothing take
  /// over under a higher epoch. `hear` gets what they tell.
  public mutating func restart(epoch: UInt32, hear: Hear? = nil) {
    self.hear = hear
    loops = junctions.map { JunctionLoop(site: $0, neighbours: junctions, epoch: epoch, at: now) }
    ticks = 0
  }

  /// What a person wants of junction number `junction` from now on, in place of what was wanted before.
  public mutating func override(_ junction: Int, by wanted: [Override]) {
    loops[junction].override(by: wanted)
  }

  /// What every signal group of every junction shows now.
  public var lamps: [[Lamp]] { cabinets.map(\.lamps) }

  /// Lets time pass for the cabinets.
  public mutating func advance(to moment: Moment) {
    now = moment
    for position in cabinets.indices { cabinets[position].advance(to: moment) }
  }

  /// Vehicles that crossed loops of the cabinets since the last call.
  public mutating func count(_ crossings: [LoopCount]) {
    for crossing in crossings {
      cabinets[crossing.junction].count(crossing.vehicles, at: crossing.loop)
    }
  }

  /// A loop of the first cabinet breaks, which the cabinet knows or not.
  mutating func breakLoop(_ loop: Int, isTold: Bool) {
    cabinets[0].setLoop(loop, isBroken: true, isTold: isTold)
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
      let share = records.filter { known.contains($0.detector) }
      let verdicts = loops[junction].receive(share, at: now)
      tellCounts(share, verdicts, of: junction)
    }
    return records.count { !wanted.contains($0.detector) }
  }

  /// One tick of every junction.
  ///
  /// - Parameter tell: Called with each decision, in the order of the junctions.
  public mutating func tick(tell: (JunctionLoop, Decision) -> Void) {
    if ticks == 0 {
      for junction in loops.indices { tellNews(.stands(loops[junction].standing), of: junction) }
    }
    ticks += 1
    for junction in loops.indices {
      exchange(junction)
      tellEvents(of: junction)
      let decision = loops[junction].decide(at: now)
      tell(loops[junction], decision)
      if let input = loops[junction].input { tellNews(.decision(decision, input), of: junction) }
      // Each takes what concerns it; those before it in the order see it a tick later.
      if !decision.releases.isEmpty {
        for other in loops.indices { loops[other].expect(decision.releases) }
      }
      if ticks % JunctionStanding.interval == 0 {
        tellNews(.stands(loops[junction].standing), of: junction)
      }
      exchange(junction)
      tellEvents(of: junction)
    }
  }

  /// Tells that the loops have ended.
  public func end() {
    for junction in loops.indices { tellNews(.ended, of: junction) }
  }

  private func tellNews(_ what: @autoclosure () -> JunctionNews.What, of junction: Int) {
    guard let hear else { return }
    hear(JunctionNews(junction: junctions[junction].id, loop: 1, at: now, what: what()))
  }

  private mutating func tellEvents(of junction: Int) {
    for event in loops[junction].takeEvents() { tellNews(.exchange(event), of: junction) }
  }

  /// A neighbour's records are told of by the neighbour.
  private func tellCounts(_ records: [CountRecord], _ verdicts: [Verdict], of junction: Int) {
    guard hear != nil else { return }
    let own = records.indices.filter { position in
      loops[junction].site.detectors.contains { $0.id == records[position].detector }
    }
    guard !own.isEmpty else { return }
    tellNews(.counts(own.map { records[$0] }, own.map { verdicts[$0] }), of: junction)
  }

  /// Carries requests to the cabinet until none is due.
  private mutating func exchange(_ junction: Int) {
    while let request = loops[junction].nextRequest(at: now) {
      switch carry(request, to: junction) {
      case .success(let registers):
        loops[junction].received(registers, at: now)
        let (records, verdicts) = loops[junction].takeLoops(at: now)
        if !records.isEmpty { tellNews(.counts(records, verdicts), of: junction) }
      case .failure(let failure): loops[junction].failed(failure, at: now)
      }
    }
  }

  private mutating func carry(
    _ request: CabinetRequest, to junction: Int
  ) -> Result<[UInt16], CabinetFailure> {
    guard let wire else {
      return cabinets[junction].answer(request).mapError { .exception(code: $0.rawValue) }
    }
    return wire.carry(request, to: junction) { cabinets[junction].answer($0) }
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
