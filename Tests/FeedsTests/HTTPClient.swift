import Feeds
import Support
import Web

/// A feed on a port of the system's choice, with what it receives.
struct Served {
  let feed: HTTPServer
  let inbox: Inbox

  init(
    _ manner: Inbox.Manner = .accept, cameras: [Camera] = [],
    _ change: (inout HTTPSettings) -> Void = { _ in }
  ) throws {
    var settings = HTTPSettings()
    settings.requestsPerSecond = 1e6
    settings.burst = 1e6
    // A loaded machine must not turn a test of something else into one of these.
    (settings.silence, settings.deadline, settings.patience) = (120, 120, 120)
    change(&settings)
    inbox = Inbox(manner)
    feed = try HTTPServer(
      settings,
      routes: CountRoutes.routes(
        bodyLimit: settings.bodyLimit, cameras: cameras, clock: realUTC, receive: inbox.receiver))
  }

  var url: String { "http://127.0.0.1:\(feed.port)" }

  /// What curl, which shares no code with the feed, gets for `arguments`.
  func curl(
    _ path: String = "/v1/counts", _ arguments: [String] = [], body: String? = nil
  ) throws -> Reply {
    let data = body == nil ? [] : ["--data-binary", "@-"]
    let all = ["-s", "-i", "--max-time", "20", url + path] + arguments + data
    let (status, output) = try Command.run("curl", all, input: Array((body ?? "").utf8))
    return Reply(text: String(decoding: output, as: UTF8.self), exit: status)
  }
}

/// The head of a request with a body of `length` bytes.
func head(_ length: Int, keepAlive: Bool = true) -> String {
  "POST /v1/counts HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(length)\r\n"
    + (keepAlive ? "" : "Connection: close\r\n") + "\r\n"
}
