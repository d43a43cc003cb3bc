public import Dispatch

/// A master that talks to one device over TCP, one request at a time, without ever blocking.
///
/// Everything happens on the serial queue that owns it: every call must be made there, and every
/// completion runs there, once for each `send` and never from within it. It connects when a request
/// needs it. Whatever leaves a doubt (a late, foreign or malformed reply, bytes that nobody asked
/// for, a deadline missed) closes the connection, so that no reply can be taken for another's; the
/// next `send` connects afresh. When to try again is the caller's to decide.
///
/// Written by hand because libmodbus blocks its caller, for longer than its time-out if the peer
/// dribbles, and aborts the process on a descriptor of 1024 or more.
public final class ModbusTCPClient: ModbusLink, @unchecked Sendable {
  // Unchecked: all state is touched on `queue` only, which every entrance checks.

  /// The numeric address of the device.
  public let host: String

  /// Its TCP port.
  public let port: UInt16

  /// Which device behind that address, 1 to 255.
  public let unit: UInt8

  private let address: SocketAddress
  /// Nanoseconds.
  private let deadline: UInt64
  private let queue: DispatchQueue
  private let poller: LinkPoller
  private var connection: Connection?
  private var decoder = ModbusFrameDecoder()
  private var transaction: UInt16
  private var pending: Pending?
  /// Completions that wait for the call in hand to end.
  private var postponed = 0
  /// Whether the poller is going to call `isDue`.
  private var isWatched = false

  /// A request that has not ended.
  private struct Pending {
    let request: ModbusRequest
    let completion: @Sendable (Result<[UInt16], LinkFailure>) -> Void
    /// When it must have ended, on the clock of `monotonicNanoseconds`.
    var due: UInt64
    var isSent = false
    /// The client itself, which so outlives its request; the deadline ends the circle.
    let keeper: ModbusTCPClient
  }

  /// A client that is not connected yet.
  ///
  /// - Parameters:
  ///   - host: A numeric IPv4 or IPv6 address; names are not resolved.
  ///   - port: The device's TCP port.
  ///   - unit: 1 to 255; unit 0 is a broadcast on serial lines and never written to.
  ///   - deadline: Longest time in s for a connection to come about, and then for a reply to be
  ///     whole; so a `send` that must connect ends after twice as long at the latest.
  ///   - queue: A serial queue; clients may share it.
  /// - Throws: `address` if `host` is no numeric address, `system` if this machine has no descriptor
  ///   left for the first client of the queue.
  public convenience init(
    host: String, port: UInt16, unit: UInt8, deadline: Double, queue: DispatchQueue
  ) throws(LinkFailure) {
    try self.init(
      host: host, port: port, unit: unit, deadline: deadline, queue: queue, lastTransaction: 0)
  }

  /// Likewise, as if it had asked before: ids go on from `lastTransaction`.
  package init(
    host: String, port: UInt16, unit: UInt8, deadline: Double, queue: DispatchQueue,
    lastTransaction: UInt16
  ) throws(LinkFailure) {
    precondition(unit != 0, "unit 0 is a broadcast")
    precondition(deadline > 0 && deadline <= 3600, "a deadline is more than 0 s, at most an hour")
    guard let address = SocketAddress(host: host, port: port) else { throw .address(host) }
    self.host = host
    self.port = port
    self.unit = unit
    self.address = address
    self.deadline = UInt64(deadline * 1e9)
    self.queue = queue
    poller = try .shared(on: queue)
    transaction = lastTransaction
  }

  deinit {
    // Whoever lets go of the client last may do so anywhere.
    if let connection { queue.async { connection.cancel() } }
  }

  /// Sends a request, which must be sayable; reads bring the registers, writes an empty array.
  ///
  /// While another request is outstanding it fails with `busy` and disturbs nothing.
  public func send(
    _ request: ModbusRequest,
    completion: @escaping @Sendable (Result<[UInt16], LinkFailure>) -> Void
  ) {
    dispatchPrecondition(condition: .onQueue(queue))
    precondition(request.isSayable, "a request for registers that no frame can ask for")
    guard pending == nil else { return later { completion(.failure(.busy)) } }
    transaction &+= 1
    pending = Pending(request: request, completion: completion, due: 0, keeper: self)
    startDeadline()
    if let connection, connection.isOpen {
      transmit(over: connection)
    } else {
      connection = Connection(to: address, on: poller) { [weak self] in self?.take($0) }
    }
  }

  /// Closes the connection; a request that is outstanding fails with `closed`. The client can be
  /// used again.
  public func close() {
    dispatchPrecondition(condition: .onQueue(queue))
    drop()
    guard let ended = endPending() else { return }
    later { ended.completion(.failure(.closed)) }
  }

  private func take(_ event: Connection.Event) {
    switch event {
    case .opened:
      startDeadline()
      if let connection { transmit(over: connection) }
    case .received(let bytes): receive(bytes)
    case .lost(let failure):
      connection = nil
      finish(.failure(failure))
    }
  }

  private func transmit(over connection: Connection) {
    guard let request = pending?.request else { return }
    decoder.reset()
    pending?.isSent = true
    poller.outgoing.removeAll(keepingCapacity: true)
    request.append(to: &poller.outgoing, transaction: transaction, unit: unit)
    connection.send(poller.outgoing)
  }

  private func receive(_ bytes: UnsafeRawBufferPointer) {
    guard let pending, pending.isSent else { return drop() }
    decoder.append(bytes)
    do throws(LinkFailure) {
      guard let reply = try wholeReply() else { return }
      let registers = try pending.request.registers(
        in: reply, transaction: transaction, unit: unit)
      finish(.success(registers))
    } catch {
      finish(.failure(error))
    }
  }

  private func wholeReply() throws(LinkFailure) -> ModbusFrame? {
    let reply: ModbusFrame?
    do { reply = try decoder.next() } catch { throw .malformed(error.description) }
    guard reply == nil || !decoder.holdsPart else { throw .malformed("bytes after the reply") }
    return reply
  }

  /// Ends the request; the connection survives only what proves that the peer is in step.
  private func finish(_ result: Result<[UInt16], LinkFailure>) {
    switch result {
    case .success, .failure(.exception): break
    case .failure: drop()
    }
    guard let ended = endPending() else { return }
    // A reply that was quick must not overtake what is to be told of requests before it.
    guard postponed == 0 else { return later { ended.completion(result) } }
    ended.completion(result)
  }

  /// Tells something when the call in hand is over.
  private func later(_ tell: @escaping @Sendable () -> Void) {
    postponed += 1
    queue.async { [self] in
      postponed -= 1
      tell()
    }
  }

  private func endPending() -> Pending? {
    defer { pending = nil }
    return pending
  }

  private func drop() {
    connection?.cancel()
    connection = nil
  }

  private func startDeadline() {
    let due = monotonicNanoseconds() + deadline
    pending?.due = due
    watch(until: due)
  }

  /// One alarm is enough: when it comes and a later request is outstanding, the next is set for that.
  private func watch(until due: UInt64) {
    guard !isWatched else { return }
    isWatched = true
    poller.alert(self, at: due)
  }
}

extension ModbusTCPClient: LinkPoller.Watched {
  func isDue(at now: UInt64) {
    isWatched = false
    guard let pending else { return }
    guard now >= pending.due else { return watch(until: pending.due) }
    finish(.failure(.timedOut))
  }
}
