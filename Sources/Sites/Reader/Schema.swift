import Phrases
import Signals

/// The keys of a site file, each with the example that errors propose and what its value must be: the one
/// table that the reader and the JSON Schema are driven by.
enum Schema {
  private static let greens = Tenths(1) ... .seconds(600)
  private static let cycles = Tenths.seconds(1) ... .seconds(3600)

  static let site: [Key] = [
    .required("version", "1", .integer(1...1)), .required("id", "J001", .name),
    .required("name", "人民路 - 解放路", .name),
    .required("time_zone", "\"+08:00\"", .timeZone),
    .required("approaches", Phrase("a list of arms", "进口道列表"), .entries(approach, 1...16)),
    // The live block of a cabinet shows 64 signal groups.
    .required(
      "signal_groups", Phrase("a list of signal groups", "灯组列表"), .entries(signalGroup, 1...64)),
    .required(
      "conflicts", Phrase("a map from signal group to list", "由灯组到列表的映射"), .map(to: .references)),
    .optional(
      "conflict_points", Phrase("a list of points", "冲突点列表"),
      .entries(conflictPoint, Shape.anyCount)),
    .required(
      "lane_groups", Phrase("a list of lane groups", "车道组列表"),
      .entries(laneGroup, 1...Intersection.laneGroupLimit)),
    .optional("crossings", Phrase("a list of crossings", "人行横道列表"), .entries(crossing, 0...256)),
    .required(
      "stages", Phrase("a list of stages", "相位阶段列表"), .entries(stage, 1...TimingPlan.entryLimit)),
    .optional(
      "changes", Phrase("forbidden and intergreens", "forbidden 和 intergreens"), .table(changes)),
    .required("limits", Phrase("cycle range and longest red", "周期范围和最长红灯"), .table(limits)),
    .optional("detectors", Phrase("a list of detectors", "检测器列表"), .entries(detector, 0...256)),
    .required("plans", Phrase("a list of plans", "配时方案列表"), .entries(plan, 1...64)),
    .required(
      "schedule", Phrase("a list of times and plans", "时刻与方案的列表"), .entries(scheduled, 1...96)),
    .required("control", "{pace: stage, sequence: fixed, lease: 120 s}", .table(control)),
    .optional("cabinet", "{connect: \"127.0.0.1:1502\", unit: 1}", .table(cabinet)),
    .optional("detector_health", "{zero_by_day: 900 s}", .table(health)),
    .optional(
      "accepted", Phrase("a list of rules and reasons", "规则与理由的列表"), .entries(acceptance, 0...256)),
  ]

  static let approach: [Key] = [
    .required("name", "N", .name),
    // 360 deg is 0 deg; one way to say north is enough.
    .required("heading", "180 deg", .quantity(.degree, 0...359.999)),
    .required("speed", "50 km/h", .quantity(.kilometrePerHour, 5...150)),
    .optional("grade", "-3 %", .quantity(.percent, -20...20)),
    .optional("width", "28 m", .quantity(.metre, 1...150)),
  ]

  static let signalGroup: [Key] = [
    .required("name", "N.through", .name),
    .optional("kind", "vehicle", .choice(of: SignalGroup.Kind.self)),
    .optional("gives_way_to", "[S.through]", .references),
  ]

  static let laneGroup: [Key] = [
    .required("name", "N.through", .name), .required("approach", "N", .reference),
    .required("lanes", "2", .integer(1...8)),
    .required("length", "120 m", .quantity(.metre, 1...5000)),
    .required("saturation_flow", "3300 pcu/h", .quantity(.carUnitPerHour, 100...20_000)),
    .required("movements", "[{turn: through, signal: N.through}]", .entries(movement, 1...4)),
    .optional("weight", "1", .number(0.01...100)),
    .optional(
      "upstream", Phrase("a list of lane groups upstream", "上游车道组列表"), .entries(upstream, 0...32)),
  ]

  static let movement: [Key] = [
    .required("turn", "through", .choice(of: Turn.self)),
    .required("signal", "N.through", .reference), .optional("share", "0.8", .number(0...1)),
  ]

  static let upstream: [Key] = [
    .required("junction", "J002", .name), .required("lane_group", "E.through", .name),
    .required("share", "0.9", .number(0...1)),
    .required("travel_time", "32 s", .quantity(.second, 0.1...3600)),
  ]

  static let crossing: [Key] = [
    .required("name", "across N", .name), .required("signal", "P.N", .reference),
    .required("length", "18 m", .quantity(.metre, 1...100)),
    .required("walk", "7 s", .duration(.seconds(1) ... .seconds(120))),
    .required("clearance", "16 s", .duration(.seconds(1) ... .seconds(120))),
    .optional("walking_speed", "1 m/s", .quantity(.metrePerSecond, 0.5...1.5)),
  ]

  static let stage: [Key] = [
    .required("name", "A", .name), .required("green", "[N.through, S.through]", .references),
    .optional("permissive", "[N.left]", .references),
    .required("min_green", "10 s", .duration(greens)),
    .required("max_green", "60 s", .duration(greens)),
    .optional("green_flash", "3 s", .duration(.zero ... .seconds(10))),
    .required("yellow", "3 s", .duration(.zero ... .seconds(10))),
    .required("all_red", "2 s", .duration(.zero ... .seconds(30))),
    .optional("recall", "true", .flag),
  ]

  static let changes: [Key] = [
    .optional("forbidden", "[[A, C]]", .list(.list(.reference, 2...2), Shape.anyCount)),
    .optional("intergreens", "[{from: A, to: B, time: 6 s}]", .entries(intergreen, Shape.anyCount)),
  ]

  static let intergreen: [Key] = [
    .required("from", "A", .reference), .required("to", "B", .reference),
    // The cabinet's table has one byte of tenths for each change, of which 255 forbids it.
    .required("time", "6 s", .duration(.zero...Tenths(254))),
  ]

  static let limits: [Key] = [
    .required("min_cycle", "50 s", .duration(cycles)),
    .required("max_cycle", "160 s", .duration(cycles)),
    .required("longest_red", "150 s", .duration(cycles)),
    .optional("largest_change", "20 s", .duration(.zero ... .seconds(3600))),
    .optional("plan_interval", "5 s", .duration(.zero ... .seconds(3600))),
    .optional("notice", "3 s", .duration(.zero ... .seconds(60))),
  ]

  static let detector: [Key] = [
    .required("id", "J001.N.1", .name), .required("lane_group", "N.through", .reference),
    .optional("lanes", "1", .integer(1...8)),
    .optional("view", "80 m", .quantity(.metre, 0...1000)),
    // 30 on each of the pages that fit into the map.
    .optional("loops", "[1, 2]", .list(.integer(1...600), 1...64)),
  ]

  static let plan: [Key] = [
    .required("name", "day", .name), .required("cycle", "100 s", .duration(cycles)),
    .optional("offset", "0 s", .duration(.zero ... .seconds(3600))),
    .required(
      "greens", "[{stage: A, green: 30 s}, {stage: B, green: 20 s}]",
      .entries(planGreen, 1...TimingPlan.entryLimit)),
  ]

  static let planGreen: [Key] = [
    .required("stage", "A", .reference), .required("green", "30 s", .duration(greens)),
  ]

  static let scheduled: [Key] = [
    .required("from", "\"06:30\"", .timeOfDay), .required("plan", "day", .reference),
  ]

  static let control: [Key] = [
    .required("pace", "stage", .choice(of: Pace.self)),
    .required("sequence", "fixed", .choice(of: Sequence.self)),
    .required("lease", "120 s", .duration(.seconds(30) ... .seconds(3600))),
    .optional("used_yellow", "2 s", .duration(.zero...ControlSettings.usualYellow)),
    .optional("longest_wait", "150 s", .duration(cycles)),
    .optional("countdown", "follow", .choice(of: Countdown.self)),
  ]

  static let conflictPoint: [Key] = [
    .required("clearing", "N.through", .reference), .required("entering", "E.through", .reference),
    .required("clearing_distance", "24 m", .quantity(.metre, 0...200)),
    .required("entering_distance", "12 m", .quantity(.metre, 0...200)),
  ]

  static let acceptance: [Key] = [
    .required("rule", "yellow-too-short", .name), .optional("of", "A", .name),
    .required("reason", "speed limit of 40 km/h from March on", .words),
  ]

  static let health: [Key] = [
    .optional("missing_intervals", "2", .number(1...100)),
    .optional("missing_fault", "300 s", .quantity(.second, 10...3600)),
    .optional("zero_by_day", "900 s", .quantity(.second, 60...86_400)),
    .optional("zero_by_night", "3600 s", .quantity(.second, 60...86_400)),
    .optional("zero_expected", "16", .number(1...1000)),
    .optional("zero_certain", "30", .number(5...1000)),
    .optional("stuck_occupancy", "0.95", .number(0.5...1)),
    .optional("stuck_time", "600 s", .quantity(.second, 60...86_400)),
    .optional("chatter_per_minute", "50", .number(10...600)),
    .optional("chatter_capacity", "1.2", .number(1...10)),
    .optional("range_flow", "3000 veh/h", .quantity(.vehiclePerHour, 500...20_000)),
    .optional("range_speed", "120 km/h", .quantity(.kilometrePerHour, 50...500)),
    .optional("constant_intervals", "8", .number(3...1000)),
    .optional("constant_green", "30 s", .quantity(.second, 5...600)),
    .optional("ratio_least", "2 m", .quantity(.metre, 0.5...20)),
    .optional("ratio_most", "20 m", .quantity(.metre, 5...100)),
    .optional("balance_tolerance", "0.25", .number(0.05...10)),
    .optional("profile_deviations", "4", .number(1...100)),
    .optional("profile_quarters", "4", .number(1...96)),
    .optional("share_tolerance", "0.2", .number(0.05...0.9)),
    .optional("loop_tolerance", "0.2", .number(0.05...0.9)),
    .optional("drift_vehicles", "30", .number(5...1000)),
    .optional("discharge_least", "0.65", .number(0.1...0.95)),
    .optional("discharge_most", "1.25", .number(1.05...10)),
    .optional("condition_reliability", "0.5", .number(0...1)),
    .optional("recovery", "60 s", .quantity(.second, 0...3600)),
  ]

  static let cabinet: [Key] = [
    .optional("connect", "\"127.0.0.1:1502\"", .address),
    .optional("serial", "/dev/ttyS1", .device),
    .optional("baud", "19200", .oneOf(SerialLine.bauds)),
    .optional("parity", "even", .choice(of: SerialLine.Parity.self)),
    .optional("stop_bits", "1", .integer(1...2)),
    // Beyond a second nobody waits on a shared line; below a millisecond nobody answers.
    .optional("turnaround", "0.05 s", .quantity(.second, 0.001...1)),
    .optional("unit", "1", .integer(0...255)),
    .optional("profile", "cabinets/plc-table.yaml", .path),
  ]
}
