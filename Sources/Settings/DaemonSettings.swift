public import Feeds
public import Phrases
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

  /// Which junctions are controlled, and which are only advised on.
  public var modes = JunctionModes()

  /// The longest that an override may last, minutes.
  public var longestOverrideMinutes: Int?

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
  public var summary: Phrase {
    var parts: [Phrase] = []
    if let http {
      let place = "\(http.address):\(http.port)"
      parts.append(Phrase("HTTP at \(place)", "HTTP \(place)"))
    }
    if !mqtt.isEmpty { parts.append(Phrase(name: "\(mqtt.count) MQTT")) }
    if !lines.isEmpty {
      parts.append(Phrase("\(lines.count) files and sockets", "\(lines.count) 个文件和套接字"))
    }
    if !cameras.isEmpty {
      parts.append(Phrase("\(cameras.count) cameras", "\(cameras.count) 台相机"))
    }
    let all = Phrase.joined(parts, separator: Phrase(", ", "、"))
    return parts.isEmpty
      ? Phrase("no counts", "没有计数来源")
      : Phrase("counts by \(all.text(.english))", "计数来源：\(all.text(.chinese))")
  }
}
