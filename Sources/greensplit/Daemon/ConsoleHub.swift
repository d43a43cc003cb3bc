import Console
import Dispatch
import History
import Locking
import Signals
import Web

/// What the console is told: once a second it looks at every junction, keeps what it sees at a glance,
/// and tells listeners what has changed. It never keeps a junction waiting.
final class ConsoleHub: @unchecked Sendable {
  // Unchecked: all that changes is touched on `queue` alone.

  /// Most that listen to events at once; more are told to come again.
  static let listenerLimit = 64
  /// Bytes that wait for a listener before it is dropped: some seconds of a large city.
  static let backlog = 1 << 20

  /// Looks before alarms are raised: what is so only until cabinets have answered for the first time is
  /// none.
  static let settling = 10

  private struct Listener {
    let stream: HTTPStream
    /// The junction whose detail it wants; `nil`: changes of all.
    let junction: String?
  }

  private struct Known {
    let row: JunctionRow
    let json: String
  }

  private let queue = DispatchQueue(label: "console")
  private let fleet: Fleet
  private let clock: DaemonClock
  private let tallies: Tallies
  private let history: @Sendable () -> HistoryStatus?
  private var known: [String: Known] = [:]
  private var order: [String] = []
  private var alarms = AlarmBook()
  private var looks = 0
  private var listeners: [Listener] = []
  private var sequence = 0
  private var timer: (any DispatchSourceTimer)?

  /// A hub that looks at nothing until `start`.
  ///
  /// - Parameters:
  ///   - fleet: The junctions.
  ///   - clock: The daemon's.
  ///   - tallies: What became of counts.
  ///   - history: How the history's writer stands; `nil` without one.
  init(
    _ fleet: Fleet, clock: DaemonClock, tallies: Tallies,
    history: @escaping @Sendable () -> HistoryStatus?
  ) {
    self.fleet = fleet
    self.tallies = tallies
    self.history = history
    self.clock = clock
  }

  /// Looks every second from now on.
  func start() {
    queue.async { [self] in
      look()
      let timer = DispatchSource.makeTimerSource(queue: queue)
      timer.schedule(deadline: .now() + 1, repeating: .seconds(1), leeway: .milliseconds(50))
      timer.setEventHandler(handler: DispatchWorkItem { @Sendable [weak self] in self?.look() })
      timer.activate()
      self.timer = timer
    }
  }

  /// Looks no more, and lets listeners go.
  func stop() {
    queue.async { [self] in
      timer?.cancel()
      timer = nil
      for listener in listeners { listener.stream.end() }
      listeners = []
    }
  }

  private func look() {
    let now = clock.now().utc
    let links = fleet.links
    var changed: [String] = []
    var next: [String: Known] = [:]
    next.reserveCapacity(links.count)
    for link in links {
      let row = link.row
      let before = known[row.id]
      if let before, before.row == row {
        next[row.id] = before
        continue
      }
      if looks > Self.settling { alarms.compare(before?.row, row, at: now) }
      let json = row.json
      next[row.id] = Known(row: row, json: json)
      changed.append(json)
    }
    let removed = order.filter { next[$0] == nil }
    for id in removed { alarms.compare(known[id]?.row, nil, at: now) }
    known = next
    order = links.map(\.site.id)
    settle(at: now)
    tell(changed: changed, removed: removed, at: now)
  }

  /// Raises, once, what is still so when all has had its time to begin.
  private func settle(at now: UTC) {
    looks += 1
    guard looks == Self.settling + 1 else { return }
    for id in order { alarms.compare(nil, known[id]?.row, at: now) }
  }

  // MARK: Listeners

  private func tell(changed: [String], removed: [String], at now: UTC) {
    if !changed.isEmpty || !removed.isEmpty { sequence += 1 }
    let changes = JunctionList.changes(
      rows: changed, removed: removed, sequence: sequence, at: now)
    let event = Self.event("junctions", changes)
    // An empty event each second proves to a listener that the daemon lives, and to us that it listens.
    listeners.removeAll { $0.junction == nil && !$0.stream.send(event) }
    var wanted: [String] = []
    for listener in listeners {
      if let junction = listener.junction, !wanted.contains(junction) { wanted.append(junction) }
    }
    for junction in wanted {
      detail(of: junction) { [self] json in
        queue.async { self.send(json, of: junction) }
      }
    }
  }

  private func send(_ json: String?, of junction: String) {
    let event = Self.event("junction", json ?? "{}")
    listeners.removeAll { listener in
      guard listener.junction == junction else { return false }
      guard json != nil else {
        listener.stream.end()
        return true
      }
      return !listener.stream.send(event)
    }
  }

  private static func event(_ name: String, _ data: String) -> [UInt8] {
    Array("event: \(name)\ndata: \(data)\n\n".utf8)
  }

  private func listen(_ request: HTTPRequest, _ done: @escaping @Sendable (HTTPAnswer) -> Void) {
    let junction = request.query["junction"]
    if let junction, known[junction] == nil { return done(Self.unknown(junction)) }
    guard listeners.count < Self.listenerLimit else {
      return done(.later("too many listen already", seconds: 10))
    }
    let stream = HTTPStream(limit: Self.backlog)
    // What is in it is at once there, so that who listens knows that it does.
    stream.send(Array(": greensplit\n\n".utf8))
    listeners.append(Listener(stream: stream, junction: junction))
    done(
      HTTPAnswer(
        200, contentType: "text/event-stream; charset=utf-8", .stream(stream), Self.fresh))
  }

  // MARK: Routes

  private static let fresh = [HTTPAnswer.Header("Cache-Control", "no-store")]

  private static func unknown(_ junction: String) -> HTTPAnswer {
    HTTPAnswer(404, error: "no junction \(junction); GET /v1/junctions names them")
  }

  /// What can be asked of it.
  var routes: [Route] {
    [
      .get("/", needs: nil) { _ in Self.page },
      route("/v1/junctions") { [self] _, done in
        let rows = order.compactMap { known[$0]?.json }
        let json = JunctionList.json(rows: rows, sequence: sequence, at: clock.now().utc)
        done(HTTPAnswer(200, body: json, Self.fresh))
      },
      route("/v1/junctions/{id}") { [self] request, done in
        detail(of: request.variable) { json in
          done(
            json.map { HTTPAnswer(200, body: $0, Self.fresh) } ?? Self.unknown(request.variable))
        }
      },
      route("/v1/junctions/{id}/day") { [self] request, done in
        guard let link = fleet.link(of: request.variable) else {
          return done(Self.unknown(request.variable))
        }
        let quarters = link.watch.course.json
        done(HTTPAnswer(200, body: "{\"quarters\":\(quarters)}", Self.fresh))
      },
      route("/v1/alarms") { [self] request, done in
        done(
          HTTPAnswer(
            200,
            body: alarms.json(of: request.query["junction"], limit: 500, at: clock.now().utc),
            Self.fresh))
      },
      route("/metrics") { [self] _, done in
        let rows = order.compactMap { known[$0]?.row }
        done(
          Measurements.page(
            rows, fleet.links, tallies, history(), listeners: listeners.count))
      },
      route("/v1/events") { [self] request, done in listen(request, done) },
    ]
  }

  /// A route that reads, answered on the hub's queue.
  private func route(_ path: String, _ answer: @escaping HTTPHandler) -> Route {
    Route(.get, path, needs: .viewer) { [self] request, done in
      queue.async {
        // An empty list would pass for a daemon without junctions.
        guard self.timer != nil else { return done(.unknown("the daemon is not ready; ask again")) }
        answer(request, done)
      }
    }
  }

  /// The detail of a junction as JSON, `nil` if there is none; its detectors are asked on its own queue.
  private func detail(of junction: String, done: @escaping @Sendable (String?) -> Void) {
    guard let link = fleet.link(of: junction) else { return done(nil) }
    let row = link.row
    let detail = JunctionDetail(
      row, link.site, link.watch.picture, order: link.wanted.map { ($0.sequence, $0.plan) })
    let clock = clock
    fleet.status(of: junction) { report in
      done(detail.json(at: clock.now().utc, health: report.map(jsonText)))
    }
  }

  /// The console, with a word of its own for each answer (`ConsolePage.policy`).
  private static var page: HTTPAnswer {
    let nonce =
      String(UInt64.random(in: .min ... .max), radix: 36)
      + String(UInt64.random(in: .min ... .max), radix: 36)
    return HTTPAnswer(
      200, contentType: "text/html; charset=utf-8", text: ConsolePage.html(nonce: nonce),
      [
        .init("Content-Security-Policy", ConsolePage.policy(nonce: nonce)),
        .init("X-Content-Type-Options", "nosniff"), .init("Referrer-Policy", "no-referrer"),
        .init("Cross-Origin-Opener-Policy", "same-origin"),
        .init("Cache-Control", "no-store"),
      ])
  }
}
