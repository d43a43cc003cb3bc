/// The keys of a site file, each with the example that errors propose.
enum Schema {
  static let site: [Key] = [
    .required("version", "1"), .required("id", "J001"), .required("name", "人民路 - 解放路"),
    .required("time_zone", "\"+08:00\""), .required("approaches", "a list of arms"),
    .required("signal_groups", "a list of signal groups"),
    .required("conflicts", "a map from signal group to list"),
    .required("lane_groups", "a list of lane groups"),
    .optional("crossings", "a list of crossings"),
    .required("stages", "a list of stages"), .optional("changes", "forbidden and intergreens"),
    .required("limits", "cycle range and longest red"),
    .optional("detectors", "a list of detectors"),
    .required("plans", "a list of plans"), .required("schedule", "a list of times and plans"),
    .required("control", "{pace: stage, sequence: fixed, lease: 120 s}"),
    .optional("cabinet", "{connect: \"127.0.0.1:1502\", unit: 1}"),
    .optional("detector_health", "{zero_by_day: 900 s}"),
  ]

  static let approach: [Key] = [
    .required("name", "N"), .required("heading", "180 deg"), .required("speed", "50 km/h"),
  ]

  static let signalGroup: [Key] = [
    .required("name", "N.through"), .optional("kind", "vehicle"),
    .optional("gives_way_to", "[S.through]"),
  ]

  static let laneGroup: [Key] = [
    .required("name", "N.through"), .required("approach", "N"), .required("lanes", "2"),
    .required("length", "120 m"), .required("saturation_flow", "3300 pcu/h"),
    .required("movements", "[{turn: through, signal: N.through}]"), .optional("weight", "1"),
    .optional("upstream", "a list of lane groups upstream"),
  ]

  static let movement: [Key] = [
    .required("turn", "through"), .required("signal", "N.through"), .optional("share", "0.8"),
  ]

  static let upstream: [Key] = [
    .required("junction", "J002"), .required("lane_group", "E.through"), .required("share", "0.9"),
    .required("travel_time", "32 s"),
  ]

  static let crossing: [Key] = [
    .required("name", "across N"), .required("signal", "P.N"), .required("length", "18 m"),
    .required("walk", "7 s"), .required("clearance", "16 s"),
  ]

  static let stage: [Key] = [
    .required("name", "A"), .required("green", "[N.through, S.through]"),
    .optional("permissive", "[N.left]"), .required("min_green", "10 s"),
    .required("max_green", "60 s"), .optional("green_flash", "3 s"), .required("yellow", "3 s"),
    .required("all_red", "2 s"), .optional("recall", "true"),
  ]

  static let changes: [Key] = [
    .optional("forbidden", "[[A, C]]"), .optional("intergreens", "[{from: A, to: B, time: 6 s}]"),
  ]

  static let intergreen: [Key] = [
    .required("from", "A"), .required("to", "B"), .required("time", "6 s"),
  ]

  static let limits: [Key] = [
    .required("min_cycle", "50 s"), .required("max_cycle", "160 s"),
    .required("longest_red", "150 s"), .optional("largest_change", "20 s"),
    .optional("plan_interval", "5 s"), .optional("notice", "3 s"),
  ]

  static let detector: [Key] = [
    .required("id", "J001.N.1"), .required("lane_group", "N.through"), .optional("lanes", "1"),
    .optional("view", "80 m"),
  ]

  static let plan: [Key] = [
    .required("name", "day"), .required("cycle", "100 s"), .optional("offset", "0 s"),
    .required("greens", "[{stage: A, green: 30 s}, {stage: B, green: 20 s}]"),
  ]

  static let planGreen: [Key] = [.required("stage", "A"), .required("green", "30 s")]

  static let scheduled: [Key] = [.required("from", "\"06:30\""), .required("plan", "day")]

  static let control: [Key] = [
    .required("pace", "stage"), .required("sequence", "fixed"), .required("lease", "120 s"),
  ]

  static let health: [Key] = [
    .optional("missing_intervals", "2"), .optional("missing_fault", "300 s"),
    .optional("zero_by_day", "900 s"), .optional("zero_by_night", "3600 s"),
    .optional("zero_expected", "16"), .optional("zero_certain", "30"),
    .optional("stuck_occupancy", "0.95"),
    .optional("stuck_time", "600 s"), .optional("chatter_per_minute", "50"),
    .optional("chatter_capacity", "1.2"), .optional("range_flow", "3000 veh/h"),
    .optional("range_speed", "120 km/h"), .optional("constant_intervals", "8"),
    .optional("constant_green", "30 s"),
    .optional("ratio_least", "2 m"), .optional("ratio_most", "20 m"),
    .optional("balance_tolerance", "0.25"), .optional("profile_deviations", "4"),
    .optional("profile_quarters", "4"), .optional("condition_reliability", "0.5"),
    .optional("recovery", "60 s"),
  ]

  static let cabinet: [Key] = [
    .optional("connect", "\"127.0.0.1:1502\""), .optional("serial", "/dev/ttyS1"),
    .optional("baud", "19200"), .optional("parity", "even"), .optional("stop_bits", "1"),
    .optional("turnaround", "0.05 s"), .optional("unit", "1"),
    .optional("profile", "cabinets/plc-table.yaml"),
  ]
}
