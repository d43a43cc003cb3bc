import Phrases
import Support
import Testing
import Sites

/// A small junction that is right, for tests that break it in one place: two stages, each with a
/// road and a crossing.
enum Mini {
  static let text = """
    version: 1
    id: M1
    name: Mini
    time_zone: "+08:00"
    approaches:
      - {name: N, heading: 180 deg, speed: 50 km/h}
      - {name: W, heading: 90 deg, speed: 50 km/h}
    signal_groups:
      - {name: N.T}
      - {name: W.T}
      - {name: W.L, gives_way_to: [P]}
      - {name: P, kind: pedestrian}
    conflicts:
      N.T: [W.T, W.L, P]
      W.L: [P]
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
      - {name: A, green: [N.T], min_green: 10 s, max_green: 60 s, yellow: 3 s, all_red: 2 s}
      - {name: B, green: [W.T, P], permissive: [W.L],
         min_green: 17 s, max_green: 50 s, yellow: 3 s, all_red: 2 s}
    limits: {min_cycle: 40 s, max_cycle: 120 s, longest_red: 100 s}
    detectors:
      - {id: M1.N, lane_group: N.T, view: 80 m}
      - {id: M1.W, lane_group: W}
    plans:
      - name: day
        cycle: 70 s
        greens:
          - {stage: A, green: 40 s}
          - {stage: B, green: 20 s}
    schedule:
      - {from: "06:30", plan: day}
    control: {pace: stage, sequence: fixed, lease: 60 s}

    """

  /// What reading the junction says once `wrong` stands in the place of `right`: its errors, one a
  /// line, or "valid". `nil` if `right` does not stand there exactly once.
  static func said(_ right: String = "", _ wrong: String = "") -> String? {
    let parts = right.isEmpty ? [text, ""] : text.pieces(around: right)
    guard parts.count == 2 else { return nil }
    let bytes = Array((parts[0] + wrong + parts[1]).utf8)
    switch readSite(bytes, named: "m.yaml") {
    case .success: return "valid"
    case .failure(let errors):
      for error in errors.errors { #expect(flaw(of: error.problem) == nil) }
      return errors.description
    }
  }
}
