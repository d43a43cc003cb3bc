import Locking
import Support
import Testing
import Web

/// A server on a port of the system's choice.
private struct ServedRoutes {
  let server: HTTPServer

  init(_ routes: [Route], _ change: (inout HTTPSettings) -> Void = { _ in }) throws {
    var settings = HTTPSettings()
    (settings.requestsPerSecond, settings.burst) = (1e6, 1e6)
    (settings.silence, settings.deadline, settings.patience) = (120, 120, 120)
    change(&settings)
    server = try HTTPServer(settings, routes: routes)
  }

  func curl(_ path: String, _ arguments: [String] = [], body: String? = nil) throws -> Reply {
    let data = body == nil ? [] : ["--data-binary", "@-"]
    let url = "http://127.0.0.1:\(server.port)\(path)"
    let (status, output) = try Command.run(
      "curl", ["-s", "-i", "--max-time", "20", url] + arguments + data,
      input: Array((body ?? "").utf8))
    return Reply(text: String(decoding: output, as: UTF8.self), exit: status)
  }
}

@Suite("Routes over the wire")
struct HTTPServerTests {
  private static let echo = Route(.post, "/v1/echo/{word}", needs: nil, bodyLimit: 100) {
    request, done in
    done(
      HTTPAnswer(
        201, contentType: "text/plain; charset=utf-8",
        text: "\(request.method) \(request.variable) \(request.query["a"] ?? "-") "
          + "\(request.query["b"] ?? "-") \(request.query["c"] ?? "-") "
          + "\(request.languages ?? "-") \(String(decoding: request.body, as: UTF8.self))",
        [.init("X-Extra", "1")]))
  }

  @Test("A route sees method, variable, query, languages and body, and answers as it likes")
  func everything() throws {
    let served = try ServedRoutes([Self.echo])
    defer { served.server.stop() }
    let reply = try served.curl(
      "/v1/echo/%E8%B7%AF?a=1%202&b=&c=x&c=y", ["-H", "Accept-Language: zh-CN"], body: "hello")
    #expect(reply.status == 201)
    #expect(reply.body == "POST 路 1 2  y zh-CN hello")
    #expect(reply.header("Content-Type") == "text/plain; charset=utf-8")
    #expect(reply.header("X-Extra") == "1")
  }

  @Test("A body is taken up to the route's own limit")
  func limits() throws {
    let served = try ServedRoutes([Self.echo, .get("/none", needs: nil) { _ in .notFound }])
    defer { served.server.stop() }
    #expect(
      try served.curl("/v1/echo/a", body: String(repeating: "x", count: 100)).status == 201)
    #expect(
      try served.curl("/v1/echo/a", body: String(repeating: "x", count: 101)).status == 413)
    #expect(try served.curl("/none", ["-X", "GET"], body: "x").status == 413)
  }

  @Test("The second answer of a handler is not heard")
  func twice() throws {
    let route = Route(.get, "/twice", needs: nil) { _, done in
      done(HTTPAnswer(200, body: "1"))
      done(HTTPAnswer(500, body: "2"))
    }
    let served = try ServedRoutes([route])
    defer { served.server.stop() }
    for _ in 0..<3 { #expect(try served.curl("/twice").body == "1\n") }
  }

  @Test("A handler that takes too long costs the sender 503")
  func late() throws {
    let served = try ServedRoutes([Route(.get, "/never", needs: nil) { _, _ in }]) {
      $0.patience = 0.5
    }
    defer { served.server.stop() }
    let reply = try served.curl("/never")
    #expect(reply.status == 503)
    #expect(reply.body == "{\"error\":\"no answer in time; ask again\"}\n")
  }
}

@Suite("Streams over the wire", .serialized)
struct HTTPStreamTests {
  /// Serves one stream after the other; `streams` has those that were asked for.
  private func serve(
    _ streams: Guarded<[HTTPStream]>, limit: Int = 100_000,
    _ change: (inout HTTPSettings) -> Void = { _ in }
  ) throws -> ServedRoutes {
    try ServedRoutes(
      [
        Route(.get, "/events", needs: nil) { _, done in
          let stream = HTTPStream(limit: limit)
          streams.withLock { $0.append(stream) }
          done(HTTPAnswer(200, contentType: "text/event-stream", .stream(stream)))
        }
      ], change)
  }

  private let request = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"

  /// The stream that was asked for last, once it is there.
  private func newest(
    of streams: Guarded<[HTTPStream]>, count: Int = 1
  ) async throws -> HTTPStream {
    while streams.withLock({ $0.count }) < count { try await Task.sleep(for: .milliseconds(5)) }
    return try #require(streams.withLock { $0.last })
  }

  @Test("What is sent arrives at once, again and again, until the end", .timeLimit(.minutes(1)))
  func pieces() async throws {
    let streams = Guarded<[HTTPStream]>([])
    // A stream outlives every patience for a request.
    let served = try serve(streams) { ($0.deadline, $0.patience) = (1, 1) }
    defer { served.server.stop() }
    let connection = RawConnection(port: served.server.port)
    connection.send(request)
    let stream = try await newest(of: streams)
    for number in 0..<4 {
      #expect(stream.send(Array("data: \(number)\n\n".utf8)))
      let piece = connection.receive(within: 5000) { $0.contains("data: \(number)\n\n") }
      #expect(piece.text.contains("data: \(number)\n\n"))
      #expect(!piece.isClosed)
      try await Task.sleep(for: .milliseconds(700))
    }
    stream.end()
    #expect(connection.receive(within: 5000) { $0.hasSuffix("0\r\n\r\n") }.text == "0\r\n\r\n")
    #expect(!stream.send([1]))
    #expect(try served.curl("/health").status == 200)
  }

  @Test(
    "Ten thousand pieces come whole and in order, whatever their sizes", .timeLimit(.minutes(1)))
  func many() async throws {
    let streams = Guarded<[HTTPStream]>([])
    let served = try serve(streams, limit: 1 << 22)
    defer { served.server.stop() }
    let sent = (0..<10_000).map { "\($0):" + String(repeating: "x", count: $0 % 97) + "\n" }
    let connection = RawConnection(port: served.server.port)
    connection.send("GET /events HTTP/1.0\r\n\r\n")
    let stream = try await newest(of: streams)
    for piece in sent { stream.send(Array(piece.utf8)) }
    stream.end()
    let reply = connection.receive(within: 30_000)
    #expect(reply.isClosed)
    #expect(Reply(text: reply.text).body == sent.joined())
  }

  @Test("A listener that does not read is dropped, and others go on", .timeLimit(.minutes(2)))
  func slow() async throws {
    let streams = Guarded<[HTTPStream]>([])
    let served = try serve(streams)
    defer { served.server.stop() }
    let sleepy = RawConnection(port: served.server.port)
    sleepy.send(request)
    let stream = try await newest(of: streams)
    let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 50_000)
    // The system's buffers take some megabytes before the limit is felt.
    var isHeard = true
    for _ in 0..<2000 where isHeard {
      isHeard = stream.send(piece)
      try await Task.sleep(for: .milliseconds(1))
    }
    #expect(!isHeard)
    #expect(!stream.send([1]))
    let other = RawConnection(port: served.server.port)
    other.send(request)
    try await newest(of: streams, count: 2).send(Array("data: 1\n\n".utf8))
    #expect(other.receive(within: 5000) { $0.contains("data: 1") }.text.contains("data: 1"))
    #expect(sleepy.isClosed(within: 20_000))
  }

  @Test("A listener that goes away is noticed", .timeLimit(.minutes(1)))
  func gone() async throws {
    let streams = Guarded<[HTTPStream]>([])
    let served = try serve(streams)
    defer { served.server.stop() }
    var connection: RawConnection? = RawConnection(port: served.server.port)
    connection?.send(request)
    let stream = try await newest(of: streams)
    stream.send(Array("data: 1\n\n".utf8))
    _ = connection?.receive(within: 5000) { $0.contains("data: 1") }
    connection = nil
    while stream.send(Array("data: 2\n\n".utf8)) { try await Task.sleep(for: .milliseconds(20)) }
    #expect(try served.curl("/health").status == 200)
  }

  @Test("A stop ends all streams, those that sleep too", .timeLimit(.minutes(1)))
  func stop() async throws {
    let streams = Guarded<[HTTPStream]>([])
    let served = try serve(streams)
    let connections = (0..<3).map { _ in RawConnection(port: served.server.port) }
    for connection in connections { connection.send(request) }
    try await newest(of: streams, count: 3).send(Array("data: 1\n\n".utf8))
    let stopped = Guarded(false)
    served.server.stop { stopped.withLock { $0 = true } }
    for connection in connections { #expect(connection.receive(within: 10_000).isClosed) }
    while !stopped.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
    #expect(streams.withLock { $0 }.allSatisfy { !$0.send([1]) })
  }
}
