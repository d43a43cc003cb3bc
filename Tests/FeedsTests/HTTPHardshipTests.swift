import Counts
import Feeds
import Glibc
import Signals
import Support
import Testing
import Web

@Suite("HTTP senders that misbehave", .serialized)
struct HTTPHardshipTests {
  /// Lines of `bytes` bytes in all, none of them too long.
  private func body(_ bytes: Int) -> String {
    let one = line("a") + "\n"
    let whole = String(repeating: one, count: bytes / one.utf8.count)
    return whole + String(repeating: " ", count: bytes - whole.utf8.count)
  }

  @Test("A body as large as the limit is taken, one byte more is 413")
  func limit() throws {
    let served = try Served()
    defer { served.feed.stop() }
    #expect(try served.curl(body: body(65_536)).status == 200)
    let taken = served.inbox.records.count
    #expect(taken == 65_536 / (line("a").utf8.count + 1))
    let reply = try served.curl(body: body(65_537))
    #expect(reply.status == 413)
    #expect(
      reply.body
        == "{\"error\":\"a body has at most 65536 bytes; send less at once\"}\n")
    #expect(served.inbox.records.count == taken)
  }

  @Test("A body without a declared length is 413 as soon as it has grown too large")
  func chunked() throws {
    let served = try Served()
    defer { served.feed.stop() }
    let chunks = ["-H", "Transfer-Encoding: chunked"]
    #expect(try served.curl("/v1/counts", chunks, body: body(65_536)).status == 200)
    #expect(try served.curl("/v1/counts", chunks, body: body(65_537)).status == 413)
    #expect(try served.curl("/v1/counts", chunks, body: body(900_000)).status == 413)
    #expect(served.inbox.offers == 1)
  }

  @Test("Who asks before sending much is told 413 before it is sent")
  func expectation() throws {
    let served = try Served()
    defer { served.feed.stop() }
    let connection = RawConnection(port: served.feed.port)
    connection.send(
      "POST /v1/counts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000\r\n"
        + "Expect: 100-continue\r\n\r\n")
    let reply = Reply(text: connection.receive(within: 5000) { $0.hasSuffix("}\n") }.text)
    #expect(reply.status == 413)
    #expect(!reply.text.contains("100 Continue"))
  }

  @Test("An endless body is cut off after a bounded number of bytes")
  func endless() throws {
    let served = try Served()
    defer { served.feed.stop() }
    let connection = RawConnection(port: served.feed.port)
    connection.send(
      "POST /v1/counts HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
    let chunk = "8000\r\n" + String(repeating: "x", count: 0x8000) + "\r\n"
    var sent = 0
    while sent < 64_000_000, connection.send(chunk) { sent += 0x8000 }
    // What fits into the socket buffers comes on top of the 1 MiB that is read.
    #expect(sent < 32_000_000)
    #expect(try served.curl(body: line("a")).status == 200)
  }

  @Test("A sender that dies in its body leaves nothing behind", arguments: [false, true])
  func killed(byReset: Bool) async throws {
    let served = try Served(.accept) { $0.connections = 4 }
    defer { served.feed.stop() }
    for _ in 0..<20 {
      let connection = RawConnection(port: served.feed.port)
      connection.send(head(1000) + line("lost") + "\n")
      if byReset { connection.reset() }
    }
    #expect(try served.curl(body: line("a")).status == 200)
    #expect(served.inbox.detectors == ["a"])
  }

  @Test("A sender that dies while the receiver decides does no harm")
  func killedWhileWaiting() async throws {
    let served = try Served(.hold)
    defer { served.feed.stop() }
    for number in 1...10 {
      let connection = RawConnection(port: served.feed.port)
      connection.send(head(line("a").utf8.count) + line("a"))
      #expect(try await eventually { served.inbox.offers == number })
      if number.isMultiple(of: 2) { connection.reset() }
    }
    served.inbox.change(to: .accept)
    served.inbox.release()
    #expect(try served.curl(body: line("b")).status == 200)
    #expect(served.inbox.records.count == 11)
  }

  @Test("A silent sender is closed, wherever it falls silent")
  func silent() throws {
    let served = try Served(.accept) { $0.silence = 1 }
    defer { served.feed.stop() }
    for text in ["", "POST /v1/co", head(1000) + line("a")] {
      let connection = RawConnection(port: served.feed.port)
      connection.send(text)
      #expect(connection.receive(within: 8000).isClosed)
    }
    #expect(served.inbox.offers == 0)
  }

  @Test("A sender that drips bytes is cut off at the deadline, in its head as in its body")
  func dripping() throws {
    let served = try Served(.accept) { $0.deadline = 1 }
    defer { served.feed.stop() }
    let clock = ContinuousClock()
    for text in ["POST /v1/counts HTTP/1.1\r\nX: ", head(10_000)] {
      let connection = RawConnection(port: served.feed.port)
      connection.send(text)
      let start = clock.now
      while clock.now - start < .seconds(8), connection.send("x") {
        if connection.receive(within: 30).isClosed { break }
      }
      #expect(clock.now - start < .seconds(6))
    }
    #expect(try served.curl(body: line("a")).status == 200)
    #expect(served.inbox.detectors == ["a"])
  }

  @Test("A slow sender within the deadline is served")
  func slow() throws {
    let served = try Served()
    defer { served.feed.stop() }
    let text = head(line("a").utf8.count) + line("a")
    let connection = RawConnection(port: served.feed.port)
    for character in text {
      connection.send(String(character))
      usleep(2000)
    }
    let reply = Reply(text: connection.receive(within: 5000) { $0.hasSuffix("}\n") }.text)
    #expect(reply.status == 200)
    #expect(served.inbox.detectors == ["a"])
  }

  @Test("Many senders at once on connections they keep: every record arrives exactly once")
  func parallel() async throws {
    let served = try Served()
    defer { served.feed.stop() }
    let port = served.feed.port
    let failures = await withTaskGroup(of: Int.self) { group in
      for sender in 0..<24 {
        group.addTask {
          let connection = RawConnection(port: port)
          return (0..<40).count { number in
            let body = line("S\(sender).\(number)") + "\n" + line("T\(sender).\(number)")
            connection.send(head(body.utf8.count) + body)
            let reply = connection.receive(within: 10_000) { $0.hasSuffix("}\n") }.text
            return Reply(text: reply).status != 200
          }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(failures == 0)
    let expected = (0..<24).flatMap { sender in
      (0..<40).flatMap { ["S\(sender).\($0)", "T\(sender).\($0)"] }
    }
    #expect(served.inbox.detectors.sorted() == expected.sorted())
  }

  @Test("Beyond the limit of connections the next one waits until another ends")
  func connectionLimit() throws {
    let served = try Served(.accept) { $0.connections = 2 }
    defer { served.feed.stop() }
    var first: RawConnection? = RawConnection(port: served.feed.port)
    let second = RawConnection(port: served.feed.port)
    for connection in [first, second] {
      connection?.send(head(line("a").utf8.count) + line("a"))
      let reply = connection?.receive(within: 5000) { $0.hasSuffix("}\n") }.text ?? ""
      #expect(Reply(text: reply).status == 200)
    }
    let third = RawConnection(port: served.feed.port)
    third.send(head(line("b").utf8.count, keepAlive: false) + line("b"))
    #expect(third.receive(within: 300).text == "")
    first = nil
    #expect(Reply(text: third.receive(within: 5000).text).status == 200)
    #expect(served.inbox.detectors == ["a", "a", "b"])
  }

  @Test("Garbage does not stop it", arguments: 1...4 as ClosedRange<UInt64>)
  func garbage(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let served = try Served(.accept) { $0.silence = 1 }
    defer { served.feed.stop() }
    let good = Array((head(line("a").utf8.count) + line("a")).utf8)
    for _ in 0..<60 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...30, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      let connection = RawConnection(port: served.feed.port)
      connection.send(bytes)
      if Bool.random(using: &generator) { connection.reset() }
    }
    #expect(try served.curl(body: line("z")).status == 200)
    #expect(served.inbox.detectors.last == "z")
  }
}
