import Glibc
import Signals
import Sites
import Support
import Testing

@testable import greensplit

@Suite("greensplit cabinet-test at a terminal")
struct CabinetTestTests {
  @Test("asks for work at the cabinet, and sees what the cabinet does then")
  func attended() async throws {
    let junction = try readSite("\(Peers.root)/intersections/J001.yaml").get()
    let cabinet = try CabinetAtHand(of: junction, clock: .real)
    let terminal = try Terminal()
    let program = try Program(
      [
        "cabinet-test", "--profile", "\(Peers.root)/intersections/cabinets/tsc-mb.yaml",
        "--connect", cabinet.address,
      ], input: terminal.path)
    func asked(_ question: String, _ answer: String, _ work: () -> Void = {}) async throws {
      try await eventually(within: 60, question, details: { program.output + program.errors }) {
        program.output.contains(question) ? true : nil
      }
      work()
      terminal.type(answer)
    }
    try await asked("May the cabinet's own plan be activated", "no")
    try await asked("Switch the cabinet to manual.", "done") { cabinet.set(.manual) }
    try await asked("Switch the cabinet back to automatic.", "done") { cabinet.set(.timeOfDay) }
    try await asked("so that its revision becomes another.", "done") { cabinet.setRevision(2) }
    #expect(try await program.end() == 0, "\(program.output)\(program.errors)")
    let lines = program.output.split(separator: "\n")
    for passed in [
      "held by a person, an order is 0x89", "given back, it takes orders again",
      "a changed site revision is 0x8B", "a plan that leaves signal groups red for ever is 0x8D",
    ] {
      #expect(lines.contains { $0.hasPrefix("passed") && $0.contains(passed) }, "\(passed)")
    }
    #expect(lines.contains { $0.hasPrefix("not tried     a restart in the middle of a plan") })
    #expect(!lines.contains { $0.hasPrefix("failed") })
  }
}
