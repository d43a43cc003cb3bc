import Counts
import Phrases
import Signals
import Support
import Testing

@testable import greensplit

@Suite("The reader of overrides")
struct OverrideRequestTests {
  private func read(_ text: String) -> Result<OverrideRequest, DeskProblem> {
    do throws(DeskProblem) {
      return .success(try OverrideRequest.read(Array(text.utf8)))
    } catch {
      return .failure(error)
    }
  }

  private static let whole =
    #"{"action":"stage","junctions":["J017"],"stage":"S2","reason":"visit","minutes":5,"#
    + #""dry_run":true,"take_over":false}"#

  @Test("takes what docs/override.md shows, and writes what it takes")
  func whole() throws {
    let request = try read(Self.whole).get()
    #expect(request.action == .stage)
    #expect(request.junctions == ["J017"])
    #expect(request.stage == "S2")
    #expect(request.minutes == 5)
    #expect(request.isDryRun && !request.takesOver)
    #expect(try read(request.json).get() == request)
    let route = try read(
      #"{"action":"route","route":[{"junction":"J017","stage":"A","from":"2026-11-25T00:10:00Z","#
        + #""until":"2026-11-25T00:14:00Z"}],"reason":"勤务"}"#
    ).get()
    #expect(route.route[0].until.seconds(since: route.route[0].from) == 240)
    #expect(try read(route.json).get() == route)
  }

  @Test(
    "refuses what is wrong, and says what",
    arguments: [
      (#"{"action":"stage","junctions":["J"],"stage":"A"}"#, "no JSON object of an override"),
      (#"{"action":"stage","junctions":["J"],"stage":"A","reason":" "}"#, "a reason is needed"),
      (
        #"{"action":"stage","junctions":["J"],"stage":"A","reason":"a\nlevel=error"}"#,
        "a reason is needed"
      ), (#"{"action":"stage","junctions":["J"],"reason":"x"}"#, "stage needs stage"),
      (#"{"action":"stage","stage":"A","reason":"x"}"#, "stage needs junctions"),
      (
        #"{"action":"stage","junctions":["J"],"stage":"A","reason":"x","day_plan":"d"}"#,
        "stage takes no day_plan"
      ), (#"{"action":"stage","reason":"x","stages":"A"}"#, "unknown key 'stages'"),
      (#"{"action":"drive","reason":"x"}"#, "unknown action 'drive'"),
      (#"{"action":"stage","junctions":["J","J"],"stage":"A","reason":"x"}"#, "each junction once"),
      (#"{"action":"stage","junctions":[""],"stage":"A","reason":"x"}"#, "a name is empty"),
      (
        #"{"action":"plan","junctions":["J"],"plan":[{"stage":"A","green":1e9}],"reason":"x"}"#,
        "a plan has 1 to 16 stages"
      ),
      (
        #"{"action":"writes","reason":"x","minutes":5,"until":"2026-11-25T00:10:00Z"}"#,
        "give minutes or until"
      ), (#"{"action":"writes","reason":"x","until":"soon"}"#, "until is a time such as"),
      (
        #"{"action":"route","route":[{"junction":"J","stage":"A","from":"2026-11-25T00:10:00Z","#
          + #""until":"2026-11-25T00:10:00Z"}],"reason":"x"}"#, "until after from"
      ), ("[]", "no JSON object"), ("", "no JSON object"), ("{", "no JSON object"),
    ])
  func wrong(text: String, problem: String) {
    guard case .failure(let found) = read(text) else {
      Issue.record("\(text) was taken")
      return
    }
    #expect(found.status == 400)
    #expect(found.words.text(.english).contains(problem), "\(found.words.text(.english))")
    #expect(!found.words.text(.chinese).isEmpty)
  }

  @Test("never traps, whatever bytes come, and repeats none that could forge a line")
  func random() {
    var random = SeededGenerator(seed: 7)
    let whole = Array(Self.whole.utf8)
    for round in 0..<20_000 {
      var bytes = whole
      if round % 4 == 0 {
        bytes = (0..<Int.random(in: 0..<80, using: &random)).map { _ in
          UInt8.random(in: 0...255, using: &random)
        }
      } else {
        for _ in 0..<Int.random(in: 1...6, using: &random) {
          let place = Int.random(in: 0..<bytes.count, using: &random)
          switch Int.random(in: 0..<3, using: &random) {
          case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
          case 1: bytes.remove(at: place)
          default: bytes.insert(UInt8.random(in: 32...126, using: &random), at: place)
          }
          if bytes.isEmpty { bytes = [123] }
        }
      }
      do throws(DeskProblem) {
        let request = try OverrideRequest.read(bytes)
        #expect(request.reason.isPlain)
      } catch {
        #expect(error.words.text(.english).isPlain)
      }
    }
    for depth in [10, 1000, 60_000] {
      _ = try? OverrideRequest.read(Array(repeating: UInt8(ascii: "["), count: depth))
    }
    _ = try? OverrideRequest.read([UInt8](repeating: 32, count: OverrideRequest.byteLimit + 1))
  }

  @Test("of reasons takes 200 characters of any language, and none that turns the order of reading")
  func reasons() throws {
    func request(_ reason: String) -> Result<OverrideRequest, DeskProblem> {
      read(#"{"action":"writes","reason":\#(jsonText(reason))}"#)
    }
    #expect(try request(String(repeating: "勤", count: 200)).get().reason.count == 200)
    #expect(throws: DeskProblem.self) { try request(String(repeating: "勤", count: 201)).get() }
    #expect(throws: DeskProblem.self) { try request("a\u{202E}b").get() }
    #expect(throws: DeskProblem.self) { try request("a\u{1B}[31m").get() }
    #expect(try request("<script>alert(1)</script>").get().reason.hasPrefix("<script>"))
  }
}
