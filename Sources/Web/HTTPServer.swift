import CMicrohttpd
import Dispatch
import Glibc
import Signals

/// Answers requests by routes (`docs/http-api.md`).
///
/// libmicrohttpd reads and writes; it has no thread but is run on one serial queue whenever its
/// epoll descriptor has something, so nothing is shared and nothing waits but for that descriptor.
/// While a handler thinks, and while a stream has nothing to say, the connection is suspended.
public final class HTTPServer: @unchecked Sendable {
  // Unchecked: all that changes is touched on `queue` alone.

  /// Memory that libmicrohttpd may use for the head and the buffers of a connection, bytes.
  private static let connectionMemory = 32_768

  /// How often senders that take too long are looked for, milliseconds.
  private static let sweepInterval: Int64 = 1000

  /// The port on which it listens.
  public let port: UInt16

  private let queue = DispatchQueue(label: "http")
  private let settings: HTTPSettings
  private var gate: HTTPGate
  private var daemon: OpaquePointer?
  private var links: [OpaquePointer: HTTPLink] = [:]
  private let waker = Waker()
  private var nextSweep = Instant(milliseconds: 0)
  private var isRunDue = false
  private var lastTicket: UInt64 = 0

  /// Listens as `settings` say, on a queue of the server's own. It lives until `stop`.
  ///
  /// - Parameters:
  ///   - settings: Where and how.
  ///   - routes: What can be asked, beside GET /health.
  ///   - refused: Hears, on the server's queue, of good tokens without the role that was needed.
  /// - Throws: Why it cannot listen.
  public init(
    _ settings: HTTPSettings, routes: [Route],
    refused: @escaping @Sendable (HTTPRefusal) -> Void = { _ in }
  ) throws(HTTPServerError) {
    guard let isLoopback = ListeningSocket.isLoopback(settings.address) else {
      throw .notNumeric(address: settings.address)
    }
    let isOpen = settings.senderAuthority != nil || isLoopback
    guard settings.tokenFile != nil || !settings.access.isEmpty || isOpen else {
      throw .tokenNeeded(address: settings.address)
    }
    let identity = try TLSIdentity(settings)
    let keys = try Keyring(settings, isOpen: isOpen)
    let socket = try ListeningSocket(address: settings.address, port: settings.port)
    self.settings = settings
    port = socket.port
    gate = HTTPGate(
      routes: RouteTable(routes), keys: keys, needsCertificate: settings.senderAuthority != nil,
      rate: RateLimit(rate: settings.requestsPerSecond, burst: settings.burst), refused: refused)
    // The library calls back with this reference, which `stop` gives back.
    let owner = Unmanaged.passRetained(self)
    daemon = greensplit_mhd_start(
      socket.descriptor, UInt32(settings.connections), UInt32(settings.silence),
      Self.connectionMemory, answerRequest, noteConnection, completeRequest, owner.toOpaque(),
      identity?.key, identity?.certificate, identity?.authority)
    guard daemon != nil else {
      let reason =
        identity == nil ? systemReason(errno) : "the certificate and the key do not fit together"
      close(socket.descriptor)
      owner.release()
      throw .cannotListen(address: settings.address, port: settings.port, reason: reason)
    }
    queue.async { [self] in serve() }
  }

  /// Takes no more requests, answers those that wait with 503, closes all connections
  /// and then calls `then`.
  public func stop(then: @escaping @Sendable () -> Void = {}) {
    post { [self] in
      end()
      then()
    }
  }

  // MARK: Running the library

  /// Does `work` on the queue, which sleeps in `serve` most of the time.
  private func post(_ work: @escaping @Sendable () -> Void) {
    queue.async(execute: work)
    waker.wake()
  }

  /// Waits for something to do and does it, again and again; in between, posted work has its turn.
  private func serve() {
    guard let daemon else { return }
    let wait = isRunDue ? 0 : max(0, nextSweep.milliseconds - monotonicNow().milliseconds)
    isRunDue = false
    _ = waker.wait(
      for: greensplit_mhd_epoll(daemon), milliseconds: Int32(min(wait, Self.sweepInterval)))
    if monotonicNow() >= nextSweep { sweep() }
    run()
    queue.async { [self] in serve() }
  }

  private func run() {
    guard let daemon else { return }
    MHD_run(daemon)
    // Zero: a connection has more to do that epoll will not tell of. Time-outs wait for the sweep.
    var wait: UInt64 = 0
    if MHD_get_timeout(daemon, &wait) == .YES && wait == 0 { isRunDue = true }
  }

  /// Cuts off senders that take too long, which libmicrohttpd itself does only if they are silent,
  /// and frees those for whom a handler takes too long. A stream may take for ever.
  private func sweep() {
    let now = monotonicNow()
    nextSweep = Instant(milliseconds: now.milliseconds + Self.sweepInterval)
    for (connection, link) in links {
      let age = now.seconds(since: link.since)
      if let stream = link.stream {
        if stream.isDropped { shutdown(link.descriptor, Int32(SHUT_RDWR)) }
      } else if link.ticket != nil {
        if age > settings.patience { resume(connection, with: link.late) }
      } else if age > settings.deadline || link.isDeserted {
        shutdown(link.descriptor, Int32(SHUT_RDWR))
      }
    }
  }

  private func end() {
    guard let daemon else { return }
    // The library wants no connection suspended when it ends.
    for (connection, link) in links {
      if link.isAsleep {
        link.stream?.end()
        rouse(connection)
      } else if link.ticket != nil {
        resume(connection, with: link.late)
      }
    }
    MHD_run(daemon)
    self.daemon = nil
    MHD_stop_daemon(daemon)
    Unmanaged.passUnretained(self).release()
  }

  // MARK: Connections

  fileprivate var needsCertificates: Bool { settings.senderAuthority != nil }

  fileprivate func open(_ connection: OpaquePointer) {
    links[connection] = HTTPLink(
      descriptor: greensplit_mhd_descriptor(connection), since: monotonicNow())
  }

  fileprivate func forget(_ connection: OpaquePointer) {
    links[connection]?.stream?.abandon()
    links[connection] = nil
    // At its limit of connections the library accepts again only in a run after this one.
    isRunDue = true
  }

  fileprivate func complete(_ connection: OpaquePointer) {
    links[connection]?.stream?.abandon()
    links[connection]?.stream = nil
    links[connection]?.ticket = nil
    links[connection]?.request = nil
    links[connection]?.since = monotonicNow()
  }

  /// A further step of a request: its head, a piece of its body, or its end.
  fileprivate func step(
    _ connection: OpaquePointer, head: () -> HTTPHead, piece: UnsafeRawBufferPointer
  ) -> Bool {
    guard let link = links[connection] else { return false }
    guard link.request != nil else { return take(head(), from: connection) }
    if !piece.isEmpty { return links[connection]?.request?.take(piece) ?? false }
    if let answer = link.request?.answer { return send(answer, to: connection) }
    deliver(of: connection)
    return true
  }

  private func take(_ head: HTTPHead, from connection: OpaquePointer) -> Bool {
    let now = monotonicNow()
    let request = HTTPIntake(head: head, gate.decide(on: head, at: now))
    links[connection]?.request = request
    links[connection]?.since = now
    guard request.isAnsweredAtOnce, let answer = request.answer else { return true }
    return send(answer, to: connection)
  }

  /// Hands a whole request to its route; the connection sleeps until there is an answer.
  private func deliver(of connection: OpaquePointer) {
    guard let intake = links[connection]?.request, let route = intake.route else { return }
    let ticket = nextTicket()
    links[connection]?.ticket = ticket
    links[connection]?.since = monotonicNow()
    MHD_suspend_connection(connection)
    route.handler(intake.request) { self.answer(ticket, with: $0) }
  }

  private func nextTicket() -> UInt64 {
    lastTicket += 1
    return lastTicket
  }

  /// The connection that waits under `ticket`. By number: a connection may have been given up, and its
  /// address another's by now.
  private func connection(_ ticket: UInt64) -> OpaquePointer? {
    links.first { $0.value.ticket == ticket }?.key
  }

  private func answer(_ ticket: UInt64, with answer: HTTPAnswer) {
    post {
      guard let connection = self.connection(ticket) else { return }
      self.resume(connection, with: answer)
      self.run()
    }
  }

  private func resume(_ connection: OpaquePointer, with answer: HTTPAnswer) {
    links[connection]?.ticket = nil
    links[connection]?.request?.answer = answer
    links[connection]?.since = monotonicNow()
    MHD_resume_connection(connection)
  }

  private func send(_ answer: HTTPAnswer, to connection: OpaquePointer) -> Bool {
    guard let response = response(answer, for: connection) else { return false }
    defer { MHD_destroy_response(response) }
    MHD_add_response_header(response, "Content-Type", answer.contentType)
    for header in answer.headers { MHD_add_response_header(response, header.name, header.value) }
    return MHD_queue_response(connection, answer.status, response) == .YES
  }

  private func response(_ answer: HTTPAnswer, for connection: OpaquePointer) -> OpaquePointer? {
    switch answer.content {
    case .bytes(var bytes):
      return MHD_create_response_from_buffer(bytes.count, &bytes, .RESPMEM_MUST_COPY)
    case .stream(let stream):
      let ticket = nextTicket()
      links[connection]?.ticket = ticket
      links[connection]?.stream = stream
      stream.listen { [weak self] in
        self?.post { [weak self] in
          guard let self, let connection = self.connection(ticket) else { return }
          self.rouse(connection)
          self.run()
        }
      }
      let reading = Unmanaged.passRetained(StreamReading(self, connection, stream))
      // Chunked: nobody knows how long it will be.
      return MHD_create_response_from_callback(
        UInt64.max, Self.pieceSize, readStream, reading.toOpaque(), endStream)
    }
  }

  // MARK: Streams

  /// Most bytes of a stream that are handed over at once.
  private static let pieceSize = 16_384

  /// Lets a stream's connection sleep until there is something to say.
  fileprivate func lull(_ connection: OpaquePointer) {
    guard links[connection]?.isAsleep == false else { return }
    links[connection]?.isAsleep = true
    MHD_suspend_connection(connection)
  }

  private func rouse(_ connection: OpaquePointer) {
    guard links[connection]?.isAsleep == true else { return }
    links[connection]?.isAsleep = false
    MHD_resume_connection(connection)
  }
}

/// What the library reads a stream's pieces through.
private final class StreamReading {
  let server: HTTPServer
  let connection: OpaquePointer
  let stream: HTTPStream

  init(_ server: HTTPServer, _ connection: OpaquePointer, _ stream: HTTPStream) {
    self.server = server
    self.connection = connection
    self.stream = stream
  }
}

/// One connection, from being accepted to being closed.
private struct HTTPLink {
  let descriptor: Int32

  /// When it began to wait for what it waits for: a request, or a handler.
  var since: Instant

  var request: HTTPIntake?

  /// Number under which a handler or a stream finds it; with a handler it is suspended.
  var ticket: UInt64?

  /// What it listens to.
  var stream: HTTPStream?

  /// Whether it is suspended because its stream has nothing to say.
  var isAsleep = false

  /// What is answered if its handler takes too long.
  var late: HTTPAnswer { request?.route?.late ?? .noAnswer }

  /// Whether the sender has closed although its request is not whole. The library does not see an
  /// end that came together with the last piece, as epoll tells it of both at once.
  var isDeserted: Bool {
    var byte: UInt8 = 0
    return recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) == 0
  }
}

private func monotonicNow() -> Instant {
  Instant(milliseconds: Int64(DispatchTime.now().uptimeNanoseconds / 1_000_000))
}

// MARK: Callbacks of libmicrohttpd, all made by `MHD_run` and so on the server's queue

private func server(_ owner: UnsafeMutableRawPointer?) -> HTTPServer? {
  owner.map { Unmanaged<HTTPServer>.fromOpaque($0).takeUnretainedValue() }
}

private let answerRequest: MHD_AccessHandlerCallback = {
  owner, connection, url, method, _, data, size, _ in
  guard let server = server(owner), let connection, let size else { return .NO }
  func header(_ name: String) -> String? {
    MHD_lookup_connection_value(connection, .HEADER_KIND, name).map { String(cString: $0) }
  }
  let goesOn = server.step(
    connection,
    head: {
      HTTPHead(
        method: method.map { String(cString: $0) } ?? "",
        path: url.map { String(cString: $0) } ?? "",
        peer: numericText(greensplit_mhd_peer(connection)),
        authorization: header("Authorization"), contentEncoding: header("Content-Encoding"),
        contentLength: header("Content-Length"), expectsConsent: header("Expect") != nil,
        isTrusted: server.needsCertificates && greensplit_mhd_is_trusted(connection) != 0,
        languages: header("Accept-Language"), host: header("Host"),
        fetchSite: header("Sec-Fetch-Site"), query: query(of: connection))
    }, piece: UnsafeRawBufferPointer(start: data, count: size.pointee))
  size.pointee = 0
  return goesOn ? .YES : .NO
}

/// Names and values behind the question mark; their number is bounded by the memory of the head.
private func query(of connection: OpaquePointer) -> [String: String] {
  let found = FoundQuery()
  MHD_get_connection_values(
    connection, .GET_ARGUMENT_KIND,
    { found, _, name, value in
      guard let found, let name else { return .YES }
      let query = Unmanaged<FoundQuery>.fromOpaque(found).takeUnretainedValue()
      query.values[String(cString: name)] = value.map { String(cString: $0) } ?? ""
      return .YES
    }, Unmanaged.passUnretained(found).toOpaque())
  return withExtendedLifetime(found) { found.values }
}

private final class FoundQuery {
  var values: [String: String] = [:]
}

private let noteConnection: MHD_NotifyConnectionCallback = { owner, connection, _, event in
  guard let server = server(owner), let connection else { return }
  if event == .CONNECTION_NOTIFY_STARTED {
    server.open(connection)
  } else {
    server.forget(connection)
  }
}

private let completeRequest: MHD_RequestCompletedCallback = { owner, connection, _, _ in
  guard let server = server(owner), let connection else { return }
  server.complete(connection)
}

private let readStream: MHD_ContentReaderCallback = { reading, _, buffer, room in
  guard let reading, let buffer else { return -1 }
  let source = Unmanaged<StreamReading>.fromOpaque(reading).takeUnretainedValue()
  switch source.stream.take(room) {
  case .bytes(let bytes):
    UnsafeMutableRawBufferPointer(start: buffer, count: room).copyBytes(from: bytes)
    return bytes.count
  case .nothingYet:
    source.server.lull(source.connection)
    return 0
  // MHD_CONTENT_READER_END_OF_STREAM and _END_WITH_ERROR, macros that are not imported.
  case .end: return -1
  case .dropped: return -2
  }
}

private let endStream: MHD_ContentReaderFreeCallback = { reading in
  guard let reading else { return }
  Unmanaged<StreamReading>.fromOpaque(reading).release()
}
