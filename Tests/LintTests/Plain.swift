import Sites
import Support
import Testing

@testable import Lint

/// A junction of which the trade has nothing to say, for tests that change it in one place.
enum Plain {
  static let text = """
    version: 1
    id: L1
    name: Plain
    time_zone: "+08:00"
    approaches:
      - {name: N, heading: 180 deg, speed: 50 km/h, width: 20 m}
      - {name: W, heading: 90 deg, speed: 40 km/h, width: 16 m}
    signal_groups:
      - {name: N.T}
      - {name: W.T}
      - {name: W.L, gives_way_to: [P]}
      - {name: P, kind: pedestrian}
    conflicts:
      N.T: [W.T, W.L, P]
      W.L: [P]
    conflict_points:
      - {clearing: N.T, entering: W.T, clearing_distance: 14 m, entering_distance: 6 m}
    lane_groups:
      - {name: N.T, approach: N, lanes: 2, length: 90 m, saturation_flow: 3300 pcu/h,
         movements: [{turn: through, signal: N.T}]}
      - name: W
        approach: W
        lanes: 1
        length: 80 m
        saturation_flow: 1600 pcu/h
        movements:
          - {turn: through, signal: W.T, share: 0.7}
          - {turn: left, signal: W.L, share: 0.2}
          - {turn: right, signal: none, share: 0.1}
    crossings:
      - {name: X, signal: P, length: 12 m, walk: 7 s, clearance: 10 s}
    stages:
      - {name: A, green: [N.T], min_green: 10 s, max_green: 60 s, yellow: 3.3 s, all_red: 2 s}
      - {name: B, green: [W.T, P], permissive: [W.L],
         min_green: 17 s, max_green: 50 s, yellow: 3 s, all_red: 2 s}
    limits: {min_cycle: 40 s, max_cycle: 120 s, longest_red: 100 s}
    detectors:
      - {id: L1.N, lane_group: N.T, view: 80 m}
      - {id: L1.W, lane_group: W}
    plans:
      - name: day
        cycle: 70.3 s
        greens:
          - {stage: A, green: 40 s}
          - {stage: B, green: 20 s}
    schedule:
      - {from: "06:30", plan: day}
    control: {pace: stage, sequence: fixed, lease: 60 s}

    """

  /// What the trade finds once each `wrong` stands in the place of its `right`.
  static func findings(_ changes: [(right: String, wrong: String)]) throws -> [Finding] {
    try findings(in: changed(by: changes))
  }

  /// The text with each `wrong` in the place of its `right`.
  static func changed(by changes: [(right: String, wrong: String)]) throws -> String {
    try changes.reduce(text) { text, change in
      let parts = text.pieces(around: change.right)
      try #require(parts.count == 2, "\(change.right) stands \(parts.count - 1) times")
      return parts[0] + change.wrong + parts[1]
    }
  }

  /// What the trade finds in a text.
  static func findings(in changed: String) throws -> [Finding] {
    try readSite(Array(changed.utf8), named: "l.yaml") { lint($0, in: $1) }.get()
  }
}
