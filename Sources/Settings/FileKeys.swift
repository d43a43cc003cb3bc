import Feeds
import Phrases
public import Sites
import Web

/// The keys of a configuration file, each with the example that errors propose and what its value must be:
/// the one table that the reader and the JSON Schema are driven by.
enum FileKeys {
  static let file: [Key] = [
    .required("version", "1", .integer(1...1)),
    .optional("sites", "[intersections]", .list(.path, 1...1000)),
    .optional("history", "/var/lib/greensplit/history.db", .path),
    .optional("retention_days", "30", .integer(1...3650)),
    .optional("mode", "advise", .choice(of: JunctionMode.self)),
    .optional("control", "[J017]", .list(.name, 0...100_000)),
    .optional("advise", "[J018]", .list(.name, 0...100_000)),
    .optional("override_limit_minutes", "240", .integer(1...1440)),
    .optional("http", "{listen: \"127.0.0.1:8017\"}", .table(http)),
    .optional(
      "access", "[{name: wang, role: operator, token_file: wang.token}]",
      .entries(access, 1...1000)),
    .optional(
      "mqtt", "[{broker: \"127.0.0.1:1883\", records: [counts/#]}]", .entries(mqtt, 1...16)),
    .optional("lines", "[{follow: /run/counts.ndjson}]", .entries(lines, 1...64)),
    .optional("cameras", Phrase("a list of cameras", "相机列表"), .entries(camera, 1...1000)),
  ]

  static let http: [Key] = [
    .required("listen", "\"127.0.0.1:8017\"", .address),
    .optional("token_file", "counts.token", .path),
    .optional("certificate", "greensplit.crt", .path), .optional("key", "greensplit.key", .path),
    .optional("sender_authority", "cameras-ca.crt", .path),
    // A batch of more would keep others waiting while it is read.
    .optional("largest_body", "65536", .integer(1024...1_048_576)),
    .optional("connections", "256", .integer(1...4096)),
    .optional("requests_per_second", "100", .number(0.1...100_000)),
    .optional("requests_at_once", "200", .integer(1...100_000)),
  ]

  static let access: [Key] = [
    .required("name", "wang", .name), .required("role", "operator", .choice(of: Role.self)),
    .required("token_file", "wang.token", .path),
  ]

  static let mqtt: [Key] = [
    .required("broker", "\"127.0.0.1:1883\"", .address), .optional("name", "broker", .name),
    .optional("client", "greensplit", .name), .optional("user", "greensplit", .name),
    .optional("password_file", "mqtt.password", .path),
    .optional("authority", "broker-ca.crt", .path),
    .optional("certificate", "greensplit.crt", .path), .optional("key", "greensplit.key", .path),
    .optional("records", "[counts/#]", .list(.words, 1...256)),
  ]

  static let lines: [Key] = [
    .optional("read", "/run/counts.pipe", .path), .optional("follow", "/run/counts.ndjson", .path),
    .optional("listen", "/run/greensplit/counts.sock", .path),
  ]

  static let camera: [Key] = [
    .required("name", "cam-017-N", .name),
    // Who sends count records needs no camera here.
    .required(
      "dialect", "hikvision",
      .choice(Dialect.allCases.filter { $0 != .native }.map(\.rawValue))),
    .required("lanes", "{\"1\": J017.N.1}", .map(to: .name)),
    .optional("classes", "{midsizeCarNum: bus}", .map(to: .name)),
    .optional("time_zone", "\"+08:00\"", .timeZone), .optional("broker", "broker", .name),
    .optional("topic", "axis/B8A44F000000/event/#", .words),
    .optional("every", "5 s", .quantity(.second, 1...60)),
    .optional("patience", "60 s", .quantity(.second, 1...900)),
  ]
}

extension FileSchema {
  /// A configuration file of the daemon.
  public static let daemon = FileSchema(
    "daemon", title: "Greensplit configuration file", FileKeys.file)
}
