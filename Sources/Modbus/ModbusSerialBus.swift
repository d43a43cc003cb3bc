import Dispatch

/// The master of one serial line: the requests of all its cabinets, one after the other, each with a
/// deadline that no dribbling device can move.
///
/// It reads and writes the device itself, without blocking, on a serial queue of its own. libmodbus
/// would wait anew for each byte (one every 0.4 s held it for 4 s at a time-out of 0.5 s), keeps no
/// silence between frames and aborts on descriptors of 1024 or more.
public final class ModbusSerialBus: @unchecked Sendable {
  // Unchecked: all state is touched on `queue` only.

  /// One request of one link.
  struct Job {
    let request: ModbusRequest
    let link: ModbusSerialLink
    let completion: @Sendable (Result<[UInt16], LinkFailure>) -> Void
  }

  /// The request whose turn it is.
  private struct Turn {
    let job: Job
    let due: DispatchTime
    /// From sending to the deadline, seconds.
    let patience: Double
    var reply: RTUReply
  }

  /// A time of rest, which begins anew with each byte that nobody has asked for.
  private struct Rest {
    var until: DispatchTime
    let seconds: Double
  }

  /// The device and its line.
  public let settings: SerialSettings

  let queue: DispatchQueue
  private let timer: any DispatchSourceTimer
  private var port: SerialPort?
  private var source: (any DispatchSourceProtocol)?
  private var waiting: [Job] = []
  private var turn: Turn?
  /// Links that have asked something and were not closed since.
  private var users: [ObjectIdentifier] = []
  /// When the line has been silent for long enough.
  private var clear = DispatchTime.now()
  /// Units that did not answer in time, which are left alone: what they still say is not to be taken for
  /// the answer to something else.
  private var resting: [UInt8: Rest] = [:]

  /// What this machine may add to an answer's time, seconds: USB adapters hold bytes for up to 16 ms,
  /// and a busy queue comes later than it is told to.
  private static let slack = 0.1

  /// The master of a line; the device is opened when something is asked, and closed when all links are.
  public init(_ settings: SerialSettings) {
    self.settings = settings
    queue = DispatchQueue(label: "modbus \(settings.device)")
    timer = DispatchSource.makeTimerSource(flags: .strict, queue: queue)
    timer.setEventHandler { [weak self] in self?.proceed() }
    timer.schedule(deadline: .distantFuture)
    timer.activate()
  }

  deinit {
    source?.cancel()
    timer.cancel()
  }

  /// Puts a request at the end of the line's queue.
  func enqueue(_ job: Job) {
    dispatchPrecondition(condition: .onQueue(queue))
    if !users.contains(ObjectIdentifier(job.link)) { users.append(ObjectIdentifier(job.link)) }
    waiting.append(job)
    proceed()
  }

  /// Forgets what `link` has asked; a frame under way keeps the line until its time is over.
  func leave(_ link: ModbusSerialLink) {
    dispatchPrecondition(condition: .onQueue(queue))
    waiting.removeAll { $0.link === link }
    users.removeAll { $0 == ObjectIdentifier(link) }
    if users.isEmpty && turn == nil { shut() }
  }

  /// Does what is due, and sees to it that it is called when something else will be.
  private func proceed() {
    let now = DispatchTime.now()
    if let turn, turn.due <= now {
      resting[turn.job.link.unit] = Rest(until: now + turn.patience, seconds: turn.patience)
      finish(.failure(.timedOut))
    }
    while turn == nil, clear <= now, let next = waiting.firstIndex(where: { !rests($0, at: now) }) {
      begin(waiting.remove(at: next))
    }
    if users.isEmpty && turn == nil { shut() }
    schedule(after: now)
  }

  private func rests(_ job: Job, at now: DispatchTime) -> Bool {
    resting[job.link.unit].map { $0.until > now } ?? false
  }

  private func schedule(after now: DispatchTime) {
    var next = turn?.due
    if turn == nil, !waiting.isEmpty {
      let free = waiting.map { resting[$0.link.unit]?.until ?? now }.min() ?? now
      next = max(free, clear)
    }
    timer.schedule(deadline: next ?? .distantFuture, leeway: .nanoseconds(0))
  }

  private func begin(_ job: Job) {
    let request = job.request
    let unit = job.link.unit
    resting[unit] = nil
    do throws(SerialFailure) {
      let port = try openPort()
      port.discardInput()
      guard port.send(RTUFrame(unit: unit, pdu: request.pdu).bytes) else {
        shut()
        return job.completion(.failure(.closed))
      }
    } catch {
      return job.completion(.failure(.refused(error.description)))
    }
    let characters = request.serialLength + request.serialReplyLength
    let patience =
      Double(characters) * settings.characterTime + job.link.turnaround + Self.slack
    turn = Turn(
      job: job, due: .now() + patience, patience: patience,
      reply: RTUReply(to: request, from: unit))
  }

  private func finish(_ result: Result<[UInt16], LinkFailure>) {
    guard let ended = turn else { return }
    turn = nil
    keepSilence()
    ended.job.completion(result)
  }

  private func keepSilence() { clear = .now() + settings.gap }

  // MARK: - The device

  private func openPort() throws(SerialFailure) -> SerialPort {
    if let port { return port }
    let opened = try SerialPort(settings)
    let readable = DispatchSource.makeReadSource(fileDescriptor: opened.descriptor, queue: queue)
    readable.setEventHandler { [weak self] in self?.readable(opened) }
    readable.setCancelHandler { withExtendedLifetime(opened) {} }
    readable.activate()
    (port, source) = (opened, readable)
    return opened
  }

  private func shut() {
    source?.cancel()
    (port, source) = (nil, nil)
  }

  private func readable(_ opened: SerialPort) {
    guard opened === port else { return }
    guard let bytes = opened.receive() else {
      shut()
      finish(.failure(.closed))
      return proceed()
    }
    guard !bytes.isEmpty else { return }
    if turn == nil {
      // Nobody was asked: the line is not silent, and what is said means nothing.
      keepSilence()
      for (unit, rest) in resting { resting[unit]?.until = .now() + rest.seconds }
    } else {
      take(bytes)
    }
    proceed()
  }

  private func take(_ bytes: [UInt8]) {
    do throws(LinkFailure) {
      guard let registers = try turn?.reply.take(bytes) else { return }
      finish(.success(registers))
    } catch {
      finish(.failure(error))
    }
  }
}
