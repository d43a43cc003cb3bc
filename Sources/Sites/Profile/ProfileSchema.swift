import Phrases
import Profiles
import Signals

/// The keys of a cabinet profile, each with the example that errors propose.
enum ProfileSchema {
  private static let greens = Tenths(1) ... .seconds(600)

  static let profile: [Key] = [
    .required("version", "1", .integer(1...1)), .required("profile", "acme-plc", .name),
    .required("make", "Acme PLC 2", .name),
    .optional("unit", "1", .integer(1...255)), .required("longest_read", "100", .integer(1...125)),
    .required("longest_write", "100", .integer(1...123)),
    .optional("pause", "0.05 s", .quantity(.second, 0...10)),
    .optional("word_order", "high_first", .choice(of: WordOrder.self)),
    .required(
      "capabilities",
      Phrase("fencing, lease, apply and read_back", "fencing、lease、apply 和 read_back"),
      .table(capabilities)),
    .required("blocks", Phrase("a list of blocks", "寄存器块列表"), .entries(block, 1...256)),
    .required("points", Phrase("a list of points", "点的列表"), .entries(point, 1...1000)),
    .required("order", Phrase("a list of steps", "步骤列表"), .entries(steps, 1...100)),
    .optional("renewal", Phrase("a list of steps", "步骤列表"), .entries(steps, 1...100)),
    .required("forbidden", "[{from: 0, to: 99, why: lamp outputs}]", .entries(forbidden, 0...256)),
    .required(
      "golden", Phrase("a list of plans with the frames they give", "方案及其对应帧的列表"),
      .entries(golden, 1...64)),
  ]

  static let capabilities: [Key] = [
    .required("fencing", "false", .flag), .optional("sole_master", "true", .flag),
    .required("lease", "watchdog", .choice(of: CabinetProfile.Capabilities.Lease.self)),
    .required("lease_time", "60 s", .duration(.seconds(5) ... .seconds(3600))),
    .required(
      "apply", "[cycle]", .list(.choice(of: CabinetProfile.Capabilities.Apply.self), 1...3)),
    .required("read_back", "true", .flag),
  ]

  static let block: [Key] = [
    .required("name", "plan", .name), .required("address", "400", .integer(0...65_535)),
    .required("length", "90", .integer(1...65_536)),
    .required("access", "both", .choice(of: CabinetProfile.Block.Access.self)),
  ]

  static let point: [Key] = [
    .required("name", "plan.green", .name), .required("address", "402", .integer(0...65_535)),
    .required("type", "u16", .choice(of: CabinetProfile.Point.Kind.self)),
    .optional("word_order", "low_first", .choice(of: WordOrder.self)),
    .optional("count", "16", .integer(1...512)), .optional("stride", "2", .integer(1...1000)),
    .optional("step", "0.1 s", .step), .optional("means", "{0: central}", .map(to: .name)),
    .optional("constant", "0x504C", .register),
    .optional("value", "green", .choice(of: CabinetValue.self)),
  ]

  static let steps: [Key] = [
    .optional("write", "plan", .reference), .optional("read_back", "plan", .reference),
    .optional("set", "{point: strobe, to: 0}", .table(setting)),
    .optional("store", "{point: strobe, to: 1}", .table(setting)),
    .optional("commit", "{point: strobe, to: 1}", .table(setting)),
    .optional("wait", "{point: outcome, is: [1], refused: [2], within: 5 s}", .table(waiting)),
    .optional("pause", "0.2 s", .quantity(.second, 0...60)),
    .optional("each_entry", Phrase("a list of steps", "步骤列表"), .list(.entry(of: "order"), 1...100)),
  ]

  static let setting: [Key] = [
    .required("point", "strobe", .reference), .required("to", "1", .register),
  ]

  static let waiting: [Key] = [
    .required("point", "outcome", .reference), .required("is", "[1]", .list(.register, 1...32)),
    .optional("refused", "[2]", .list(.register, 1...32)),
    .required("within", "5 s", .quantity(.second, 0.1...600)),
  ]

  static let forbidden: [Key] = [
    .required("from", "0", .integer(0...65_535)), .required("to", "99", .integer(0...65_535)),
    .required("why", "lamp outputs", .name),
  ]

  static let golden: [Key] = [
    .required("name", "two stages", .name),
    .required(
      "entries", "[{stage: 1, green: 30 s}]", .entries(goldenEntry, 1...TimingPlan.entryLimit)),
    .optional("cycle", "80 s", .duration(.zero ... .seconds(3600))),
    .optional("offset", "0 s", .duration(.zero ... .seconds(3600))),
    .optional("apply", "cycle", .choice(of: CabinetProfile.Capabilities.Apply.self)),
    .required("epoch", "1", .integer(1...Int(UInt32.max))),
    .required("sequence", "1", .integer(1...Int(UInt32.max))),
    .required("lease", "60 s", .duration(.seconds(1) ... .seconds(3600))),
    .required(
      "frames",
      Phrase(
        "a list of Modbus frames in hexadecimal, without unit and checksum",
        "十六进制 Modbus 帧的列表，不含单元号和校验"),
      .list(.frame, 1...256)),
  ]

  static let goldenEntry: [Key] = [
    .required("stage", "1", .integer(1...TimingPlan.entryLimit)),
    .required("green", "30 s", .duration(greens)),
    .optional("longest_green", "40 s", .duration(greens)),
  ]
}
