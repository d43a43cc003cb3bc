import Glibc
import Sites

/// The files of a daemon that is measured: junctions of twelve lanes, each with a camera, four stages, and
/// a cabinet in the crowd.
struct BenchTown {
  /// Number of junctions.
  let junctions: Int
  /// Folder of the site files.
  let sites: String
  /// Where everything else is, and what the daemon keeps.
  let home: String

  /// The bearer token that senders show.
  static let token = "9c1f0e6d2b7a4583"

  var configuration: String { home + "/greensplit.yaml" }
  var tokenFile: String { home + "/token" }
  var history: String { home + "/history.db" }
  /// The junction that the crowd's cabinets stand at.
  var model: String { home + "/model.yaml" }

  /// Cabinets of the crowd, among which there are as many healthy ones.
  var cabinets: Int { Self.cabinet(of: junctions - 1) + 1 }

  /// Number in the crowd of the cabinet of junction `number`: of each hundred the last 94, which are healthy.
  private static func cabinet(of number: Int) -> Int { number / 94 * 100 + 6 + number % 94 }

  /// Writes what the crowd needs before it can tell its port.
  func begin() throws {
    try OutputFile(model).write(Array(site(0, cabinet: "").utf8))
    try OutputFile(tokenFile).write(Array((Self.token + "\n").utf8))
    chmod(tokenFile, 0o600)
    // All senders have one address, and one gateway may well send for a whole town.
    let text = """
      version: 1
      sites: ["\(sites)"]
      history: "\(history)"
      http:
        listen: "127.0.0.1:8017"
        token_file: "\(tokenFile)"
        requests_per_second: 100000

      """
    try OutputFile(configuration).write(Array(text.utf8))
  }

  /// Writes a site file for each junction, whose cabinets listen at `port`.
  func settle(port: UInt16) throws {
    for number in 0..<junctions {
      let place = CabinetPlace(of: Self.cabinet(of: number))
      let cabinet =
        "cabinet: {connect: \"\(place.host):\(port)\", unit: \(place.unit)}\n"
      try OutputFile("\(sites)/J\(number).yaml")
        .write(Array(site(number, cabinet: cabinet).utf8))
    }
  }

  private func site(_ number: Int, cabinet: String) -> String {
    var lanes = ""
    var cameras = ""
    for lane in 0..<FeedBench.lanes {
      let (arm, turn) = (["N", "S", "E", "W"][lane / 3], lane % 3)
      let name = arm + ["T", "L", "R"][turn]
      // Right turns go with those straight ahead.
      let signal = (turn == 1 ? ["NS.L", "EW.L"] : ["NS.T", "EW.T"])[lane / 6]
      lanes +=
        "  - {name: \(name), approach: \(arm), lanes: 1, length: 120 m, "
        + "saturation_flow: 1650 pcu/h, movements: [{turn: \(["through", "left", "right"][turn]), "
        + "signal: \(signal)}]}\n"
      cameras += "  - {id: J\(number).N.\(lane), lane_group: \(name), view: 80 m}\n"
    }
    return Self.head(number) + "lane_groups:\n\(lanes)" + Self.rules
      + "detectors:\n\(cameras)" + Self.plans + cabinet
  }

  private static func head(_ number: Int) -> String {
    """
    version: 1
    id: J\(number)
    name: junction \(number)
    time_zone: "+08:00"
    approaches:
      - {name: N, heading: 180 deg, speed: 50 km/h}
      - {name: E, heading: 270 deg, speed: 50 km/h}
      - {name: S, heading: 0 deg, speed: 50 km/h}
      - {name: W, heading: 90 deg, speed: 50 km/h}
    signal_groups: [{name: NS.T}, {name: NS.L}, {name: EW.T}, {name: EW.L}]
    conflicts: {NS.T: [NS.L, EW.T, EW.L], NS.L: [EW.T, EW.L], EW.T: [EW.L]}

    """
  }

  private static let rules = """
    stages:
      - {name: A, green: [NS.T], min_green: 15 s, max_green: 60 s, yellow: 3 s, all_red: 2 s}
      - {name: B, green: [NS.L], min_green: 8 s, max_green: 40 s, yellow: 3 s, all_red: 2 s}
      - {name: C, green: [EW.T], min_green: 15 s, max_green: 60 s, yellow: 3 s, all_red: 2 s}
      - {name: D, green: [EW.L], min_green: 8 s, max_green: 40 s, yellow: 3 s, all_red: 2 s}
    limits: {min_cycle: 66 s, max_cycle: 180 s, longest_red: 160 s, notice: 3 s}

    """

  private static let plans = """
    plans:
      - name: day
        cycle: 110 s
        greens:
          - {stage: A, green: 30 s}
          - {stage: B, green: 15 s}
          - {stage: C, green: 30 s}
          - {stage: D, green: 15 s}
    schedule: [{from: "00:00", plan: day}]
    control: {pace: stage, sequence: fixed, lease: 180 s}

    """
}
