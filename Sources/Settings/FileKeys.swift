import Phrases
import Sites

/// The keys of a configuration file, each with the example that errors propose.
enum FileKeys {
  static let file: [Key] = [
    .required("version", "1"), .optional("sites", "[intersections]"),
    .optional("history", "/var/lib/greensplit/history.db"), .optional("retention_days", "30"),
    .optional("mode", "advise"), .optional("control", "[J017]"), .optional("advise", "[J018]"),
    .optional("override_limit_minutes", "240"),
    .optional("http", "{listen: \"127.0.0.1:8017\"}"),
    .optional("access", "[{name: wang, role: operator, token_file: wang.token}]"),
    .optional("mqtt", "[{broker: \"127.0.0.1:1883\", records: [counts/#]}]"),
    .optional("lines", "[{follow: /run/counts.ndjson}]"),
    .optional("cameras", Phrase("a list of cameras", "相机列表")),
  ]

  static let http: [Key] = [
    .required("listen", "\"127.0.0.1:8017\""), .optional("token_file", "counts.token"),
    .optional("certificate", "greensplit.crt"), .optional("key", "greensplit.key"),
    .optional("sender_authority", "cameras-ca.crt"), .optional("largest_body", "65536"),
    .optional("connections", "256"), .optional("requests_per_second", "100"),
    .optional("requests_at_once", "200"),
  ]

  static let access: [Key] = [
    .required("name", "wang"), .required("role", "operator"),
    .required("token_file", "wang.token"),
  ]

  static let mqtt: [Key] = [
    .required("broker", "\"127.0.0.1:1883\""), .optional("name", "broker"),
    .optional("client", "greensplit"), .optional("user", "greensplit"),
    .optional("password_file", "mqtt.password"), .optional("authority", "broker-ca.crt"),
    .optional("certificate", "greensplit.crt"), .optional("key", "greensplit.key"),
    .optional("records", "[counts/#]"),
  ]

  static let lines: [Key] = [
    .optional("read", "/run/counts.pipe"), .optional("follow", "/run/counts.ndjson"),
    .optional("listen", "/run/greensplit/counts.sock"),
  ]

  static let camera: [Key] = [
    .required("name", "cam-017-N"), .required("dialect", "hikvision"),
    .required("lanes", "{\"1\": J017.N.1}"), .optional("classes", "{midsizeCarNum: bus}"),
    .optional("time_zone", "\"+08:00\""), .optional("broker", "broker"),
    .optional("topic", "axis/B8A44F000000/event/#"), .optional("every", "5 s"),
    .optional("patience", "60 s"),
  ]
}
