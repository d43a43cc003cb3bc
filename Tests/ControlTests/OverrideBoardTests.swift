import Control
import Signals
import Support
import Testing

@Suite("Who overrides what")
struct OverrideBoardTests {
  private func held(
    _ id: String, _ junction: String, _ begin: Double, _ end: Double, by who: String = "wang"
  ) -> OverrideBoard.Held {
    OverrideBoard.Held(
      junction: junction,
      override: Override(
        id: id, action: .stage(0), who: who, reason: "visit", begins: Sample.moment(begin),
        ends: Sample.moment(end)))
  }

  @Test(
    "The first keeps the junction; the second is told of the first, and takes over if it says so")
  func two() throws {
    var board = OverrideBoard()
    let first = held("1-1", "J001", 0, 100)
    let second = held("1-2", "J001", 50, 150, by: "li")
    #expect(try board.place([first], takingOver: false, at: Sample.moment(0).monotonic) == [])
    #expect(throws: OverrideBoard.Refusal.held([first])) {
      try board.place([second], takingOver: false, at: Sample.moment(50).monotonic)
    }
    #expect(board.held == [first])
    #expect(
      try board.place([second], takingOver: true, at: Sample.moment(50).monotonic) == [first])
    #expect(board.held == [second])
  }

  @Test("A route is placed whole or not at all")
  func whole() throws {
    var board = OverrideBoard()
    let one = held("1-1", "J002", 0, 100)
    _ = try board.place([one], takingOver: false, at: Sample.moment(0).monotonic)
    let route = ["J001", "J002", "J003"].map { held("1-2", $0, 90, 120) }
    #expect(throws: OverrideBoard.Refusal.held([one])) {
      try board.place(route, takingOver: false, at: Sample.moment(1).monotonic)
    }
    #expect(board.held == [one])
    #expect(board.expire(at: Sample.moment(100).monotonic) == [one])
    #expect(try board.place(route, takingOver: false, at: Sample.moment(100).monotonic) == [])
    #expect(board.release("1-2") == route)
    #expect(board.held.isEmpty)
  }

  @Test("Whatever operators do, no junction has two at once, and none outlives its end")
  func random() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<50 {
      var board = OverrideBoard()
      for second in 0..<200 {
        let now = Sample.moment(Double(second)).monotonic
        switch Int.random(in: 0..<6, using: &random) {
        case 0...2:
          let begin = Double(second + Int.random(in: 0...20, using: &random))
          let new = (0..<Int.random(in: 1...3, using: &random)).map {
            held(
              "1-\(second)", "J\($0)", begin,
              begin + Double(Int.random(in: 1...40, using: &random)))
          }
          _ = try? board.place(
            new, takingOver: Bool.random(using: &random), at: now)
        case 3: _ = board.release("1-\(Int.random(in: 0...200, using: &random))")
        case 4: _ = board.release(junctions: ["J1"])
        default: break
        }
        _ = board.expire(at: now)
        #expect(board.held.allSatisfy { $0.override.ends.monotonic > now })
        for junction in 0..<3 {
          let own = board.overrides(of: "J\(junction)")
          for (one, next) in zip(own, own.dropFirst()) { #expect(!one.overlaps(next)) }
        }
      }
    }
  }

  @Test("The board has a limit")
  func full() throws {
    var board = OverrideBoard()
    let many = (0..<OverrideBoard.limit).map { held("1-1", "J\($0)", 0, 10) }
    _ = try board.place(many, takingOver: false, at: Sample.moment(0).monotonic)
    #expect(throws: OverrideBoard.Refusal.full(limit: OverrideBoard.limit)) {
      try board.place([held("1-2", "K", 0, 10)], takingOver: false, at: Sample.moment(1).monotonic)
    }
  }
}
