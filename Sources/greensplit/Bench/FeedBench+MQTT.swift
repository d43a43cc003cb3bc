import Feeds
import Glibc
import Signals

extension FeedBench {
  /// From a broker, `mosquitto` of Debian, to which `mosquitto_pub` sends one message for every line of
  /// `path`, at least once; both are other processes and their time is not ours. `nil` where they are
  /// not installed.
  static func mqtt(_ path: String, folder: String, expecting records: Int) throws -> Outcome? {
    let (broker, publisher) = ("/usr/sbin/mosquitto", "/usr/bin/mosquitto_pub")
    guard access(broker, X_OK) == 0, access(publisher, X_OK) == 0 else { return nil }
    let port = try freePort()
    let settings = """
      user root
      listener \(port) 127.0.0.1
      allow_anonymous true
      max_queued_messages 0
      max_inflight_messages 1000
      log_type error

      """
    try OutputFile(folder + "/mosquitto.conf").write(Array(settings.utf8))
    let server = try start([broker, "-c", folder + "/mosquitto.conf"])
    defer { end(server) }
    let sink = Sink()
    var client = MQTTSettings(
      address: "127.0.0.1", port: port, subscriptions: [.init(topic: "counts/#")])
    client.waits = 100...1000
    let feed = try MQTTFeed(client) { UTC(milliseconds: 0) }
    feed.start(receive: sink.receiver)
    defer { feed.stop() }
    usleep(1_500_000)
    return try measure {
      let words = [
        publisher, "-h", "127.0.0.1", "-p", "\(port)", "-q", "1", "-t", "counts/bench", "-l",
      ]
      let sender = try start(words, input: path)
      sink.wait(for: records)
      end(sender)
      return (sink.records, 0)
    }
  }

  private static func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutableBytes(of: &address) { bytes in
      bytes.baseAddress.map {
        let plain = $0.assumingMemoryBound(to: sockaddr.self)
        return bind(descriptor, plain, length) == 0 && getsockname(descriptor, plain, &length) == 0
      } ?? false
    }
    guard isBound else {
      throw Failure("no port is free on 127.0.0.1", "127.0.0.1 上没有空闲端口")
    }
    return UInt16(bigEndian: address.sin_port)
  }

  private static func start(_ words: [String], input: String = "/dev/null") throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
    let copies = words.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    var process = pid_t()
    let code = posix_spawn(&process, words[0], &actions, nil, copies + [nil], environ)
    guard code == 0 else {
      let reason = String(cString: strerror(code))
      throw Failure("cannot start \(words[0]): \(reason)", "无法启动 \(words[0])：\(reason)")
    }
    return process
  }

  private static func end(_ process: pid_t) {
    kill(process, SIGTERM)
    waitpid(process, nil, 0)
  }
}
