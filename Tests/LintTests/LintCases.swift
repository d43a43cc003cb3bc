import Testing

/// What changes in one or a few places bring up.
struct LintCase: Sendable, CustomTestStringConvertible {
  let rule: String
  let changes: [(right: String, wrong: String)]
  /// Where: the key, and how the text begins that stands there.
  let key: String
  let text: String
  let found: String
  let expected: String
  /// Rules that the same changes break besides.
  let besides: [String]

  var testDescription: String { "\(rule): \(changes.map(\.wrong))" }

  init(
    _ rule: String, _ changes: [(String, String)], at key: String, _ text: String, _ found: String,
    _ expected: String, besides: [String] = []
  ) {
    self.rule = rule
    self.changes = changes.map { (right: $0.0, wrong: $0.1) }
    self.key = key
    self.text = text
    self.found = found
    self.expected = expected
    self.besides = besides
  }
}

private let times = "yellow: 3.3 s, all_red: 2 s"
private let sum = "cycle: 70.3 s"

let changeCases = [
  // 50 km/h: 1 + 13.89 / 6.1 = 3.28 s.
  LintCase(
    "yellow-too-short", [(times, "yellow: 3.2 s, all_red: 2.1 s")], at: "stages[A].yellow",
    "3.2 s", "3.2 s", "≥ 3.3 s"),
  // Downhill 5 %: 1 + 13.89 / (6.1 - 2 · 0.05 · 9.81) = 3.71 s.
  LintCase(
    "yellow-too-short", [("width: 20 m", "width: 20 m, grade: -5 %")], at: "stages[A].yellow",
    "3.3 s", "3.3 s", "≥ 3.8 s"),
  // 80 km/h: 1 + 22.22 / 6.1 = 4.64 s; behind a flashing green 3.64 s.
  LintCase(
    "yellow-too-short", [("speed: 50 km/h", "speed: 80 km/h")], at: "stages[A].yellow", "3.3 s",
    "3.3 s", "≥ 4.7 s"),
  LintCase(
    "yellow-too-short",
    [
      ("speed: 50 km/h", "speed: 80 km/h"), (times, times + ", green_flash: 3 s"),
      (sum, "cycle: 73.3 s"),
    ], at: "stages[A].yellow", "3.3 s", "3.3 s", "≥ 3.7 s"),
  // Nowhere below 3 s, however slow.
  LintCase(
    "yellow-too-short",
    [
      ("speed: 50 km/h", "speed: 20 km/h"), (times, "yellow: 2.9 s, all_red: 4.7 s"),
      (sum, "cycle: 72.6 s"),
    ],
    at: "stages[A].yellow", "2.9 s", "2.9 s", "≥ 3 s"),
  LintCase(
    "yellow-too-long", [(times, "yellow: 6.1 s, all_red: 2 s"), (sum, "cycle: 73.1 s")],
    at: "stages[A].yellow", "6.1 s", "6.1 s", "≤ 6 s"),
  // 20 m and 6 m at 50 km/h: 1.87 s.
  LintCase(
    "all-red-too-short", [(times, "yellow: 3.5 s, all_red: 1.8 s")], at: "stages[A].all_red",
    "1.8 s", "1.8 s", "≥ 1.9 s"),
  LintCase(
    "all-red-missing", [(", width: 20 m", ""), (times, "yellow: 5.3 s, all_red: 0 s")],
    at: "stages[A].all_red", "0 s", "0 s", "1 s … 2 s"),
  LintCase(
    "all-red-too-long", [(times, "yellow: 3.3 s, all_red: 6.5 s"), (sum, "cycle: 74.8 s")],
    at: "stages[A].all_red", "6.5 s", "6.5 s", "≤ 6 s"),
  // 3 s + (30 + 6) m / 10 m/s - 6 m / 11.1 m/s = 6.06 s.
  LintCase(
    "intergreen-too-short", [("clearing_distance: 14 m", "clearing_distance: 30 m")],
    at: "conflict_points[#1]", "{clearing: N.T", "5.3 s", "≥ 6.1 s"),
]

let greenCases = [
  LintCase(
    "walk-too-short", [("walk: 7 s", "walk: 6 s")], at: "crossings[X].walk", "6 s", "6 s", "≥ 7 s"),
  LintCase(
    "clearance-too-short", [("clearance: 10 s", "clearance: 9.9 s")],
    at: "crossings[X].clearance", "9.9 s", "9.9 s", "≥ 10 s"),
  LintCase(
    "clearance-too-short", [("clearance: 10 s", "clearance: 10 s, walking_speed: 1 m/s")],
    at: "crossings[X].clearance", "10 s", "10 s", "≥ 12 s"),
  LintCase(
    "min-green-too-short", [("min_green: 10 s", "min_green: 6.9 s")], at: "stages[A].min_green",
    "6.9 s", "6.9 s", "≥ 7 s"),
  LintCase(
    "saturation-flow-unusual", [("3300 pcu/h", "1800 pcu/h")],
    at: "lane_groups[N.T].saturation_flow", "1800 pcu/h", "900 pcu/h", "1000 … 2000 pcu/h"),
  LintCase(
    "conflict-missing",
    [
      ("N.T: [W.T, W.L, P]", "N.T: [W.L, P]"),
      (
        "conflict_points:\n  - {clearing: N.T, entering: W.T, clearing_distance: 14 m, entering_distance: 6 m}\n",
        ""
      ),
    ], at: "conflicts", "N.T",
    "none", "N.T: [W.T]"),
  LintCase(
    "mostly-unseen",
    [
      (
        "detectors:\n  - {id: L1.N, lane_group: N.T, view: 80 m}\n  - {id: L1.W, lane_group: W}",
        "detectors: []"
      )
    ], at: "detectors", "[]", "0", "≥ 1"),
]

/// A third stage that the plan leaves out.
private let third = (
  "limits:",
  "  - {name: C, green: [W.T], min_green: 60 s, max_green: 60 s, yellow: 3 s, all_red: 2 s}\nlimits:"
)

let cycleCases = [
  // 10 + 17 + 60 s of green, 5.3 + 5 + 5 s of changes.
  LintCase(
    "max-cycle-below-minimums",
    [third, ("max_cycle: 120 s, longest_red: 100 s", "max_cycle: 80 s, longest_red: 80 s")],
    at: "limits.max_cycle", "80 s", "80 s", "≥ 102.3 s", besides: ["longest-red-unreachable"]),
  // N.T waits for B, C and the changes.
  LintCase(
    "longest-red-unreachable", [third, ("longest_red: 100 s", "longest_red: 90 s")],
    at: "limits.longest_red", "90 s", "90 s", "≥ 92.3 s"),
  // 20 + 20 s of green, 10.3 s of changes; the plan goes round twice.
  LintCase(
    "min-cycle-above-maximums",
    [
      ("max_green: 60 s", "max_green: 20 s"), ("max_green: 50 s", "max_green: 20 s"),
      ("min_cycle: 40 s", "min_cycle: 60 s"), (sum, "cycle: 100.6 s"),
      ("{stage: A, green: 40 s}", "{stage: A, green: 20 s}"),
      (
        "{stage: B, green: 20 s}",
        "{stage: B, green: 20 s}\n      - {stage: A, green: 20 s}\n      - {stage: B, green: 20 s}"
      ),
    ], at: "limits.min_cycle", "60 s", "60 s", "≤ 50.3 s"),
  LintCase(
    "longest-red-never-binds", [("longest_red: 100 s", "longest_red: 121 s")],
    at: "limits.longest_red", "121 s", "121 s", "≤ 120 s"),
  LintCase(
    "countdown-untruthful", [("pace: stage", "countdown: communication, pace: second")],
    at: "control.pace", "second", "second", "stage, cycle"),
  LintCase(
    "countdown-dark", [("pace: stage", "countdown: follow, pace: stage")],
    at: "control.countdown", "follow", "stage, fixed", "cycle, fixed"),
]
