public import Dispatch

/// The way to one cabinet on a serial line that others share.
public final class ModbusSerialLink: ModbusLink, @unchecked Sendable {
  // Unchecked: all state is touched on `owner` only, which every entrance checks.

  /// Which device on the line, 1 to 247.
  public let unit: UInt8

  /// Longest time from the last character of a request to the first of its answer, seconds.
  public let turnaround: Double

  private let bus: ModbusSerialBus
  private let owner: DispatchQueue
  /// Who waits for the request that is outstanding.
  private var pending: (@Sendable (Result<[UInt16], LinkFailure>) -> Void)?
  /// Number of the newest request, so that the end of one that was given up is recognised.
  private var number = 0

  /// A link that has asked nothing yet.
  ///
  /// - Parameters:
  ///   - bus: The master of its line.
  ///   - unit: 1 to 247; unit 0 is every device on the line and never written to.
  ///   - turnaround: Longest time from the last character of a request to the first of its answer, s.
  ///   - queue: The serial queue of all calls and completions, not the bus's own.
  public init(bus: ModbusSerialBus, unit: UInt8, turnaround: Double, queue: DispatchQueue) {
    precondition((1...247).contains(unit), "a unit of a serial line is 1 to 247")
    self.bus = bus
    self.unit = unit
    self.turnaround = turnaround
    owner = queue
  }

  /// Sends a request; see `ModbusLink`.
  public func send(
    _ request: ModbusRequest,
    completion: @escaping @Sendable (Result<[UInt16], LinkFailure>) -> Void
  ) {
    dispatchPrecondition(condition: .onQueue(owner))
    precondition(request.isSayable, "a request for registers that no frame can ask for")
    guard pending == nil else { return owner.async { completion(.failure(.busy)) } }
    pending = completion
    number += 1
    let current = number
    // The job holds the link, and with it the bus, until it has ended.
    let job = ModbusSerialBus.Job(request: request, link: self) { result in
      self.owner.async { self.end(current, result) }
    }
    bus.queue.async { [bus] in bus.enqueue(job) }
  }

  /// Ends what is outstanding; the device is closed when no other link uses it.
  public func close() {
    dispatchPrecondition(condition: .onQueue(owner))
    bus.queue.async { [self] in bus.leave(self) }
    guard let completion = pending else { return }
    pending = nil
    owner.async { completion(.failure(.closed)) }
  }

  private func end(_ request: Int, _ result: Result<[UInt16], LinkFailure>) {
    guard request == number, let completion = pending else { return }
    pending = nil
    completion(result)
  }
}
