import Counts
import Feeds
import Support
import Testing
import Web

@Suite("Cameras and certificates over HTTP")
struct HTTPCameraTests {
  @Test("A camera has a page of its own, and its messages become records")
  func page() throws {
    let (camera, message) = hikvision()
    let served = try Served(cameras: [camera])
    defer { served.feed.stop() }
    let reply = try served.curl("/v1/cameras/cam", body: message)
    #expect(reply.status == 200)
    #expect(reply.body == #"{"accepted":2,"refused":0,"errors":[]}"# + "\n")
    #expect(served.inbox.detectors == ["J.N.1", "J.N.2"])
    #expect(served.inbox.batches.first?.origin == .http(peer: "127.0.0.1"))
    let wrong = try served.curl("/v1/cameras/cam", body: "{}")
    #expect(wrong.status == 400)
    #expect(wrong.body.contains(#""field":"eventType""#))
    #expect(try served.curl("/v1/cameras/other", body: message).status == 404)
    #expect(try served.curl("/v1/counts", body: message).status == 400)
  }

  @Test("A message in parts of a form, with a picture behind it, is read")
  func form() throws {
    let (camera, message) = hikvision()
    let served = try Served(cameras: [camera])
    defer { served.feed.stop() }
    let folder = try TemporaryFolder()
    folder.write(message, to: "event.json")
    folder.write("\u{FF}\u{D8}", to: "picture.jpg")
    let reply = try served.curl(
      "/v1/cameras/cam",
      [
        "-F", "TPS=@\(folder.path)/event.json;type=application/json",
        "-F", "picture=@\(folder.path)/picture.jpg",
      ])
    #expect(reply.status == 200)
    #expect(served.inbox.detectors == ["J.N.1", "J.N.2"])
  }

  @Test("With an authority, only senders whose certificate it has signed are taken")
  func mutual() throws {
    let (right, other) = (try Authority("127.0.0.1"), try Authority("127.0.0.1"))
    let served = try Served {
      $0.certificate = right.path("server.crt")
      $0.key = right.path("server.key")
      $0.senderAuthority = right.path("ca.crt")
    }
    defer { served.feed.stop() }
    func send(_ client: Authority?) throws -> Reply {
      let own = client.map {
        ["--cert", $0.path("client.crt"), "--key", $0.path("client.key")]
      }
      let arguments =
        ["-s", "-i", "--max-time", "20", "--cacert", right.path("ca.crt"), "--data-binary", "@-"]
        + (own ?? []) + ["https://127.0.0.1:\(served.feed.port)/v1/counts"]
      let (status, output) = try Command.run(
        "curl", arguments, input: Array((line("a") + "\n").utf8))
      return Reply(text: String(decoding: output, as: UTF8.self), exit: status)
    }
    #expect(try send(right).status == 200)
    #expect(try send(nil).status == 403)
    #expect(try send(other).status != 200)
    #expect(served.inbox.detectors == ["a"])
    // Whoever speaks no TLS gets no answer.
    #expect(try served.curl(body: line("b")).status == nil)
    #expect(served.inbox.detectors == ["a"])
  }

  @Test("Certificates that are none, or that have no key, are refused at the start")
  func badIdentity() throws {
    let authority = try Authority("127.0.0.1")
    func serve(_ change: (inout HTTPSettings) -> Void) throws {
      _ = try Served(.accept, cameras: [], change)
    }
    #expect(throws: HTTPServerError.self) { try serve { $0.certificate = "/nowhere" } }
    #expect(throws: HTTPServerError.self) {
      try serve { $0.senderAuthority = authority.path("ca.crt") }
    }
    #expect(throws: HTTPServerError.self) {
      try serve {
        $0.certificate = authority.path("server.crt")
        $0.key = authority.path("names")
      }
    }
  }

  @Test("Who begins a handshake and does not go on is cut off, and keeps nobody waiting")
  func halfHandshake() throws {
    let authority = try Authority("127.0.0.1")
    let served = try Served {
      $0.certificate = authority.path("server.crt")
      $0.key = authority.path("server.key")
      ($0.silence, $0.deadline) = (2, 2)
    }
    defer { served.feed.stop() }
    let slow = (0..<20).map { _ in RawConnection(port: served.feed.port) }
    // The beginning of a client's hello, and then nothing.
    for one in slow { one.send([22, 3, 1, 2, 0, 1]) }
    let arguments = [
      "-s", "-i", "--max-time", "20", "--cacert", authority.path("ca.crt"), "--data-binary", "@-",
      "https://127.0.0.1:\(served.feed.port)/v1/counts",
    ]
    let (_, output) = try Command.run("curl", arguments, input: Array((line("a") + "\n").utf8))
    #expect(Reply(text: String(decoding: output, as: UTF8.self)).status == 200)
    for one in slow { #expect(one.receive(within: 10_000).isClosed) }
  }
}
