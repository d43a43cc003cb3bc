import CMicrohttpd
import Counts
import Dispatch
import Glibc
public import Signals

/// Takes count records by `POST /v1/counts` (`docs/count-record.md`), and shows pages to GET.
///
/// libmicrohttpd reads and writes; it has no thread but is run on one serial queue whenever its
/// epoll descriptor has something, so nothing is shared and nothing waits but for that descriptor.
/// While the receiver decides on a batch, the connection is suspended.
public final class HTTPFeed: @unchecked Sendable {
  // Unchecked: all that changes is touched on `queue` alone.

  /// Memory that libmicrohttpd may use for the head and the buffers of a connection, bytes.
  private static let connectionMemory = 32_768

  /// How often senders that take too long are looked for, milliseconds.
  private static let sweepInterval: Int64 = 1000

  /// The port on which it listens.
  public let port: UInt16

  private let queue = DispatchQueue(label: "feed.http")
  private let settings: HTTPSettings
  private let clock: @Sendable () -> UTC
  private let receive: CountReceiver
  private let pages: [String: HTTPPage]
  private var gate: HTTPGate
  private var daemon: OpaquePointer?
  private var links: [OpaquePointer: HTTPLink] = [:]
  private let waker = Waker()
  private var nextSweep = Instant(milliseconds: 0)
  private var isRunDue = false
  private var lastBatch: UInt64 = 0

  /// Listens as `settings` say and hands what comes to `receive`, on a queue of the feed's own. The
  /// feed lives until `stop`.
  ///
  /// - Parameters:
  ///   - settings: Where and how.
  ///   - clock: The time by which cameras are judged.
  ///   - pages: What is shown by GET, by path, to who has the token.
  ///   - receive: Takes the counts.
  /// - Throws: Why it cannot listen.
  public init(
    _ settings: HTTPSettings, clock: @escaping @Sendable () -> UTC,
    pages: [String: HTTPPage] = [:], receive: @escaping CountReceiver
  ) throws(HTTPFeedError) {
    guard let isLoopback = ListeningSocket.isLoopback(settings.address) else {
      throw .notNumeric(address: settings.address)
    }
    guard settings.tokenFile != nil || settings.senderAuthority != nil || isLoopback else {
      throw .tokenNeeded(address: settings.address)
    }
    let identity = try TLSIdentity(settings)
    var token: BearerToken?
    if let path = settings.tokenFile { token = try BearerToken(path: path) }
    let socket = try ListeningSocket(address: settings.address, port: settings.port)
    self.settings = settings
    self.clock = clock
    self.receive = receive
    self.pages = pages
    port = socket.port
    gate = HTTPGate(
      token: token, needsCertificate: settings.senderAuthority != nil, cameras: settings.cameras,
      bodyLimit: settings.bodyLimit,
      rate: RateLimit(rate: settings.requestsPerSecond, burst: settings.burst),
      pages: pages.keys.sorted())
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

  /// Takes no more requests, answers those that wait for the receiver with 503, closes all
  /// connections and then calls `then`.
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
  /// and frees those for whom the receiver takes too long.
  private func sweep() {
    let now = monotonicNow()
    nextSweep = Instant(milliseconds: now.milliseconds + Self.sweepInterval)
    for (connection, link) in links {
      let age = now.seconds(since: link.since)
      if link.batch != nil {
        if age > settings.patience { resume(connection, with: .unknown) }
      } else if age > settings.deadline || link.isDeserted {
        shutdown(link.descriptor, Int32(SHUT_RDWR))
      }
    }
  }

  private func end() {
    guard let daemon else { return }
    let waiting = links.filter { $0.value.batch != nil }
    for connection in waiting.keys { resume(connection, with: .unknown) }
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
    links[connection] = nil
    // At its limit of connections the library accepts again only in a run after this one.
    isRunDue = true
  }

  fileprivate func complete(_ connection: OpaquePointer) {
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
    let request = HTTPRequest(
      head: head, from: gate.camera(of: head), bodyLimit: settings.bodyLimit,
      answer: gate.answer(to: head, at: now))
    links[connection]?.request = request
    links[connection]?.since = now
    guard request.isAnsweredAtOnce, let answer = request.answer else { return true }
    return send(answer, to: connection)
  }

  /// Hands a whole request to whom it concerns; the connection sleeps until there is an answer.
  private func deliver(of connection: OpaquePointer) {
    guard let request = links[connection]?.request else { return }
    lastBatch += 1
    let batch = lastBatch
    links[connection]?.batch = batch
    links[connection]?.since = monotonicNow()
    MHD_suspend_connection(connection)
    if let page = pages[request.head.path] {
      return page { self.answer(batch, with: HTTPAnswer(200, body: $0)) }
    }
    let input = request.input(at: clock())
    receive(
      CountBatch(input, from: .http(peer: request.head.peer)),
      once { acceptance in
        self.answer(
          batch, with: acceptance == .accepted ? .taken(input) : .later("overloaded", seconds: 1))
      })
  }

  /// Answers the request with this number.
  private func answer(_ batch: UInt64, with answer: HTTPAnswer) {
    post {
      // By number: the connection may have been given up, and its address another's by now.
      guard let connection = self.links.first(where: { $0.value.batch == batch })?.key else {
        return
      }
      self.resume(connection, with: answer)
      self.run()
    }
  }

  private func resume(_ connection: OpaquePointer, with answer: HTTPAnswer) {
    links[connection]?.batch = nil
    links[connection]?.request?.answer = answer
    links[connection]?.since = monotonicNow()
    MHD_resume_connection(connection)
  }

  private func send(_ answer: HTTPAnswer, to connection: OpaquePointer) -> Bool {
    var body = Array(answer.body.utf8)
    guard
      let response = MHD_create_response_from_buffer(body.count, &body, .RESPMEM_MUST_COPY)
    else { return false }
    defer { MHD_destroy_response(response) }
    MHD_add_response_header(response, "Content-Type", "application/json")
    for header in answer.headers { MHD_add_response_header(response, header.name, header.value) }
    return MHD_queue_response(connection, answer.status, response) == .YES
  }
}

/// One connection, from being accepted to being closed.
private struct HTTPLink {
  let descriptor: Int32

  /// When it began to wait for what it waits for: a request, or the receiver.
  var since: Instant

  var request: HTTPRequest?

  /// Number of the batch that the receiver decides on; the connection is suspended meanwhile.
  var batch: UInt64?

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

// MARK: Callbacks of libmicrohttpd, all made by `MHD_run` and so on the feed's queue

private func feed(_ owner: UnsafeMutableRawPointer?) -> HTTPFeed? {
  owner.map { Unmanaged<HTTPFeed>.fromOpaque($0).takeUnretainedValue() }
}

private let answerRequest: MHD_AccessHandlerCallback = {
  owner, connection, url, method, _, data, size, _ in
  guard let feed = feed(owner), let connection, let size else { return .NO }
  func header(_ name: String) -> String? {
    MHD_lookup_connection_value(connection, .HEADER_KIND, name).map { String(cString: $0) }
  }
  let goesOn = feed.step(
    connection,
    head: {
      HTTPHead(
        method: method.map { String(cString: $0) } ?? "",
        path: url.map { String(cString: $0) } ?? "",
        peer: numericText(greensplit_mhd_peer(connection)),
        authorization: header("Authorization"), contentEncoding: header("Content-Encoding"),
        contentLength: header("Content-Length"), expectsConsent: header("Expect") != nil,
        isTrusted: feed.needsCertificates && greensplit_mhd_is_trusted(connection) != 0)
    }, piece: UnsafeRawBufferPointer(start: data, count: size.pointee))
  size.pointee = 0
  return goesOn ? .YES : .NO
}

private let noteConnection: MHD_NotifyConnectionCallback = { owner, connection, _, event in
  guard let feed = feed(owner), let connection else { return }
  if event == .CONNECTION_NOTIFY_STARTED { feed.open(connection) } else { feed.forget(connection) }
}

private let completeRequest: MHD_RequestCompletedCallback = { owner, connection, _, _ in
  guard let feed = feed(owner), let connection else { return }
  feed.complete(connection)
}
