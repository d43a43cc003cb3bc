import FoundationEssentials
import Glibc
import Support
import Testing

@testable import greensplit

extension EndToEnd {
  /// What programs read: `docs/json.md` has the keys and their types, and a key that goes, comes or changes
  /// its type fails here until the page says so.
  @Suite("JSON that commands print or write")
  struct JSONShapeTests {
    let street: Street

    init() throws { street = try Street() }

    /// The lines of each command's section of the page.
    private func documented() throws -> [String: [String]] {
      var sections: [String: [String]] = [:]
      for section in try Street.shipped("docs/json.md").components(separatedBy: "\n## `")
        .dropFirst()
      {
        let name = section.components(separatedBy: "`")[0]
        let block = section.components(separatedBy: "```text\n").dropFirst().first ?? ""
        sections[name] = block.components(separatedBy: "\n```")[0].split(separator: "\n")
          .map(String.init)
      }
      return sections
    }

    /// Compares `json` with the page: nothing that is not there, and nothing missing that is always there.
    private func expect(_ command: String, tells json: [UInt8], format: String?) throws {
      let shape = try JSONDecoder().decode(Shape.self, from: Data(json)).lines
      let page = try documented()
      let lines = try #require(page[command], "docs/json.md has no \(command)")
      // "key: number or null" stands for either.
      let known = lines.map { line -> [String] in
        let parts = line.replacing(" (may be missing)", with: "").components(separatedBy: ": ")
        return parts[1].components(separatedBy: " or ").map { "\(parts[0]): \($0)" }
      }
      let unknown = shape.filter { !known.joined().contains($0) }
      #expect(unknown == [], "\(command)\n\(shape.joined(separator: "\n"))")
      let gone = zip(lines, known).filter { line, known in
        !line.hasSuffix("(may be missing)") && !known.contains(where: shape.contains)
      }.map(\.0)
      #expect(gone == [], "\(command)\n\(shape.joined(separator: "\n"))")
      guard let format else { return }
      let text = String(decoding: json, as: UTF8.self)
      #expect(text.contains("\"\(format)\""), "\(command): \(text.prefix(200))")
    }

    private func run(_ line: [String], status: Int32 = 0) async throws -> [UInt8] {
      let done = try await Program.run(line)
      #expect(done.status == status, "\(line): \(done.errors)\(done.output.suffix(300))")
      return Array(done.output.utf8)
    }

    @Test("of the running daemon, and of its history afterwards")
    func daemon() async throws {
      let (cabinet, addresses) = try await street.traffic()
      let daemon = try await street.daemon(
        street.arguments(addresses[0]) + ["--http", "127.0.0.1:0"])
      let address = try #require(try await daemon.hears("listening for counts").0["address"])
      _ = try await street.takesControl(cabinet)
      let socket = ["--control", street.path("control.sock")]
      let override = [
        "override", "stage", "A", "--junction", "J001", "--reason", "visit", "--json",
      ]
      try expect(
        "override", tells: try await run(override + ["--yes"] + socket), format: nil)
      try expect(
        "status", tells: try await run(["status", "--http", address, "--json"]),
        format: StatusReport.format)
      try expect(
        "cabinets", tells: try await run(["cabinets", "--http", address, "--json"]),
        format: LinkReport.format)
      try expect(
        "override list", tells: try await run(["override", "list", "--json"] + socket),
        format: OverrideList.format)
      try expect(
        "explain", tells: try await run(["explain", "J001", "--json"] + socket),
        format: ExplanationReport.format)
      daemon.signal(SIGTERM)
      #expect(try await daemon.end(within: 10) == 0)
      let history = street.path("history.db")
      try expect(
        "history check", tells: try await run(["history", "check", history, "--json"]),
        format: "greensplit-history-1")
      _ = try await run(["replay", history, "--json", street.path("replay.json")])
      try expect(
        "replay", tells: street.folder.read("replay.json"), format: "greensplit-replay-1")
    }

    @Test("of a recorded day and of days beside each other")
    func days() async throws {
      // Roads between its junctions give time-space diagrams.
      let history = street.path("history.db")
      _ = try await run([
        "simulate", "\(Peers.root)/simulations/arterial.yaml", "--pace", "cycle", "--alone",
        "--history", history,
      ])
      let report = ["report", "--history", history, "--out", street.path("page.html")]
      _ = try await run(report + ["--day", "1970-01-02", "--json", street.path("day.json")])
      try expect(
        "report --day", tells: street.folder.read("day.json"), format: "greensplit-day-1")
      _ = try await run(
        report + [
          "--days", "1970-01-02..1970-01-09", "--adaptive", "1970-01-02", "--fixed", "1970-01-09",
          "--json", street.path("days.json"),
        ])
      try expect(
        "report --days", tells: street.folder.read("days.json"), format: "greensplit-comparison-1")
    }

    @Test("A page names every command that has JSON, and every command that it names has some")
    func complete() throws {
      let lists = CommandTable.commands.map { $0.options }
      let withJSON = lists.filter { list in list.options.contains { $0.name == "--json" } }
        .map(\.command)
      let sections = try documented().keys
      for command in withJSON {
        #expect(
          sections.contains { $0 == command || $0.hasPrefix("\(command) ") }, "\(command)")
      }
      // `check` says it as --format json.
      for section in sections where section != "check" {
        #expect(withJSON.contains { section == $0 || section.hasPrefix("\($0) ") }, "\(section)")
      }
    }

    @Test(
      "of a checked file, a simulation, a cabinet with traffic and one that was held to the map")
    func others() async throws {
      let (cabinet, addresses) = try await street.traffic(
        ["J001"], ["--json", street.path("score.json")], seconds: 240)
      street.folder.write("version: 1\nno: 1\n", to: "wrong.yaml")
      try expect(
        "check",
        tells: try await run(
          ["check", street.path("wrong.yaml"), "--format", "json"], status: 1),
        format: "greensplit-check-1")
      _ = try await run([
        "simulate", street.path("scenario"), "--pace", "stage", "--json",
        street.path("simulate.json"),
      ])
      try expect(
        "simulate", tells: street.folder.read("simulate.json"), format: "greensplit-simulate-1")
      _ = try await run([
        "cabinet-test", "--profile", "\(Peers.root)/intersections/cabinets/tsc-mb.yaml",
        "--connect",
        addresses[0], "--read-only", "--json", street.path("checks.json"),
      ])
      try expect(
        "cabinet-test", tells: street.folder.read("checks.json"), format: "greensplit-conformance-1"
      )
      #expect(try await cabinet.end() == 0)
      try expect("cabinet", tells: street.folder.read("score.json"), format: nil)
    }
  }
}

/// The keys of a JSON value and what they hold, "detectors[].id: string".
private struct Shape: Decodable {
  var lines: [String] { Set(paths).sorted() }
  private var paths: [String] = []

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    if let object = try? decoder.container(keyedBy: Key.self) {
      guard Set(object.allKeys.map(\.stringValue)) != Figure.keys else {
        _ = try Figure(from: decoder)
        paths = [": figure"]
        return
      }
      for key in object.allKeys {
        let inner = try object.decode(Shape.self, forKey: key)
        paths += inner.paths.map { path in
          let joint = path.first == "[" || path.first == ":" ? "" : "."
          return key.stringValue + joint + path
        }
      }
      return
    }
    if var list = try? decoder.unkeyedContainer() {
      while !list.isAtEnd {
        let path = try list.decode(Shape.self).paths
        paths += path.map { "[]" + ($0.first == "[" || $0.first == ":" ? "" : ".") + $0 }
      }
      return
    }
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      paths = [": null"]
    } else if (try? value.decode(Bool.self)) != nil {
      paths = [": boolean"]
    } else if (try? value.decode(Double.self)) != nil {
      paths = [": number"]
    } else {
      paths = [": string"]
    }
  }
}

/// A measure of a day as the page says it.
private struct Figure: Decodable {
  static let keys: Set = ["day", "hours", "missing"]

  let day: Double?
  let hours: [Double?]
  let missing: String?

  init(from decoder: any Decoder) throws {
    let object = try decoder.container(keyedBy: CodingKeys.self)
    day = try object.decode(Double?.self, forKey: .day)
    hours = try object.decode([Double?].self, forKey: .hours)
    missing = try object.decode(String?.self, forKey: .missing)
    #expect(hours.count == 24)
  }

  private enum CodingKeys: CodingKey {
    case day
    case hours
    case missing
  }
}
