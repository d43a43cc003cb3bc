/// The keys of a cabinet profile, each with the example that errors propose.
enum ProfileSchema {
  static let profile: [Key] = [
    .required("version", "1"), .required("profile", "acme-plc"), .required("make", "Acme PLC 2"),
    .optional("unit", "1"), .required("longest_read", "100"), .required("longest_write", "100"),
    .optional("pause", "0.05 s"), .optional("word_order", "high_first"),
    .required("capabilities", "fencing, lease, apply and read_back"),
    .required("blocks", "a list of blocks"), .required("points", "a list of points"),
    .required("order", "a list of steps"), .optional("renewal", "a list of steps"),
    .required("forbidden", "[{from: 0, to: 99, why: lamp outputs}]"),
    .required("golden", "a list of plans with the frames they give"),
  ]

  static let capabilities: [Key] = [
    .required("fencing", "false"), .optional("sole_master", "true"),
    .required("lease", "watchdog"), .required("lease_time", "60 s"),
    .required("apply", "[cycle]"), .required("read_back", "true"),
  ]

  static let block: [Key] = [
    .required("name", "plan"), .required("address", "400"), .required("length", "90"),
    .required("access", "both"),
  ]

  static let point: [Key] = [
    .required("name", "plan.green"), .required("address", "402"), .required("type", "u16"),
    .optional("word_order", "low_first"), .optional("count", "16"), .optional("stride", "2"),
    .optional("step", "0.1 s"), .optional("means", "{0: central}"), .optional("constant", "0x504C"),
    .optional("value", "green"),
  ]

  static let steps: [Key] = [
    .optional("write", "plan"), .optional("read_back", "plan"),
    .optional("set", "{point: strobe, to: 0}"), .optional("store", "{point: strobe, to: 1}"),
    .optional("commit", "{point: strobe, to: 1}"),
    .optional("wait", "{point: outcome, is: [1], refused: [2], within: 5 s}"),
    .optional("pause", "0.2 s"), .optional("each_entry", "a list of steps"),
  ]

  static let setting: [Key] = [.required("point", "strobe"), .required("to", "1")]

  static let waiting: [Key] = [
    .required("point", "outcome"), .required("is", "[1]"), .optional("refused", "[2]"),
    .required("within", "5 s"),
  ]

  static let forbidden: [Key] = [
    .required("from", "0"), .required("to", "99"), .required("why", "lamp outputs"),
  ]

  static let golden: [Key] = [
    .required("name", "two stages"), .required("entries", "[{stage: 1, green: 30 s}]"),
    .optional("cycle", "80 s"), .optional("offset", "0 s"), .optional("apply", "cycle"),
    .required("epoch", "1"), .required("sequence", "1"), .required("lease", "60 s"),
    .required("frames", "a list of Modbus frames in hexadecimal, without unit and checksum"),
  ]

  static let goldenEntry: [Key] = [
    .required("stage", "1"), .required("green", "30 s"), .optional("longest_green", "40 s"),
  ]
}
