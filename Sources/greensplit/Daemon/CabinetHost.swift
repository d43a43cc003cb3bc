import Cabinets
import Control
import Counts
import Dispatch
import Modbus
import Signals
import Simulation
import Locking

/// Virtual cabinets on real Modbus, TCP or a serial line, with traffic at their stop lines if wanted.
///
/// Every request and a timer bring cabinets and traffic up to the clock, in steps of the traffic
/// model, so that the traffic meets the very lamps that a master reads.
final class CabinetHost: Sendable {
  /// What the cabinets and their street do as time passes.
  struct Street {
    var cabinets: [VirtualCabinet]
    var model: TrafficModel?
    var step = Tenths(1)
    /// When the model's next step begins.
    var stepBegins: Moment
    /// When the run began, on the clock and on the model's.
    let start: Moment
    let begin: Double
    let end: Double?
    let interval: Tenths
    var sinceCounts = Tenths.zero
    var isOver = false
    /// Who controls each cabinet, as was last told; nobody at first.
    var sources: [ControlSource] = []
  }

  /// What is to be told as time passes.
  struct Output: Sendable {
    /// Count records of one camera interval.
    let counts: @Sendable ([CountRecord]) -> Void
    /// Who controls a cabinet, by its junction's identifier, when that changes.
    let source:
      @Sendable (_ junction: String, _ from: ControlSource, _ to: ControlSource, UTC)
        -> Void
    /// The score, once, when the traffic has come to its end.
    let over: @Sendable (Score) -> Void
  }

  private let clock: DaemonClock
  private let output: Output
  private let street: Guarded<Street>

  init(_ street: sending Street, clock: DaemonClock, output: Output) {
    self.street = Guarded(street)
    self.clock = clock
    self.output = output
  }

  /// Serves cabinet number `position` on `host`:`port`.
  func serve(
    _ position: Int, host: String, port: UInt16, unit: UInt8
  ) throws(ModbusServerFailure) -> ModbusServer {
    try ModbusServer(host: host, port: port, unit: unit) { self.answer($0, by: position) }
  }

  /// Serves all cabinets on one serial line, on `unit` and those after it.
  func serve(_ line: SerialLine, unit: UInt8) throws(SerialFailure) -> ModbusSerialServer {
    let count = street.withLock { $0.cabinets.count }
    return try ModbusSerialServer(
      SerialSettings(line),
      units: (0..<count).map { position in
        (unit + UInt8(position), { @Sendable request in self.answer(request, by: position) })
      })
  }

  private func answer(
    _ request: ModbusRequest, by position: Int
  ) -> Result<[UInt16], ModbusException> {
    street.withLock { street in
      advance(&street)
      return street.cabinets[position].answer(request.forCabinet).mapError(\.onTheWire)
    }
  }

  /// Brings everything up to the clock.
  func advance() { street.withLock { advance(&$0) } }

  private func advance(_ street: inout Street) {
    let now = clock.now()
    tellSources(&street, at: now.utc)
    while !street.isOver, street.model != nil,
      street.stepBegins.advanced(bySeconds: street.step.seconds).monotonic <= now.monotonic
    {
      move(&street)
    }
    for position in street.cabinets.indices { street.cabinets[position].advance(to: now) }
    tellSources(&street, at: now.utc)
  }

  /// Tells who has taken control since it was last told, by an order that takes over at once too.
  private func tellSources(_ street: inout Street, at utc: UTC) {
    let before = street.sources
    street.sources = street.cabinets.map(\.source)
    for (cabinet, (from, to)) in zip(street.cabinets, zip(before, street.sources)) where from != to
    {
      output.source(cabinet.intersection.id, from, to, utc)
    }
  }

  /// One step of the traffic model.
  private func move(_ street: inout Street) {
    for position in street.cabinets.indices {
      street.cabinets[position].advance(to: street.stepBegins)
    }
    street.model?.advance(under: street.cabinets.map(\.lamps))
    for crossing in street.model?.takeLoops() ?? [] {
      street.cabinets[crossing.junction].count(crossing.vehicles, at: crossing.loop)
    }
    street.stepBegins = street.stepBegins.advanced(bySeconds: street.step.seconds)
    street.sinceCounts += street.step
    if street.sinceCounts >= street.interval {
      street.sinceCounts = .zero
      let counts = street.model?.takeCounts() ?? []
      output.counts(counts.map { $0.record(from: street.start, begin: street.begin) })
    }
    if let end = street.end, let model = street.model, model.time >= end {
      street.isOver = true
      output.over(model.score())
    }
  }
}

extension ModbusRequest {
  /// The request as a virtual cabinet understands it.
  var forCabinet: CabinetRequest {
    switch self {
    case .read(let address, let count): .read(address: address, count: count)
    case .write(let address, let values): .write(address: address, values: values)
    }
  }
}

extension RegisterException {
  /// The exception as Modbus says it.
  var onTheWire: ModbusException {
    ModbusException(rawValue: rawValue) ?? .deviceFailure
  }
}
