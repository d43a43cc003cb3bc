import CModbus
import Glibc
import Locking

/// The devices' side of one serial line, for simulated cabinets: answers for as many units as it has
/// handlers, on a thread of its own.
///
/// Frames for other units, and for all at once (unit 0), are left unanswered and do nothing. libmodbus
/// writes the replies; its receiving side waits without end.
public final class ModbusSerialServer: Sendable {
  /// Decides the reply of one unit, as in `ModbusServer`.
  public typealias Handler = @Sendable (ModbusRequest) -> Result<[UInt16], ModbusException>

  private let loop: Loop
  private let thread: Guarded<pthread_t?>

  /// Serves at once.
  ///
  /// - Parameters:
  ///   - settings: The device and its line.
  ///   - units: A handler for each unit, 1 to 247.
  /// - Throws: What is wrong with the device.
  public init(_ settings: SerialSettings, units: [(unit: UInt8, handler: Handler)])
    throws(SerialFailure)
  {
    precondition(units.allSatisfy { (1...247).contains($0.unit) }, "a unit is 1 to 247")
    let port = try SerialPort(settings)
    guard port.descriptor < descriptorLimit else {
      throw SerialFailure(
        description: "descriptor \(port.descriptor) is too high for libmodbus: have fewer than "
          + "\(descriptorLimit) files open")
    }
    let replies = units.compactMap { LibmodbusReplies(serial: $0.unit, handler: $0.handler) }
    precondition(replies.count == units.count, "memory for a reply")
    let loop = Loop(port: port, replies: replies, settings: settings)
    self.loop = loop
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { box in
        if let box { Unmanaged<Loop>.fromOpaque(box).takeRetainedValue().run() }
        return nil
      }, Unmanaged.passRetained(loop).toOpaque())
    precondition(status == 0, "no thread for a serial server: \(reason(status))")
    self.thread = Guarded(thread)
  }

  deinit { stop() }

  /// Ends the thread, after the request in hand, and closes the device. Not for a handler to call.
  public func stop() {
    loop.stop()
    thread.withLock { thread in
      guard let running = thread else { return }
      pthread_join(running, nil)
      thread = nil
    }
  }

  /// Answers nothing for so many seconds, as if the cable were cut.
  public func cutOff(seconds: Double) { loop.cutOff(until: monotonicSeconds() + seconds) }

  /// Waits for bytes, makes frames of them and has them answered.
  private final class Loop: @unchecked Sendable {
    // Unchecked: what is not behind `orders` or constant is touched by the one thread in `run()`.

    private let port: SerialPort
    private let replies: [LibmodbusReplies]
    private let wake: Int32
    private let orders = Guarded((isOver: false, silentUntil: 0.0))
    private var request = RTURequest()
    /// Silence in ms after which what has come is no part of a frame: the gap of the line, or what
    /// adapters and this machine may tear a frame apart by.
    private let silence: Int32

    init(port: SerialPort, replies: [LibmodbusReplies], settings: SerialSettings) {
      self.port = port
      self.replies = replies
      silence = max(50, Int32(settings.gap * 1000) + 1)
      wake = greensplit_eventfd()
      precondition(wake >= 0, "no descriptor for a serial server: \(reason(errno))")
    }

    deinit { close(wake) }

    func stop() {
      orders.withLock { $0.isOver = true }
      var one: UInt64 = 1
      _ = write(wake, &one, MemoryLayout<UInt64>.size)
    }

    func cutOff(until time: Double) { orders.withLock { $0.silentUntil = time } }

    func run() {
      while !orders.withLock({ $0.isOver }) {
        var polled = [wake, port.descriptor].map {
          pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        let isSilent = poll(&polled, 2, request.isEmpty ? -1 : silence) == 0
        if isSilent { request = RTURequest() }
        guard polled[1].revents != 0 else { continue }
        // A device that is gone stays gone; the thread waits to be told to end.
        guard let bytes = port.receive() else { return waitForEnd() }
        request.append(bytes)
        answer()
      }
    }

    private func waitForEnd() {
      var polled = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
      while !orders.withLock({ $0.isOver }) { _ = poll(&polled, 1, -1) }
    }

    private func answer() {
      while let frame = request.next() {
        guard orders.withLock({ $0.silentUntil }) <= monotonicSeconds() else { continue }
        // What cannot be sent is lost, as on any line; the master asks again.
        for reply in replies { _ = reply.answer(frame, on: port.descriptor) }
      }
    }
  }
}
