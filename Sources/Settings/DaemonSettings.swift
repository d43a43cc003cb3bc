public import Feeds
public import Web

/// What a configuration file says of the daemon (`docs/configuration.md`). What it leaves out is `nil`
/// or empty.
public struct DaemonSettings: Sendable, Hashable {
  /// Where counts are read line by line.
  public enum LineFeed: Sendable, Hashable {
    /// A file or pipe, to its end.
    case read(path: String)
    /// A file that others write, from now on.
    case follow(path: String)
    /// A Unix socket that programs connect to.
    case listen(path: String)
  }

  /// Site files, and folders of them.
  public var sites: [String] = []

  /// The history's database.
  public var history: String?

  /// How long history is kept, days.
  public var retentionDays: Int?

  /// Where the HTTP server listens, and whom it believes.
  public var http: HTTPSettings?

  /// The brokers that counts are taken from.
  public var mqtt: [MQTTSettings] = []

  /// Files, pipes and sockets of count records.
  public var lines: [LineFeed] = []

  /// All cameras that speak a dialect, in the order of the file.
  public var cameras: [Camera] = []

  /// Those of them that are heard over HTTP.
  public var httpCameras: [Camera] = []

  /// Nothing is said.
  public init() {}

  /// One line for people: what counts come from.
  public var summary: String {
    let parts =
      [http.map { "HTTP at \($0.address):\($0.port)" }, mqtt.isEmpty ? nil : "\(mqtt.count) MQTT"]
      .compactMap(\.self)
      + [
        lines.isEmpty ? nil : "\(lines.count) files and sockets",
        cameras.isEmpty ? nil : "\(cameras.count) cameras",
      ].compactMap(\.self)
    return parts.isEmpty ? "no counts" : "counts by " + parts.joined(separator: ", ")
  }
}
