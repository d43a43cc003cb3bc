import Feeds
import Sites
import Web

/// Most bytes that bodies which are not whole yet may take together.
private let memoryLimit = 1 << 28

/// Where the HTTP server listens and whom it believes; `nil` after an error.
func readHTTP(_ field: Field, access: Field?, _ paths: Paths) -> HTTPSettings? {
  guard let table = field.table() else { return nil }
  var settings = HTTPSettings()
  guard let address = table["listen"]?.address() else { return nil }
  (settings.address, settings.port) = address
  settings.tokenFile = table["token_file"].flatMap(paths.path)
  settings.access = readAccess(access, paths)
  settings.certificate = table["certificate"].flatMap(paths.path)
  settings.key = table["key"].flatMap(paths.path)
  settings.senderAuthority = table["sender_authority"].flatMap(paths.path)
  checkPair(table)
  if table["sender_authority"] != nil, table["certificate"] == nil {
    table["sender_authority"]?.report(
      "is for TLS; name our own certificate and key too",
      "只用于 TLS；请同时写自身的证书和密钥")
  }
  if table["token_file"] == nil, access == nil, table["sender_authority"] == nil,
    !isLoopback(address.host)
  {
    table["listen"]?.report(
      "\(address.host) can be reached by others; name a token_file, tokens under access: or a "
        + "sender_authority, or listen on 127.0.0.1",
      "\(address.host) 可被他人访问；请写 token_file、access: 下的令牌或 " + "sender_authority，或只监听 127.0.0.1")
  }
  settings.bodyLimit = table["largest_body"]?.integer() ?? settings.bodyLimit
  settings.connections = table["connections"]?.integer() ?? settings.connections
  if settings.bodyLimit * settings.connections > memoryLimit {
    (table["connections"] ?? table["largest_body"])?.report(
      "\(settings.connections) bodies of \(settings.bodyLimit) bytes would fill the memory; "
        + "connections times largest_body must be at most \(memoryLimit)",
      "\(settings.connections) 个各 \(settings.bodyLimit) 字节的请求体会占满内存；"
        + "connections 与 largest_body 之积至多为 \(memoryLimit)")
  }
  if let rate = table["requests_per_second"]?.number() {
    settings.requestsPerSecond = rate
    settings.burst = max(2 * rate, 1)
  }
  if let burst = table["requests_at_once"]?.integer() {
    settings.burst = Double(burst)
  }
  return settings
}

private func isLoopback(_ host: String) -> Bool { host.hasPrefix("127.") || host == "::1" }

/// A certificate is of no use without its key.
private func checkPair(_ table: Table) {
  if table["certificate"] != nil, table["key"] == nil {
    table["certificate"]?.report(
      "needs its key; write key: greensplit.key",
      "缺少对应的密钥；请写 key: greensplit.key")
  }
  if table["key"] != nil, table["certificate"] == nil {
    table["key"]?.report(
      "needs its certificate; write certificate: greensplit.crt",
      "缺少对应的证书；请写 certificate: greensplit.crt")
  }
}

/// A broker while the file is read.
struct BrokerDraft {
  let field: Field
  let name: String?
  let settings: MQTTSettings?
}

/// The brokers; one that cannot be read has no settings.
func readBrokers(_ field: Field?, _ paths: Paths) -> [BrokerDraft] {
  let brokers = (field?.listed() ?? []).map { field -> BrokerDraft in
    guard let table = field.table() else {
      return BrokerDraft(field: field, name: nil, settings: nil)
    }
    let name = table["name"].map { $0.name() } ?? "broker"
    return BrokerDraft(field: field, name: name, settings: readBroker(table, paths))
  }
  for (position, broker) in brokers.enumerated()
  where brokers[..<position].contains(where: { $0.name == broker.name && $0.name != nil }) {
    broker.field.report(
      "there is another broker of this name; give each a name of its own",
      "已有同名服务器；每个应有各自的名称")
  }
  return brokers
}

private func readBroker(_ table: Table, _ paths: Paths) -> MQTTSettings? {
  let topics = table["records"]?.listed()?.compactMap { readTopic($0) } ?? []
  guard let address = table["broker"]?.address() else { return nil }
  var settings = MQTTSettings(
    address: address.host, port: address.port,
    subscriptions: topics.map { MQTTSettings.Subscription(topic: $0) })
  settings.client = table["client"].flatMap { $0.name() } ?? settings.client
  settings.user = table["user"].flatMap { $0.name() }
  settings.passwordFile = table["password_file"].flatMap(paths.path)
  settings.authority = table["authority"].flatMap(paths.path)
  settings.certificate = table["certificate"].flatMap(paths.path)
  settings.key = table["key"].flatMap(paths.path)
  checkPair(table)
  if table["password_file"] != nil, table["user"] == nil {
    table["password_file"]?.report(
      "is a user's; write user: greensplit",
      "属于某个用户；请写 user: greensplit")
  }
  if table["certificate"] != nil, table["authority"] == nil {
    table["certificate"]?.report(
      "is for TLS; name the authority of the broker's certificate too",
      "只用于 TLS；请同时写服务器证书的 authority")
  }
  return settings
}

/// A topic to subscribe to: levels between slashes, + for one and # for all at the end (MQTT 4.7).
func readTopic(_ field: Field) -> String? {
  guard let topic = field.text() else { return nil }
  // Scalars, not letters: a plus sign before an accent is a plus sign to the broker.
  let levels = topic.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false)
    .map(Array.init)
  let isRight =
    topic.utf8.count <= 1024 && !topic.utf8.contains(0)
    && levels.enumerated().allSatisfy { position, level in
      !level.contains("+") && !level.contains("#") || level == ["+"]
        || level == ["#"] && position == levels.count - 1
    }
  guard isRight else {
    field.report(
      "is no topic; + stands for one level and # for all at the end, as in counts/+/N",
      "不是主题；+ 代表一级，末尾的 # 代表其后全部，例如 counts/+/N")
    return nil
  }
  return topic
}

/// A file, pipe or socket of count records.
func readLines(_ field: Field, _ paths: Paths) -> DaemonSettings.LineFeed? {
  guard let table = field.table() else { return nil }
  let said = [table["read"], table["follow"], table["listen"]].compactMap(\.self)
  guard said.count == 1, let path = paths.path(said[0]) else {
    if said.count != 1 {
      field.report(
        "must have one of read, follow and listen",
        "read、follow、listen 必须且只能写一个")
    }
    return nil
  }
  if table["read"] != nil { return .read(path: path) }
  return table["follow"] != nil ? .follow(path: path) : .listen(path: path)
}
