import Phrases
import Profiles
import Signals
import Support
import Testing

@testable import Sites

@Suite("A junction whose cabinet is of another make")
struct MakeTests {
  private static func path(_ make: String) -> String { "\(shippedDirectory)/cabinets/\(make).yaml" }

  /// What reading the small junction with this make, pace and lease says; more is replaced in pairs.
  private func read(
    _ make: String, pace: String, lease: String = "120 s", cabinet: String = "",
    _ changes: [(String, String)] = []
  ) -> Result<SiteFile, SiteErrors> {
    let replaced = [("pace: stage", "pace: \(pace)"), ("lease: 60 s", "lease: \(lease)")] + changes
    let text = replaced.reduce(Mini.text) { text, pair in
      text.pieces(around: pair.0).joined(separator: pair.1)
    }
    let way = cabinet.isEmpty ? "connect: \"127.0.0.1:1502\"" : cabinet
    let whole = text + "cabinet: {\(way), profile: \(Self.path(make))}\n"
    return YAMLFile.read(Array(whole.utf8), named: "m.yaml") { site($0, path: "m.yaml") }
  }

  private func errors(_ result: Result<SiteFile, SiteErrors>) -> String {
    if case .failure(let errors) = result { errors.description } else { "valid" }
  }

  @Test("Is read with its profile, whose unit is its own, and with what it lacks")
  func valid() throws {
    let file = try read("plc-table", pace: "cycle").get()
    #expect(file.profile?.name == "plc-table")
    #expect(file.intersection.cabinet?.unit == 1)
    #expect(file.intersection.cabinet?.profile == Self.path("plc-table"))
    #expect(file.lacks.count == 2)
    #expect(file.makePlace?.mark.line == 47 && file.makePlace?.key == "cabinet.profile")
    #expect(file.lacks[1].text(.english).hasPrefix("no fencing"))
    let reference = try read("tsc-mb", pace: "second").get()
    #expect(reference.profile == nil, "the daemon speaks it without a profile")
    #expect(reference.lacks == [] && reference.makePlace == nil)
    #expect(try read("slot-at-a-time", pace: "stage").get().lacks.count == 2)
  }

  @Test("Is refused where the make cannot do what is wanted, or not safely")
  func refused() {
    #expect(
      errors(read("plc-table", pace: "second", [])).contains(
        "pace second needs to know how long the stage has run"))
    #expect(
      errors(read("slot-at-a-time", pace: "second")).hasSuffix(
        "no profile tells; write pace: stage"))
    #expect(
      errors(read("plc-table", pace: "stage")).contains(
        "takes them over at cycle; write pace: cycle"))
    #expect(
      errors(read("plc-table", pace: "cycle", [("min_green: 10 s", "min_green: 10.5 s")]))
        .contains("counts greens in steps of 1 s, and stage \"A\" has 10.5 s among its green times")
    )
    #expect(
      errors(read("plc-table", pace: "stage", lease: "30 s")).contains(
        "returns to its own plan only after 60 s, and control.lease is 30 s; write lease: 60 s"))
  }

  @Test("Is refused with a profile that is not there or not right")
  func profile() throws {
    let missing = errors(read("nowhere", pace: "cycle"))
    #expect(missing.contains("error: cabinet.profile: cannot be used: "))
    let scratch = try Scratch()
    try scratch.write("b.yaml", "version: 1\nprofile: x\n")
    try scratch.write(
      "a.yaml", Mini.text + "cabinet: {connect: \"127.0.0.1:1502\", profile: b.yaml}\n")
    let said = scratch.errors().first { $0.hasPrefix("a.yaml") }
    #expect(said?.contains("cabinet.profile: cannot be used: b.yaml:1:1: error: ") == true)
    #expect(said?.contains(" more; see greensplit check b.yaml") == true)
  }

  @Test("Has its own part of a line's time")
  func line() throws {
    let file = try read(
      "slot-at-a-time", pace: "stage", cabinet: "serial: /dev/ttyS1, unit: 1, turnaround: 0.5 s"
    ).get()
    // Five registers of status each second: 8 + 15 characters, a turnaround of 0.5 s. A plan of two
    // stages every 15 s or so: a header, twice (slot, strobe, look, strobe), strobe, look, strobe,
    // each with a turnaround.
    let said = roomOnLines([file]).map(\.description)
    #expect(said.count == 1)
    #expect(said.first?.contains("1 cabinet on /dev/ttyS1 would need ") == true)
    let quick = try read(
      "slot-at-a-time", pace: "stage", cabinet: "serial: /dev/ttyS1, unit: 1, turnaround: 0.02 s"
    ).get()
    #expect(roomOnLines([quick]).isEmpty)
  }
}
