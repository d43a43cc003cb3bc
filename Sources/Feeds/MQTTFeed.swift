import CMosquitto
import Counts
import Dispatch
public import Signals
import Web

/// Takes counts from an MQTT broker: count records, and cameras that speak a dialect.
///
/// Messages are read no faster than the receiver takes them; meanwhile the broker keeps them, as many
/// as it is set to. Messages that the broker retains are no counts but the last words of somebody.
public final class MQTTFeed: @unchecked Sendable {
  // Unchecked: all that changes is touched on `queue` alone.

  /// What happens to the connection, for logs.
  public enum Event: Sendable, Hashable {
    /// The broker has taken us and all topics are asked for.
    case connected
    /// It cannot be reached, has refused us or is lost; it is tried again after `seconds`.
    case lost(reason: String, seconds: Double)
    /// It does not let us hear one of our topics.
    case subscriptionRefused
    /// The first retained message of a connection was passed over.
    case retained(topic: String)
  }

  /// How often totals are turned into records, and an idle connection is looked after, ms.
  private static let interval: Int64 = 1000

  private let queue = DispatchQueue(label: "feed.mqtt")
  private let settings: MQTTSettings
  private let clock: @Sendable () -> UTC
  private let client: MQTTClient
  private let waker = Waker()
  private var cameras: [CameraReader?]
  private var delivery: Delivery?
  private var report: @Sendable (Event) -> Void = { _ in }
  private var isConnected = false
  private var hasToldRetained = false
  private var failures = 0
  private var nextTry = Instant(milliseconds: 0)
  private var nextTick = Instant(milliseconds: 0)
  private var isOver = false
  /// Subscriptions by topic, as looked up: a topic comes again and again.
  private var known: [String: Int] = [:]

  /// Will take counts as `settings` say; `clock` is the time by which cameras are judged.
  public init(
    _ settings: MQTTSettings, clock: @escaping @Sendable () -> UTC
  ) throws(MQTTFeedError) {
    self.settings = settings
    self.clock = clock
    client = try MQTTClient(settings)
    cameras = settings.subscriptions.map { $0.camera.map { CameraReader($0) } }
  }

  /// Begins to connect; once only. Callbacks come on a queue of the feed's own; the feed lives until
  /// `stop`.
  public func start(
    receive: @escaping CountReceiver, report: @escaping @Sendable (Event) -> Void = { _ in }
  ) {
    queue.async { [self] in
      precondition(delivery == nil, "a feed is started once")
      delivery = Delivery(queue: queue, receive: receive)
      self.report = report
      serve()
    }
  }

  /// Says goodbye to the broker; `then` is called when nothing more will be taken.
  public func stop(then: @escaping @Sendable () -> Void = {}) {
    queue.async { [self] in
      if !isOver { client.disconnect() }
      isOver = true
      then()
    }
    waker.wake()
  }

  // MARK: Running the library

  /// Waits for something to do, does it, and hands on what came of it.
  private func serve() {
    guard !isOver else { return }
    if client.descriptor < 0, now >= nextTry { client.connect() }
    let isReady = waker.wait(
      for: client.descriptor, toWrite: client.wantsToWrite, milliseconds: waitTime)
    client.step(isReady: isReady)
    var taken = Taken()
    for event in client.heard { note(event, into: &taken) }
    client.heard.removeAll(keepingCapacity: true)
    if now >= nextTick { tick(into: &taken) }
    send(taken.batches[...])
  }

  private var now: Instant {
    Instant(milliseconds: Int64(DispatchTime.now().uptimeNanoseconds / 1_000_000))
  }

  private var waitTime: Int32 {
    let next = client.descriptor < 0 ? min(nextTry, nextTick) : nextTick
    return Int32(min(max(0, next.milliseconds - now.milliseconds), Self.interval))
  }

  /// Delivers one batch after the other, then goes on; what was posted has its turn in between.
  private func send(_ batches: ArraySlice<CountBatch>) {
    guard !isOver else { return }
    guard let first = batches.first, let delivery else { return queue.async { self.serve() } }
    delivery.send(first) { self.send(batches.dropFirst()) }
  }

  private func note(_ event: MQTTClient.Event, into taken: inout Taken) {
    switch event {
    case .connected:
      isConnected = true
      failures = 0
      hasToldRetained = false
      report(.connected)
    case .lost(let reason): lose(reason)
    case .subscriptionRefused: report(.subscriptionRefused)
    case .message(let topic, _, isRetained: true):
      if !hasToldRetained { report(.retained(topic: topic)) }
      hasToldRetained = true
    case .message(let topic, let payload, isRetained: false):
      take(payload, of: topic, into: &taken)
    }
  }

  private func lose(_ text: String) {
    // Some of the library's reasons are sentences, and a sentence of ours goes on behind them.
    let reason = text.hasSuffix(".") ? String(text.dropLast()) : text
    isConnected = false
    let wait = min(settings.waits.lowerBound << min(failures, 16), settings.waits.upperBound)
    failures += 1
    nextTry = Instant(milliseconds: now.milliseconds + wait)
    for position in cameras.indices { cameras[position]?.interrupt() }
    report(.lost(reason: reason, seconds: Double(wait) / 1000))
  }

  // MARK: Messages

  /// What has come at once: the records of all messages together, since every batch waits for the
  /// junctions, and what is wrong with each message by its topic.
  private struct Taken {
    private var records: [CountRecord] = []
    private var topic: String?
    private var refused: [CountBatch] = []

    mutating func add(_ input: CountInput, of topic: String) {
      self.topic = records.isEmpty || self.topic == topic ? topic : nil
      records += input.records
      guard !input.errors.isEmpty else { return }
      refused.append(CountBatch(CountInput(errors: input.errors), from: .mqtt(topic: topic)))
    }

    var batches: [CountBatch] {
      records.isEmpty
        ? refused : [CountBatch(CountInput(records: records), from: .mqtt(topic: topic))] + refused
    }
  }

  /// What one message holds.
  private func take(_ payload: [UInt8], of topic: String, into taken: inout Taken) {
    guard let position = subscription(of: topic) else { return }
    taken.add(read(payload, of: position), of: topic)
  }

  private func read(_ payload: [UInt8], of position: Int) -> CountInput {
    if let input = cameras[position]?.read(payload[...], at: clock()) { return input }
    guard payload.count <= CameraReader.messageLimit else {
      return CountInput(errors: [
        CountError(
          line: 1, field: nil,
          reason: "a message has at most \(CameraReader.messageLimit) bytes; send fewer records")
      ])
    }
    return CountParser.parse(body: payload)
  }

  private func subscription(of topic: String) -> Int? {
    if let position = known[topic] { return position }
    let position = settings.subscriptions.firstIndex { subscription in
      var isMatch = false
      return mosquitto_topic_matches_sub(subscription.topic, topic, &isMatch)
        == MOSQ_ERR_SUCCESS.rawValue && isMatch
    }
    // Cameras have few topics; who invents new ones must not fill our memory.
    if known.count >= 10_000 { known.removeAll() }
    if let position { known[topic] = position }
    return position
  }

  private func tick(into taken: inout Taken) {
    nextTick = Instant(milliseconds: now.milliseconds + Self.interval)
    guard isConnected else { return }
    let time = clock()
    for position in cameras.indices {
      guard let records = cameras[position]?.records(until: time), !records.isEmpty else {
        continue
      }
      taken.add(CountInput(records: records), of: settings.subscriptions[position].topic)
    }
  }
}

extension MQTTFeed.Event: CustomStringConvertible {
  /// For the person who must act.
  public var description: String {
    switch self {
    case .connected: "connected"
    case .lost(let reason, let seconds): "lost: \(reason); next attempt in \(seconds) s"
    case .subscriptionRefused:
      "the broker does not let us hear one of our topics; see its access list"
    case .retained(let topic):
      "a retained message of \(topic) was passed over: it tells of the past; have counts sent "
        + "without the retain flag"
    }
  }

  /// Whether somebody should look after it.
  public var isTrouble: Bool { self != .connected }
}
