import FoundationEssentials
import Glibc
import Signals
import Support
import Testing

@testable import History
@testable import Replay

@Suite("A recorded run is decided again, byte for byte")
struct IdentityTests {
  let recording = Recording()

  @Test(
    "at every pace, with dead cameras, a lost link, busy cabinets and a restart in the middle",
    arguments: Pace.allCases)
  func troubled(pace: Pace) throws {
    try recording.run(pace, Recording.Trouble(restart: 700))
    let result = try recording.replay()
    #expect(result.isIdentical, "\(String(describing: result.firstDifference))")
    #expect(result.gaps == [])
    #expect(!result.isChanged && result.estimate == nil)
    #expect(result.junctions.map(\.junction) == ["J001", "J002"])
    #expect(result.junctions.map(\.sessions) == [2, 2])
    #expect(result.junctions.map(\.ticks) == [1200, 1200])
    let recorded = try recording.number("SELECT count(*) FROM decisions")
    #expect(result.decisions == Int(recorded))
    #expect(recorded > 40)
    // The troubles were there, or the test says nothing.
    #expect(try recording.number("SELECT count(DISTINCT level) FROM decisions") == 4)
    #expect(try recording.number("SELECT count(DISTINCT epoch) FROM decisions") == 2)
    #expect(try recording.number("SELECT count(*) FROM faults WHERE what = 'link lost'") > 0)
    #expect(try recording.number("SELECT count(*) FROM receipts WHERE outcome = 'exception'") > 0)
  }

  @Test("with what persons wanted meanwhile", arguments: Pace.allCases)
  func overridden(pace: Pace) throws {
    try recording.run(pace, Recording.Trouble(restart: 700, isOverridden: true))
    let result = try recording.replay()
    #expect(result.isIdentical, "\(String(describing: result.firstDifference))")
    #expect(result.gaps == [])
    let named = "body LIKE '%Override 1-%by 王 (勤务)%'"
    #expect(try recording.number("SELECT count(*) FROM decisions WHERE \(named)") > 8)
  }

  @Test("the same for any number of workers, and the second time")
  func sameBytes() throws {
    try recording.run(.stage, seconds: 400, Recording.Trouble(restart: 200))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let results = try [1, 2, 2, 5].map { workers in
      try encoder.encode(try recording.replay { $0.workers = workers })
    }
    #expect(Set(results).count == 1)
  }

  @Test("and the file stays as it is, to the byte")
  func readOnly() throws {
    try recording.run(.cycle, seconds: 200)
    let before = file()
    #expect(before.count > 10_000)
    _ = try recording.replay()
    #expect(file() == before)
  }

  private func file() -> [UInt8] {
    guard let file = fopen(recording.path, "r") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 24)
    return Array(bytes[..<fread(&bytes, 1, bytes.count, file)])
  }

  @Test("while the daemon goes on writing")
  func live() throws {
    try recording.run(.stage, seconds: 300)
    let writer = try HistoryWriter(path: recording.path) { _ in }
    let next = try writer.nextEpoch()
    #expect(next == 2)
    writer.append(
      .decision(
        RecordedDecision(
          intersection: "J001",
          at: Moment(monotonic: Instant(milliseconds: 1), utc: Recording.utc(301)), epoch: next,
          tick: 1, level: .local, body: "not of a session")))
    #expect(try recording.replay().isIdentical)
    withExtendedLifetime(writer) {}
  }

  @Test("of a day, whose UTC is set back by an hour and on again")
  func clockSteps() throws {
    // The wall clock of a simulated run does not step: move what was recorded of its middle instead.
    try recording.run(.second, seconds: 300)
    let all = try recording.replay()
    #expect(all.isIdentical && all.decisions > 20)
    try recording.sql("UPDATE counts SET received_utc = received_utc + 2500 WHERE tick % 2 = 0")
    // In which order records came is told by their rows, not by the clock.
    #expect(try recording.replay() == all)
  }
}
