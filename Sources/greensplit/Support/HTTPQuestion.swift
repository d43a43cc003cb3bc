import Phrases
import CCurl

/// A question to a daemon over HTTP.
struct HTTPQuestion {
  let address: SocketText
  let path: String
  let token: String?

  /// How a command is told whom to ask.
  static let options: [OptionList.Option] = [
    .init(
      name: "--http", value: "ADDRESS:PORT",
      help: Phrase("where the daemon listens (127.0.0.1:8017)", "守护进程的监听地址（127.0.0.1:8017）")),
    .init(
      name: "--token-file", value: "FILE",
      help: Phrase("the bearer token that the daemon wants", "守护进程要求的持有者令牌")),
  ]

  /// The question for `path` to the daemon that the command line names.
  init(_ path: String, _ options: Options) throws {
    address =
      try options.value(
        "--http",
        expected: Phrase(
          "an address and a port, such as 127.0.0.1:8017", "地址和端口，例如 127.0.0.1:8017"),
        read: SocketText.init) ?? SocketText(host: "127.0.0.1", port: 8017)
    self.path = path
    token = try options["--token-file"].map { file in
      let text = String(decoding: try readWhole(file, atMost: 65_536), as: UTF8.self)
      return String(text.prefix { !$0.isNewline })
    }
  }

  /// Longest wait for the whole answer, s.
  private static let patience = 15

  /// Most bytes of an answer: ten thousand junctions take some 40 MiB.
  private static let limit = 1 << 28

  /// Where the daemon is, for people and in addresses.
  var host: String {
    "\(address.host.contains(":") ? "[\(address.host)]" : address.host):\(address.port)"
  }

  /// The body of the answer; throws what is wrong in words.
  func answer() throws(Failure) -> [UInt8] {
    guard let curl = curl_easy_init() else {
      throw Failure("libcurl cannot be started", "无法启动 libcurl")
    }
    defer { curl_easy_cleanup(curl) }
    let headers = token.map { curl_slist_append(nil, "Authorization: Bearer \($0)") } ?? nil
    defer { curl_slist_free_all(headers) }
    var status = 0
    let body = Body(limit: Self.limit)
    let code = greensplit_curl_get(
      curl, "http://\(host)\(path)", headers, take,
      Unmanaged.passUnretained(body).toOpaque(), Self.patience, &status)
    guard code == CURLE_OK else {
      let reason = String(cString: curl_easy_strerror(code))
      throw Failure(
        "no answer from \(host): \(reason); is greensplit run there with --http?",
        "\(host) 没有应答：\(reason)；该处是否以 --http 运行 greensplit run？")
    }
    switch status {
    case 200: return body.bytes
    case 401:
      throw Failure(
        "the daemon wants another token; name its file with --token-file",
        "守护进程要求另一令牌；请用 --token-file 指定令牌文件")
    default:
      let said = String(decoding: body.bytes, as: UTF8.self)
      throw Failure("the daemon answers \(status): \(said)", "守护进程答复 \(status)：\(said)")
    }
  }

  /// What has come of an answer.
  private final class Body {
    let limit: Int
    var bytes: [UInt8] = []

    init(limit: Int) { self.limit = limit }
  }

  private var take: curl_write_callback {
    { piece, size, count, owner in
      guard let piece, let owner else { return 0 }
      let body = Unmanaged<Body>.fromOpaque(owner).takeUnretainedValue()
      let bytes = UnsafeRawBufferPointer(start: piece, count: size * count)
      guard body.bytes.count + bytes.count <= body.limit else { return 0 }
      body.bytes += bytes
      return bytes.count
    }
  }
}
