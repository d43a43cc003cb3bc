import Feeds
import Settings
import Signals
import Web

/// All that counts come from: opened before control begins, started when there are junctions.
struct FeedSet: Sendable {
  private let clock: DaemonClock
  private let receive: CountReceiver
  private var streams: [(feed: StreamFeed, name: String)] = []
  private var follows: [(feed: FollowFeed, path: String)] = []
  private var sockets: [SocketFeed] = []
  private var brokers: [(feed: MQTTFeed, address: String)] = []
  private var http: HTTPServer?

  /// Opens what `settings` name; HTTP hands on what comes from now on, and answers `routes` too.
  init(
    _ settings: DaemonSettings, clock: DaemonClock, routes: [Route],
    refused: @escaping @Sendable (HTTPRefusal) -> Void, receive: @escaping CountReceiver
  ) throws {
    self.clock = clock
    self.receive = receive
    let cameras = settings.httpCameras
    for lines in settings.lines {
      switch lines {
      case .read("-"): streams.append((try StreamFeed(), "standard input"))
      case .read(let path): streams.append((try StreamFeed(path: path), path))
      case .follow(let path): follows.append((FollowFeed(path: path, from: .end), path))
      case .listen(let path): sockets.append(try SocketFeed(path: path))
      }
    }
    for broker in settings.mqtt {
      let feed = try MQTTFeed(broker) { clock.now().utc }
      brokers.append((feed, "\(broker.address):\(broker.port)"))
    }
    guard let settings = settings.http else { return }
    let counts = CountRoutes.routes(
      bodyLimit: settings.bodyLimit, cameras: cameras, clock: { clock.now().utc },
      receive: receive)
    let server = try HTTPServer(settings, routes: counts + routes, refused: refused)
    http = server
    Log.write(
      .notice, "listening for counts", at: clock.now().utc,
      [("address", "\(settings.address):\(server.port)")])
  }

  /// Begins to read; what happens is told in the log.
  func start() {
    for (feed, name) in streams {
      feed.start(
        receive: receive,
        ended: { [clock] end in
          Log.write(
            end.isFailure ? .error : .notice, "counts ended", at: clock.now().utc,
            [("origin", name), ("why", end.description)])
        })
    }
    for (feed, path) in follows {
      feed.start(receive: receive) { [clock] event in
        Log.write(
          event.isTrouble ? .warning : .notice, "followed file", at: clock.now().utc,
          [("path", path), ("what", event.description)])
      }
    }
    for feed in sockets { feed.start(receive: receive) }
    for (feed, address) in brokers {
      feed.start(receive: receive) { [clock] event in
        Log.write(
          event.isTrouble ? .warning : .notice, "MQTT", at: clock.now().utc,
          [("broker", address), ("what", event.description)])
      }
    }
  }

  /// Takes nothing more.
  func stop() {
    for (feed, _) in streams { feed.stop() }
    for (feed, _) in follows { feed.stop() }
    for feed in sockets { feed.stop() }
    for (feed, _) in brokers { feed.stop() }
    http?.stop()
  }
}
