import Counts
import Feeds
import Glibc
import Support
import Testing

@testable import Web

@Suite("Counts over HTTP")
struct HTTPFeedTests {
  @Test("Lines are taken, and the answer says how many")
  func lines() throws {
    let served = try Served()
    defer { served.feed.stop() }
    let reply = try served.curl(body: "\(line("a"))\n\(line("b"))\n")
    #expect(reply.status == 200)
    #expect(reply.body == "{\"accepted\":2,\"refused\":0,\"errors\":[]}\n")
    #expect(reply.header("Content-Type") == "application/json")
    #expect(served.inbox.detectors == ["a", "b"])
    #expect(served.inbox.batches.map(\.origin) == [.http(peer: "127.0.0.1")])
  }

  @Test(
    "An array is taken too, whatever the type is said to be",
    arguments: ["application/json", "application/x-ndjson", "text/plain"])
  func array(type: String) throws {
    let served = try Served()
    defer { served.feed.stop() }
    let body = "[\(line("a")),\n\(line("b"))]"
    let reply = try served.curl("/v1/counts", ["-H", "Content-Type: \(type)"], body: body)
    #expect(reply.status == 200)
    #expect(served.inbox.detectors == ["a", "b"])
  }

  @Test("An empty array is no error; an empty body is")
  func empty() throws {
    let served = try Served()
    defer { served.feed.stop() }
    #expect(try served.curl(body: "[]").status == 200)
    let reply = try served.curl(body: "\n")
    #expect(reply.status == 400)
    #expect(reply.body.contains("\"reason\":\"the body is empty; one JSON object a line"))
  }

  @Test("A bad line gives 400 with its line, field and reason; the good ones are taken")
  func badLines() throws {
    let served = try Served()
    defer { served.feed.stop() }
    let reply = try served.curl(
      body: "\(line("a"))\n{\"v\":1,\"det\":\"x\",\"start\":0,\"end\":5,\"occ\":2}\n\(line("b"))\n")
    #expect(reply.status == 400)
    #expect(
      reply.body
        == #"{"accepted":2,"refused":1,"errors":[{"line":2,"field":"occ","#
        + #""reason":"is 2; 0 to 1 as a share"}]}"# + "\n")
    #expect(served.inbox.detectors == ["a", "b"])
    #expect(served.inbox.errors.map(\.line) == [2])
  }

  @Test("Several errors of a record refuse one record; at most 100 are listed, all are counted")
  func manyErrors() throws {
    let served = try Served()
    defer { served.feed.stop() }
    let body = Array(repeating: "{\"v\":1}", count: 200).joined(separator: "\n")
    let reply = try served.curl(body: body)
    #expect(reply.body.hasPrefix("{\"accepted\":0,\"refused\":200,\"errors\":["))
    #expect(reply.body.ranges(of: "\"reason\"").count == 100)
    #expect(served.inbox.errors.count == 600)
  }

  @Test("200 comes only after the records are accepted")
  func afterAcceptance() async throws {
    let served = try Served(.hold)
    defer { served.feed.stop() }
    let body = line("a")
    let connection = RawConnection(port: served.feed.port)
    connection.send(head(body.utf8.count) + body)
    #expect(try await eventually { served.inbox.offers == 1 })
    #expect(connection.receive(within: 200).text == "")
    served.inbox.release()
    let reply = Reply(text: connection.receive(within: 5000) { $0.hasSuffix("}\n") }.text)
    #expect(reply.status == 200)
  }

  @Test("While one sender waits for the receiver, others are served")
  func othersServed() async throws {
    let served = try Served(.hold)
    defer { served.feed.stop() }
    let body = line("a")
    let connection = RawConnection(port: served.feed.port)
    connection.send(head(body.utf8.count) + body)
    #expect(try await eventually { served.inbox.offers == 1 })
    served.inbox.change(to: .accept)
    #expect(try served.curl(body: line("b")).status == 200)
    served.inbox.release()
    #expect(connection.receive(within: 5000) { $0.contains("200 OK") }.text.contains("200 OK"))
  }

  @Test("An overloaded receiver is 429 with Retry-After, and nothing was taken")
  func overloaded() throws {
    let served = try Served(.overload)
    defer { served.feed.stop() }
    let reply = try served.curl(body: line("a"))
    #expect(reply.status == 429)
    #expect(reply.header("Retry-After") == "1")
    #expect(reply.body == "{\"error\":\"overloaded\"}\n")
    #expect(served.inbox.records == [])
    served.inbox.change(to: .accept)
    #expect(try served.curl(body: line("a")).status == 200)
  }

  @Test("An address that sends more often than it may gets 429 and is heard again later")
  func rate() async throws {
    let served = try Served(.accept) {
      $0.requestsPerSecond = 0.25
      $0.burst = 2
    }
    defer { served.feed.stop() }
    #expect(try served.curl(body: line("a")).status == 200)
    #expect(try served.curl(body: line("b")).status == 200)
    let reply = try served.curl(body: line("c"))
    #expect(reply.status == 429)
    let wait = try #require(reply.header("Retry-After").flatMap { Int($0) })
    #expect((1...4).contains(wait))
    try await Task.sleep(for: .seconds(wait))
    #expect(try served.curl(body: line("c")).status == 200)
    #expect(served.inbox.detectors == ["a", "b", "c"])
  }

  @Test("Other pages and methods are told what is right")
  func routes() throws {
    let served = try Served()
    defer { served.feed.stop() }
    #expect(try served.curl("/health").status == 200)
    #expect(try served.curl("/health").body == "{\"status\":\"ok\"}\n")
    #expect(try served.curl("/health", ["-I"]).status == 200)
    #expect(try served.curl("/health", body: "x").status == 405)
    #expect(try served.curl("/").status == 404)
    #expect(try served.curl("/v1/counts/", body: line("a")).status == 404)
    let reply = try served.curl("/v1/counts")
    #expect(reply.status == 405)
    #expect(reply.header("Allow") == "POST")
    #expect(try served.curl("/v1/counts", ["-X", "PUT"], body: line("a")).status == 405)
    #expect(served.inbox.records == [])
  }

  @Test("A compressed body is refused before it is taken for garbage")
  func encoding() throws {
    let served = try Served()
    defer { served.feed.stop() }
    let reply = try served.curl("/v1/counts", ["-H", "Content-Encoding: gzip"], body: "x")
    #expect(reply.status == 415)
  }

  @Test("A stop answers those who wait, and frees the port")
  func stop() async throws {
    let served = try Served(.hold)
    let body = line("a")
    let connection = RawConnection(port: served.feed.port)
    connection.send(head(body.utf8.count) + body)
    #expect(try await eventually { served.inbox.offers == 1 })
    let stopped = Heard<Bool>()
    served.feed.stop { stopped.add(true) }
    let answer = connection.receive(within: 5000)
    #expect(Reply(text: answer.text).status == 503)
    #expect(answer.isClosed)
    #expect(try await eventually { stopped.all == [true] })
    served.inbox.release()
    #expect(try served.curl(body: line("b")).exit == 7, "curl: connection refused")
    let again = try Served(.accept) { $0.port = served.feed.port }
    again.feed.stop()
  }

  @Test("A receiver that never answers costs the sender 503, a late answer is not heard")
  func patience() async throws {
    let served = try Served(.hold) { $0.patience = 0.5 }
    defer { served.feed.stop() }
    let reply = try served.curl(body: line("a"))
    #expect(reply.status == 503)
    #expect(reply.header("Retry-After") == "1")
    served.inbox.release()
    served.inbox.release(.overloaded)
    served.inbox.change(to: .accept)
    #expect(try served.curl(body: line("b")).status == 200)
  }
}

@Suite("Who may send counts")
struct HTTPTokenTests {
  private func served(token: String) throws -> (Served, TemporaryFolder) {
    let folder = try TemporaryFolder()
    folder.write(token, to: "token")
    return (try Served(.accept) { $0.tokenFile = folder.path + "/token" }, folder)
  }

  @Test("With the token from the file counts are taken, in whatever case the scheme is written")
  func right() throws {
    let (served, _) = try served(token: "s3cret-Token.1\n")
    defer { served.feed.stop() }
    for scheme in ["Bearer", "bearer", "BEARER"] {
      let header = "Authorization: \(scheme) s3cret-Token.1"
      #expect(try served.curl("/v1/counts", ["-H", header], body: line("a")).status == 200)
    }
  }

  @Test("Without a token 401 asks for one")
  func without() throws {
    let (served, _) = try served(token: "s3cret")
    defer { served.feed.stop() }
    let reply = try served.curl(body: line("a"))
    #expect(reply.status == 401)
    #expect(reply.header("WWW-Authenticate") == "Bearer realm=\"greensplit\"")
    #expect(served.inbox.offers == 0)
    #expect(try served.curl("/health").status == 200)
  }

  @Test(
    "A wrong token is 401 and says so",
    arguments: [
      "Bearer s3cre", "Bearer s3cret1", "Bearer S3cret", "Bearer ", "Bearer", "s3cret",
      "Basic s3cret", "Bearer s3crets3cret", "Bearer s3cret s3cret",
    ])
  func wrong(value: String) throws {
    let (served, _) = try served(token: "s3cret")
    defer { served.feed.stop() }
    let reply = try served.curl(
      "/v1/counts", ["-H", "Authorization: \(value)"], body: line("a"))
    #expect(reply.status == 401)
    #expect(
      reply.header("WWW-Authenticate") == "Bearer realm=\"greensplit\", error=\"invalid_token\"")
    #expect(served.inbox.offers == 0)
  }

  @Test("A token file that is missing, empty or open to others stops the start, with what to do")
  func badFile() throws {
    let folder = try TemporaryFolder()
    folder.write("\n", to: "empty")
    folder.write("two words", to: "words")
    folder.write("s3cret", to: "open", mode: 0o644)
    folder.write("s3cret", to: "group", mode: 0o640)
    folder.write(String(repeating: "x", count: 4097), to: "long")
    let expected = [
      ("missing", "cannot be opened: No such file or directory"),
      ("empty", "is empty; write one line of random text into it"),
      ("words", "must hold one line of printable ASCII without spaces"),
      ("open", "may be read or written by others than its owner; chmod 600 it"),
      ("group", "may be read or written by others than its owner; chmod 600 it"),
      ("long", "is longer than 4096 bytes"), ("", "is no file"),
    ]
    for (name, reason) in expected {
      let path = folder.path + "/" + name
      let error = #expect(throws: HTTPServerError.self) {
        try Served(.accept) { $0.tokenFile = path }
      }
      #expect(error == .tokenFile(path: path, reason: reason))
    }
  }

  @Test("A credential of the service manager may show the group's bit that its access list takes")
  func credential() throws {
    let folder = try TemporaryFolder()
    folder.write("s3cret", to: "token", mode: 0o440)
    let path = folder.path + "/token"
    let token = try BearerToken(path: path, credentials: folder.path)
    #expect(token.matches("Bearer s3cret"))
    #expect(throws: HTTPServerError.self) { try BearerToken(path: path, credentials: nil) }
    #expect(throws: HTTPServerError.self) {
      try BearerToken(path: path, credentials: folder.path + "/elsewhere")
    }
    for mode: mode_t in [0o460, 0o444, 0o404] {
      chmod(path, mode)
      #expect(throws: HTTPServerError.self) {
        try BearerToken(path: path, credentials: folder.path)
      }
    }
  }

  @Test("An address that others can reach needs a token; loopback does not")
  func addresses() throws {
    for address in ["0.0.0.0", "::", "192.0.2.1", "::2", "128.0.0.1"] {
      let error = #expect(throws: HTTPServerError.self) {
        try Served(.accept) { $0.address = address }
      }
      #expect(error == .tokenNeeded(address: address))
    }
    for name in ["localhost", "", "127.0.0.1:80", "127.1"] {
      let error = #expect(throws: HTTPServerError.self) {
        try Served(.accept) { $0.address = name }
      }
      #expect(error == .notNumeric(address: name))
    }
    let folder = try TemporaryFolder()
    folder.write("s3cret", to: "token")
    let open = try Served(.accept) {
      $0.address = "0.0.0.0"
      $0.tokenFile = folder.path + "/token"
    }
    #expect(open.feed.port != 0)
    open.feed.stop()
  }

  @Test("A port that is taken is named with the system's reason")
  func portTaken() throws {
    let served = try Served()
    defer { served.feed.stop() }
    let port = served.feed.port
    let error = #expect(throws: HTTPServerError.self) { try Served(.accept) { $0.port = port } }
    #expect(
      error?.description
        == "127.0.0.1 port \(port): cannot listen: Address already in use")
  }
}
