import Phrases
import Signals
import Support
import Testing

@testable import Sites

@Suite("Hour profiles as spreadsheets write them")
struct FlowFileTests {
  let junction = Sample.fourArm()

  private func lines(_ flow: (Int, Int) -> String) -> [String] {
    ["hour,lane_group,flow"]
      + (0..<24).flatMap { hour in
        junction.laneGroups.indices.map {
          "\(hour),\(junction.laneGroups[$0].name),\(flow(hour, $0))"
        }
      }
  }

  private func read(_ text: String) -> Result<[[Double]], SiteErrors> {
    readFlows(Array(text.utf8), named: "flows.csv", at: junction)
  }

  @Test("A value stands in its hour and lane group, in whatever order the lines come")
  func values() throws {
    let plain = lines { "\($0 * 10 + $1).5" }
    let flows = try read(plain.joined(separator: "\n")).get()
    #expect(flows[7][3] == 73.5)
    #expect(flows.count == 24)
    let shuffled = [plain[0]] + plain.dropFirst().reversed()
    // A byte order mark, carriage returns, quotes and a blank line at the end.
    let windows = "\u{FEFF}" + shuffled.joined(separator: "\r\n") + "\r\n\r\n"
    #expect(try read(windows).get() == flows)
    let quoted = plain.map { $0.replacing("N.T", with: "\"N.T\"") }
    #expect(try read(quoted.joined(separator: "\n")).get() == flows)
  }

  @Test("Columns count characters, names in Chinese included")
  func columns() throws {
    var rows = lines { _, _ in "1" }
    rows[1] = "0,北进口直行,12"
    rows[2] = "0,\"北,口\",x"
    let failure = #expect(throws: SiteErrors.self) {
      try read(rows.joined(separator: "\n")).get()
    }
    let errors = failure?.errors ?? []
    #expect(
      errors.map { "\($0.line):\($0.column) \($0.key)" } == [
        "2:3 lane_group", "3:3 lane_group", "3:9 flow",
      ])
    #expect(errors.first?.problem.text(.english).contains("北进口直行") == true)
  }

  @Test("The first line must be the header; other encodings are told")
  func header() {
    let rows = lines { _, _ in "1" }
    let bare = read(rows.dropFirst().joined(separator: "\n"))
    guard case .failure(let errors) = bare else {
      Issue.record("read without a header")
      return
    }
    #expect(errors.errors[0].key == "header" && errors.errors[0].mark == .start)
    let latin = readFlows([0xC3, 0x28], named: "flows.csv", at: junction)
    guard case .failure(let other) = latin else {
      Issue.record("read what is not UTF-8")
      return
    }
    #expect(other.description == "flows.csv:1:1: error: file: is not UTF-8; save it as CSV UTF-8")
  }

  @Test(
    "Whatever a slip makes of a file, it is read or refused with a place in it", arguments: 0..<300)
  func slips(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    var bytes = Array(lines { _, _ in "120" }.joined(separator: "\n").utf8)
    for _ in 0...(seed % 4) {
      let place = Int.random(in: bytes.indices, using: &random)
      let byte = Array("\",\n\r07.x-é".utf8).randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<3, using: &random) {
      case 0: bytes[place] = byte
      case 1: bytes.insert(byte, at: place)
      default: bytes.remove(at: place)
      }
    }
    guard case .failure(let errors) = readFlows(bytes, named: "flows.csv", at: junction) else {
      return
    }
    let count = bytes.count { $0 == 0x0A } + 1
    #expect(errors.errors.allSatisfy { (1...count).contains($0.line) && $0.column >= 1 })
    for error in errors.errors { #expect(flaw(of: error.problem) == nil) }
  }
}
