import CMosquitto
import Glibc
import Web

/// A client of libmosquitto that has no thread of its own: whoever owns it calls `step` when its
/// descriptor has something, and hears of what happened in `heard`.
final class MQTTClient {
  enum Event {
    /// The broker has taken us.
    case connected
    /// It has refused us, or the connection is lost.
    case lost(reason: String)
    /// It will not let us hear a topic.
    case subscriptionRefused
    case message(topic: String, payload: [UInt8], isRetained: Bool)
  }

  /// Silence after which the two ask each other for a sign of life, s.
  private static let keepAlive: Int32 = 30

  /// Most packets that are read at once.
  private static let packetLimit = 512

  private let client: OpaquePointer
  private let settings: MQTTSettings
  private var hasConnected = false

  /// What has happened since it was last emptied.
  var heard: [Event] = []

  /// A client that is not connected.
  init(_ settings: MQTTSettings) throws(MQTTFeedError) {
    self.settings = settings
    guard ListeningSocket.isLoopback(settings.address) != nil else {
      throw .notNumeric(address: settings.address)
    }
    for subscription in settings.subscriptions
    where mosquitto_sub_topic_check(subscription.topic) != MOSQ_ERR_SUCCESS.rawValue {
      throw .topic(subscription.topic)
    }
    _ = Self.library
    // Not a clean session: the broker keeps for us what comes while we are away.
    guard let client = mosquitto_new(settings.client, false, nil) else {
      throw .library(reason: systemReason(errno))
    }
    self.client = client
    mosquitto_user_data_set(client, Unmanaged.passUnretained(self).toOpaque())
    mosquitto_connect_callback_set(client, noteConnection)
    mosquitto_disconnect_callback_set(client, noteLoss)
    mosquitto_subscribe_callback_set(client, noteSubscription)
    mosquitto_message_callback_set(client, noteMessage)
    try authenticate()
  }

  deinit { mosquitto_destroy(client) }

  private static let library: Void = { mosquitto_lib_init() }()

  private func authenticate() throws(MQTTFeedError) {
    var password: String?
    if let path = settings.passwordFile {
      do {
        password = String(decoding: try SecretFile.read(path), as: UTF8.self)
      } catch {
        throw .passwordFile(path: path, reason: error.reason)
      }
    }
    if let user = settings.user { mosquitto_username_pw_set(client, user, password) }
    guard let authority = settings.authority else { return }
    let code = mosquitto_tls_set(
      client, authority, nil, settings.certificate, settings.key, nil)
    guard code == MOSQ_ERR_SUCCESS.rawValue else { throw .certificates(reason: Self.reason(code)) }
  }

  /// Its socket; negative without a connection.
  var descriptor: Int32 { mosquitto_socket(client) }

  var wantsToWrite: Bool { mosquitto_want_write(client) }

  /// Begins to connect, without waiting.
  func connect() {
    let code =
      hasConnected
      ? mosquitto_reconnect_async(client)
      : mosquitto_connect_async(
        client, settings.address, Int32(settings.port), Self.keepAlive)
    hasConnected = true
    check(code)
  }

  /// Reads, writes and keeps the connection alive, as far as can be done without waiting.
  func step(isReady: Bool) {
    if isReady {
      // Some packets at a time, so that what they hold is handed on together before more is read.
      var packets = 0
      repeat {
        check(mosquitto_loop_read(client, 1))
        packets += 1
      } while packets < Self.packetLimit && hasMore
      if mosquitto_want_write(client) { check(mosquitto_loop_write(client, 1)) }
    }
    if descriptor >= 0 { check(mosquitto_loop_misc(client)) }
  }

  /// Whether there is something to read already.
  private var hasMore: Bool {
    var wish = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return wish.fd >= 0 && poll(&wish, 1, 0) > 0
  }

  /// Says goodbye and closes.
  func disconnect() {
    mosquitto_disconnect(client)
    if mosquitto_want_write(client) { mosquitto_loop_write(client, 1) }
  }

  private func check(_ code: Int32) {
    // A loss while a connection stands is told by the callback as well.
    guard code != MOSQ_ERR_SUCCESS.rawValue else { return }
    note(.lost(reason: Self.reason(code)))
  }

  fileprivate func note(_ event: Event) {
    if case .lost = event, case .lost = heard.last { return }
    heard.append(event)
  }

  /// Asks the broker for all topics, each message at least once.
  fileprivate func subscribe() {
    for subscription in settings.subscriptions {
      let code = mosquitto_subscribe(client, nil, subscription.topic, 1)
      if code != MOSQ_ERR_SUCCESS.rawValue { return note(.lost(reason: Self.reason(code))) }
    }
  }

  private static func reason(_ code: Int32) -> String {
    code == MOSQ_ERR_ERRNO.rawValue
      ? systemReason(errno) : String(cString: mosquitto_strerror(code))
  }
}

// MARK: Callbacks of libmosquitto, all made within `step` or `connect`

private func client(_ owner: UnsafeMutableRawPointer?) -> MQTTClient? {
  owner.map { Unmanaged<MQTTClient>.fromOpaque($0).takeUnretainedValue() }
}

private func noteConnection(_: OpaquePointer?, _ owner: UnsafeMutableRawPointer?, _ code: Int32) {
  guard code == 0 else {
    let reason = String(cString: mosquitto_connack_string(code))
    client(owner)?.note(.lost(reason: reason))
    return
  }
  client(owner)?.note(.connected)
  client(owner)?.subscribe()
}

private func noteLoss(_: OpaquePointer?, _ owner: UnsafeMutableRawPointer?, _ code: Int32) {
  let reason = code == 0 ? "closed" : String(cString: mosquitto_strerror(code))
  client(owner)?.note(.lost(reason: reason))
}

private func noteSubscription(
  _: OpaquePointer?, _ owner: UnsafeMutableRawPointer?, _: Int32, _ count: Int32,
  _ granted: UnsafePointer<Int32>?
) {
  for topic in 0..<Int(count) where granted?[topic] ?? 0 >= 0x80 {
    client(owner)?.note(.subscriptionRefused)
  }
}

private func noteMessage(
  _: OpaquePointer?, _ owner: UnsafeMutableRawPointer?,
  _ message: UnsafePointer<mosquitto_message>?
) {
  guard let message = message?.pointee, let topic = message.topic else { return }
  let payload = UnsafeRawBufferPointer(start: message.payload, count: Int(message.payloadlen))
  // One byte more than is read: it is refused for its length.
  client(owner)?.note(
    .message(
      topic: String(cString: topic), payload: Array(payload.prefix(CameraReader.messageLimit + 1)),
      isRetained: message.retain))
}
