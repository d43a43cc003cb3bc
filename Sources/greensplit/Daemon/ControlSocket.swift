import Dispatch
import Glibc

/// Takes requests to the desk over a Unix socket: one line in, one line out, then it is closed.
///
/// Who may connect is decided by the rights of the socket, which its owner and its group may use; who it
/// was, by the system. Whoever is slow is cut off, and a crowd waits before the door.
actor ControlSocket {
  /// Most visitors at once.
  static let limit = 16
  /// How long a visitor may take from coming to going, s.
  static let patience = 20.0

  private struct Connection {
    let descriptor: Int32
    let visitor: Visitor
    let since: DispatchTime
    var reader: (any DispatchSourceRead)?
    var writer: (any DispatchSourceWrite)?
    var line: [UInt8] = []
    var answer: [UInt8] = []
    var isAsked = false
  }

  private let executor = QueueExecutor(label: "control")
  private let path: String
  private let desk: Desk
  private let descriptor: Int32
  private var door: (any DispatchSourceRead)?
  private var sweeper: (any DispatchSourceTimer)?
  private var connections: [Int: Connection] = [:]
  private var last = 0
  private var isOpen = false

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Listens at `path`, with a socket for its owner and group.
  init(path: String, desk: Desk) throws(Failure) {
    self.path = path
    self.desk = desk
    descriptor = try UnixSocket.listen(at: path, mode: 0o660)
    post { $0.open() }
  }

  deinit { close(descriptor) }

  /// Lets nobody in any more, and takes the socket away.
  nonisolated func stop() {
    post { socket in
      unlink(socket.path)
      socket.door?.cancel()
      socket.sweeper?.cancel()
      socket.door = nil
      socket.sweeper = nil
      for number in socket.connections.keys where !(socket.connections[number]?.isAsked ?? false) {
        socket.end(number)
      }
    }
  }

  private nonisolated func post(_ work: @escaping @Sendable (isolated ControlSocket) -> Void) {
    executor.queue.async { @Sendable in self.assumeIsolated { work($0) } }
  }

  private func open() {
    let door = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: executor.queue)
    door.setEventHandler(
      handler: DispatchWorkItem { @Sendable [weak self] in self?.assumeIsolated { $0.accept() } })
    door.activate()
    self.door = door
    isOpen = true
    let sweeper = DispatchSource.makeTimerSource(queue: executor.queue)
    sweeper.schedule(deadline: .now() + 1, repeating: 1)
    sweeper.setEventHandler(
      handler: DispatchWorkItem { @Sendable [weak self] in self?.assumeIsolated { $0.sweep() } })
    sweeper.activate()
    self.sweeper = sweeper
  }

  /// Cuts off who takes too long, and opens the door again.
  private func sweep() {
    let now = DispatchTime.now().uptimeNanoseconds
    for (number, connection) in connections {
      let age = Double(now - connection.since.uptimeNanoseconds) * 1e-9
      if age > Self.patience { end(number) }
    }
    reopen()
  }

  private func reopen() {
    guard !isOpen, connections.count < Self.limit else { return }
    isOpen = true
    door?.resume()
  }

  private func accept() {
    guard connections.count < Self.limit else {
      isOpen = false
      door?.suspend()
      return
    }
    let connection = Glibc.accept(descriptor, nil, nil)
    guard connection >= 0 else { return }
    _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
    _ = fcntl(connection, F_SETFL, O_NONBLOCK)
    last += 1
    let number = last
    let reader = DispatchSource.makeReadSource(fileDescriptor: connection, queue: executor.queue)
    reader.setEventHandler(
      handler: DispatchWorkItem { @Sendable [weak self] in
        self?.assumeIsolated { $0.read(number) }
      })
    // The descriptor may not be another's while Dispatch still watches it.
    reader.setCancelHandler(handler: DispatchWorkItem { @Sendable in close(connection) })
    connections[number] = Connection(
      descriptor: connection, visitor: UnixSocket.peer(of: connection), since: .now(),
      reader: reader)
    reader.activate()
  }

  private func read(_ number: Int) {
    guard let connection = connections[number], !connection.isAsked else { return }
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let count = Glibc.read(connection.descriptor, &bytes, bytes.count)
    if count < 0, errno == EAGAIN || errno == EINTR { return }
    guard count > 0 else { return end(number) }
    connections[number]?.line += bytes.prefix(count)
    let line = connections[number]?.line ?? []
    guard line.contains(10) || line.count > DeskLine.limit else { return }
    connections[number]?.isAsked = true
    // It has said what it wanted; whatever else it sends is not read.
    connections[number]?.reader?.suspend()
    DeskLine.answer(
      Array(line.prefix { $0 != 10 }), from: connection.visitor, at: desk
    ) { [weak self] answer in self?.post { $0.answer(answer, to: number) } }
  }

  private func answer(_ text: String, to number: Int) {
    guard let connection = connections[number] else { return }
    connections[number]?.answer = Array((text + "\n").utf8)
    let writer = DispatchSource.makeWriteSource(
      fileDescriptor: connection.descriptor, queue: executor.queue)
    writer.setEventHandler(
      handler: DispatchWorkItem { @Sendable [weak self] in
        self?.assumeIsolated { $0.write(number) }
      })
    connections[number]?.writer = writer
    writer.activate()
  }

  private func write(_ number: Int) {
    guard let connection = connections[number] else { return }
    let count = connection.answer.withUnsafeBytes {
      send(connection.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    if count < 0, errno == EAGAIN || errno == EINTR { return }
    guard count > 0 else { return end(number) }
    connections[number]?.answer.removeFirst(count)
    if connections[number]?.answer.isEmpty ?? true { end(number) }
  }

  private func end(_ number: Int) {
    guard let connection = connections.removeValue(forKey: number) else { return }
    connection.writer?.cancel()
    connection.reader?.cancel()
    // A suspended source is not cancelled before it is resumed.
    if connection.isAsked { connection.reader?.resume() }
    reopen()
  }
}
