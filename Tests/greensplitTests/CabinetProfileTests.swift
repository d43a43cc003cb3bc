import Glibc
import Support
import Testing

@testable import greensplit

@Suite("greensplit cabinet --profile and cabinet-read")
struct CabinetProfileTests {
  /// A cabinet of J001 that speaks a shipped profile, or the reference map, on a port of the
  /// system's choice.
  private func cabinet(_ profile: String?) async throws -> (program: Program, port: String) {
    let chosen = profile.map { ["--profile", Self.path($0)] } ?? []
    let program = try Program(
      ["cabinet", "--site", "\(Peers.root)/intersections/J001.yaml", "--listen", "127.0.0.1:0"]
        + chosen)
    let port = try await eventually(within: 30, "the port of the cabinet") {
      try program.errors.split(separator: "\n").lazy.map { try LogEntry(String($0)) }
        .first { $0["event"] == "cabinet is listening" }
        .flatMap { $0["address"]?.split(separator: ":").last.map(String.init) }
    }
    return (program, port)
  }

  private static func path(_ profile: String) -> String {
    "\(Peers.root)/intersections/cabinets/\(profile).yaml"
  }

  private func read(
    _ profile: String, _ address: String
  ) async throws -> (status: Int32, output: String, errors: String) {
    try await Program.run(
      "cabinet-read", "--profile", Self.path(profile), "--connect", address)
  }

  @Test("print every point with its meaning: the reference map")
  func reference() async throws {
    let (program, port) = try await cabinet(nil)
    let (status, output, errors) = try await read("tsc-mb", "127.0.0.1:\(port)")
    #expect(status == 0, "\(errors)")
    let lines = output.split(separator: "\n").map {
      $0.split(separator: " ").joined(separator: " ")
    }
    for line in [
      "identity", "16 identity.model Greensplit virtual cabinet", "8 identity.stages 4",
      "11 identity.capabilities fencing, apply at stage boundary, apply now",
      "515 result.code 0 none", "703 live.source 1 time-of-day", "735 live.door 0 shut",
    ] {
      #expect(lines.contains(line), "\(line)\n\(output)")
    }
    #expect(lines.contains { $0.hasPrefix("104 stages.minimum_green") && $0.contains(" s,") })
    // Nothing was written yet.
    #expect(lines.contains("401 plan.format 0"))
    #expect(!output.contains("not what the profile says"))
    withExtendedLifetime(program) {}
  }

  @Test(
    "print every point with its meaning: other makes", arguments: ["plc-table", "slot-at-a-time"])
  func others(profile: String) async throws {
    let (program, port) = try await cabinet(profile)
    let (status, output, errors) = try await read(profile, "127.0.0.1:\(port)")
    #expect(status == 0, "\(errors)")
    #expect(output.contains("1 time-of-day"))
    #expect(output.contains("0 nothing yet"))
    withExtendedLifetime(program) {}
  }

  @Test("say what does not fit a cabinet of another make, and fail")
  func mixed() async throws {
    let (program, port) = try await cabinet("plc-table")
    let (status, output, _) = try await read("tsc-mb", "127.0.0.1:\(port)")
    #expect(status == 1)
    #expect(output.contains("  not read: "))
    withExtendedLifetime(program) {}
  }

  @Test("refuse a profile that is wrong, and a cabinet that is not there")
  func mistakes() async throws {
    let folder = try TemporaryFolder()
    folder.write("version: 1\nprofile: x\n", to: "x.yaml")
    let wrong = try await Program.run(
      "cabinet-read", "--profile", folder.path + "/x.yaml", "--connect", "127.0.0.1:1")
    #expect(wrong.status == 1)
    #expect(wrong.errors.contains("x.yaml:1:1: error: make: is missing"))
    let nobody = try await read("plc-table", "127.0.0.1:1")
    #expect(nobody.status == 1)
    #expect(nobody.output.contains("not read: no connection"))
    let checked = try await Program.run("check", folder.path + "/x.yaml")
    #expect(checked.status == 1)
    #expect(checked.errors.contains("error: golden: is missing"))
  }
}

extension CabinetProfileTests {
  @Test("cabinet-test writes nothing with --read-only, and its JSON tells what its table tells")
  func conformance() async throws {
    let folder = try TemporaryFolder()
    let (program, port) = try await cabinet(nil)
    let (status, output, errors) = try await Program.run(
      "cabinet-test", "--profile", Self.path("tsc-mb"), "--connect", "127.0.0.1:\(port)",
      "--read-only", "--json", folder.path + "/checks.json")
    #expect(status == 0, "\(errors)\(output)")
    #expect(output.contains("passed        identity: signature and version"))
    #expect(output.contains("not tried     orders: reading only"))
    #expect(!output.contains("epoch is now"))
    let json = String(decoding: folder.read("checks.json"), as: UTF8.self)
    let written = json.split(separator: "\n").count { $0.contains("\"outcome\" : \"passed\"") }
    #expect(written == output.split(separator: "\n").count { $0.hasPrefix("passed") })
    let other = try await Program.run(
      "cabinet-test", "--profile", Self.path("plc-table"), "--connect", "127.0.0.1:\(port)")
    #expect(other.status == 1)
    #expect(other.errors.contains("only cabinets of the reference map"))
    withExtendedLifetime(program) {}
  }

  @Test("cabinet-test without a terminal orders, and activates nothing")
  func orders() async throws {
    let (program, port) = try await cabinet(nil)
    let (status, output, errors) = try await Program.run(
      "cabinet-test", "--profile", Self.path("tsc-mb"), "--connect", "127.0.0.1:\(port)")
    #expect(status == 0, "\(errors)\(output)")
    #expect(output.contains("passed        an older epoch is 0x82"))
    #expect(output.contains("not tried     leases: nothing may be activated"))
    #expect(output.contains("passed        a plan that leaves signal groups red for ever is 0x8D"))
    #expect(output.contains("not supported held by a person, an order is 0x89"))
    #expect(output.contains("not supported a changed site revision is 0x8B"))
    #expect(output.contains("not tried     a restart in the middle of a plan"))
    #expect(output.contains("the cabinet's epoch is now 2; a daemon needs a higher one"))
    #expect(!program.errors.contains("to=central"))
  }
}
