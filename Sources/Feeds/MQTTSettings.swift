/// How counts are taken from an MQTT broker.
public struct MQTTSettings: Sendable, Hashable {
  /// What is subscribed to.
  public struct Subscription: Sendable, Hashable {
    /// The topic, which may have wildcards.
    public let topic: String
    /// The camera that speaks there; `nil`: count records.
    public let camera: Camera?

    /// A subscription to `topic`.
    public init(topic: String, camera: Camera? = nil) {
      (self.topic, self.camera) = (topic, camera)
    }
  }

  /// Numeric address of the broker: no name is looked up.
  public var address: String

  /// Its TCP port.
  public var port: UInt16

  /// Our name at the broker, which keeps what comes while we are away under it.
  public var client = "greensplit"

  /// Our user there; `nil` without one.
  public var user: String?

  /// File that holds the user's password.
  public var passwordFile: String?

  /// File with the certificates that the broker's must be signed by; with it, the link is TLS.
  public var authority: String?

  /// Files with our own certificate and its key, for brokers that ask for one.
  public var certificate: String?
  /// See `certificate`.
  public var key: String?

  /// What is subscribed to; one that several cameras match is read by the first.
  public var subscriptions: [Subscription]

  /// Shortest and longest wait before the broker is tried again, ms; each failure doubles it.
  public var waits: ClosedRange<Int64> = 1000...60_000

  /// A broker at `address` and `port`.
  public init(address: String, port: UInt16, subscriptions: [Subscription]) {
    self.address = address
    self.port = port
    self.subscriptions = subscriptions
  }
}

/// Why counts cannot be taken from an MQTT broker at all.
public enum MQTTFeedError: Error, Sendable, Hashable {
  /// The address is a name or no address at all.
  case notNumeric(address: String)
  /// The password cannot be used.
  case passwordFile(path: String, reason: String)
  /// A certificate or key cannot be used.
  case certificates(reason: String)
  /// A topic that no broker would take.
  case topic(String)
  /// libmosquitto has no room or no entropy.
  case library(reason: String)
}

extension MQTTFeedError: CustomStringConvertible {
  /// For the person who must act.
  public var description: String {
    switch self {
    case .notNumeric(let address):
      "\(address): is no numeric address; write one such as 127.0.0.1 or ::1"
    case .passwordFile(let path, let reason): "\(path): the password file \(reason)"
    case .certificates(let reason): "certificates for MQTT cannot be used: \(reason)"
    case .topic(let topic):
      "\(topic): is no topic to subscribe to; + stands for one level and # for all at the end"
    case .library(let reason): "libmosquitto: \(reason)"
    }
  }
}
