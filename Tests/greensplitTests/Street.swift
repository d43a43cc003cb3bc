import Glibc
import History
import Signals
import Sites
import Support
import Testing

@testable import greensplit

/// Files and programs of one test: sites, cabinets and a daemon on ports of the system's choice, in
/// time that runs faster than in the street.
final class Street {
  /// Simulated seconds in a second: a lease of a minute lapses in two, and a program in a debug
  /// build still keeps up.
  static let speed = 30.0

  let folder: TemporaryFolder
  /// Begins at 07:00 on the clocks of the shipped sites.
  let clock: DaemonClock
  private var programs: [Program] = []

  /// A street at Tuesday 07:00 in China, its clock `speed` times as fast.
  init(speed: Double = Street.speed) throws {
    folder = try TemporaryFolder()
    clock = DaemonClock(speed: speed, originReal: DaemonClock.realUTC, originUTC: 1_795_474_800)
  }

  /// A file of this street.
  func path(_ name: String) -> String { folder.path + "/" + name }

  /// The text of a shipped site file, on its own and with its lease cut to a minute.
  static func site(_ id: String) throws -> String {
    try shipped("intersections/\(id).yaml")
      .replacing(/lease: [0-9]+ s/, with: "lease: 60 s")
      .replacing(/\n    upstream:(\n      - .*)+/, with: "")
  }

  /// The text of a file of the package.
  static func shipped(_ path: String) throws -> String {
    let file = try #require(fopen("\(Peers.root)/\(path)", "r"), "\(path)")
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  /// Replaces a file, all at once as an editor does.
  func replace(_ name: String, by text: String) {
    folder.write(text, to: name + ".new")
    rename(path(name + ".new"), path(name))
  }

  /// Virtual cabinets of `junctions` with traffic for `seconds`, whose counts come to the file
  /// `counts`; their site files are made if they are not there. Goes with the street.
  ///
  /// - Returns: The program, and where each cabinet listens.
  func traffic(
    _ junctions: [String] = ["J001"], _ arguments: [String] = [],
    listen: [String] = ["--listen", "127.0.0.1:0"], seconds: Int = 3600,
    within wrapper: [String] = []
  ) async throws -> (program: Program, addresses: [String]) {
    for junction in junctions where folder.read("\(junction).yaml").isEmpty {
      folder.write(try Self.site(junction), to: "\(junction).yaml")
    }
    folder.write("", to: "counts")
    folder.write(try Self.scenario(junctions, seconds), to: "scenario")
    let program = try Program(
      [
        "cabinet", "--clock", clock.description, "--scenario", path("scenario"), "--counts",
        path("counts"),
      ] + listen + arguments, within: wrapper)
    programs.append(program)
    var addresses: [String] = []
    for junction in junctions {
      let (entry, _) = try await program.hears("cabinet is listening", ["junction": junction])
      addresses.append(try #require(entry["address"]))
    }
    return (program, addresses)
  }

  /// A scenario with an even flow to every approach.
  private static func scenario(_ junctions: [String], _ seconds: Int) throws -> String {
    let demand = try junctions.map { junction in
      let groups = try readSite("\(Peers.root)/intersections/\(junction).yaml").get().laneGroups
      let rows = groups.map { "    \($0.name): [{at: 07:00, flow: 250 veh/h}]\n" }
      return "  \(junction):\n\(rows.joined())"
    }
    return "name: test\nbegin: 07:00\nlength: \(seconds) s\nsites:\n"
      + junctions.map { "  - \($0).yaml\n" }.joined() + "demand:\n\(demand.joined())"
  }

  /// Any run of the program. Goes with the street.
  func program(_ arguments: [String]) throws -> Program {
    let program = try Program(arguments)
    programs.append(program)
    return program
  }

  /// A daemon that has begun. Goes with the street.
  func daemon(
    _ arguments: [String], environment: [(name: String, value: String)] = []
  ) async throws -> Program {
    let program = try Program(
      ["run", "--clock", clock.description] + arguments, environment: environment)
    programs.append(program)
    try await program.hears("controlling")
    return program
  }

  /// Likewise at J001, whose cabinet is at `address`, with the counts of `traffic` and a history.
  func daemon(at address: String) async throws -> Program { try await daemon(arguments(address)) }

  /// The arguments for that.
  func arguments(_ address: String, history: String = "history.db") -> [String] {
    [
      "--sites", path("J001.yaml"), "--cabinets", "J001=\(address)", "--follow", path("counts"),
      "--history", path(history),
    ]
  }

  /// What the history has of J001.
  var story: (reader: HistoryReader, always: HistorySpan) { get throws { try story() } }

  /// What a history has of a junction.
  func story(
    of junction: String = "J001", in history: String = "history.db"
  ) throws -> (reader: HistoryReader, always: HistorySpan) {
    let always = HistorySpan(
      of: junction, from: UTC(milliseconds: 0), until: UTC(milliseconds: .max))
    return (try HistoryReader(path: path(history)), always)
  }

  /// Waits until the cabinet says that the daemon has control, in its log from entry `first` on.
  ///
  /// - Returns: Where it says so.
  func takesControl(
    _ cabinet: Program, of junction: String = "J001", from first: Int = 0
  ) async throws -> Int {
    try await explained {
      try await cabinet.hears(
        "control source changed", ["junction": junction, "to": "central"], from: first
      ).position
    }
  }

  /// Likewise, that it went back to its own plan since the lease was over.
  func goesHome(
    _ cabinet: Program, of junction: String = "J001", from first: Int = 0
  ) async throws -> Int {
    try await explained {
      try await cabinet.hears(
        "lease over, the cabinet runs its own plan",
        ["junction": junction, "from": "central", "to": "timeOfDay"], from: first
      ).position
    }
  }

  /// What fails comes with all logs.
  private func explained(_ work: () async throws -> Int) async throws -> Int {
    do { return try await work() } catch {
      let accounts = programs.map(\.account).joined(separator: "\n")
      throw NeverCame(description: "\(error)\nall programs:\n\(accounts)")
    }
  }
}
