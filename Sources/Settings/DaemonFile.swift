import Feeds
public import Sites

/// Reads configuration files: YAML, as strict as site files.
public enum DaemonFile {
  /// Whether the file at `path` is one, by its name: it is `greensplit.yaml`, or ends in it.
  public static func isNamed(_ path: String) -> Bool { path.hasSuffix("greensplit.yaml") }

  /// Reads the file at `path`; paths in it are relative to its folder.
  ///
  /// - Returns: What it says, or every error of it by position.
  public static func read(_ path: String) -> Result<DaemonSettings, SiteErrors> {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    return YAMLFile.read(path) { settings($0, in: folder) }
  }

  /// Reads a file's `bytes`; errors call it `name`, and paths in it stay as they are.
  public static func read(
    _ bytes: [UInt8], named name: String
  ) -> Result<DaemonSettings, SiteErrors> {
    YAMLFile.read(bytes, named: name) { settings($0, in: "") }
  }

  private static func settings(_ file: Field, in folder: String) -> DaemonSettings? {
    guard let table = file.table(FileKeys.file) else { return nil }
    let paths = Paths(folder: folder)
    _ = table["version"]?.integer()
    var settings = DaemonSettings()
    settings.sites = table["sites"]?.listed()?.compactMap(paths.path) ?? []
    settings.history = table["history"].flatMap(paths.path)
    settings.retentionDays = table["retention_days"]?.integer()
    settings.modes = readModes(table)
    settings.longestOverrideMinutes = table["override_limit_minutes"]?.integer()
    settings.http = table["http"].flatMap { readHTTP($0, access: table["access"], paths) }
    if table["http"] == nil {
      table["access"]?.report(
        "is for HTTP; write http: too",
        "只用于 HTTP；请同时写 http:")
    }
    let brokers = readBrokers(table["mqtt"], paths)
    settings.lines = table["lines"]?.listed()?.compactMap { readLines($0, paths) } ?? []
    let cameras = readCameras(table["cameras"], http: table["http"], brokers: brokers)
    settings.cameras = cameras.compactMap(\.camera)
    settings.httpCameras = cameras.filter { $0.topic == nil }.compactMap(\.camera)
    settings.mqtt = brokers.enumerated().compactMap { position, broker in
      guard var found = broker.settings else { return nil }
      found.subscriptions += cameras.compactMap(\.topic).filter { $0.broker == position }.map {
        MQTTSettings.Subscription(topic: $0.topic, camera: $0.camera)
      }
      if found.subscriptions.isEmpty {
        broker.field.report(
          "asks for nothing; write records: [counts/#], or give cameras a topic",
          "没有订阅任何内容；请写 records: [counts/#]，或为相机写 topic")
      }
      return found
    }
    return settings
  }
}

/// Paths of a file, relative to the folder that it lies in.
struct Paths {
  let folder: String

  func path(_ field: Field) -> String? {
    guard let text = field.text() else { return nil }
    guard text.utf8.count <= 4096, !text.utf8.contains(0) else {
      field.report(
        "is no path; write at most 4096 bytes",
        "不是路径；至多 4096 字节")
      return nil
    }
    return text.hasPrefix("/") ? text : folder + text
  }
}
