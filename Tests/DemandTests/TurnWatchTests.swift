import Signals
import Support
import Testing

@testable import Demand

@Suite("First vehicles of a shared lane, told apart by who may go")
struct TurnWatchTests {
  private typealias Draws = TurnWatch.Draws

  /// A second of a lane: who may go, vehicles that cross, and how many stand at its end.
  private typealias Second = (open: TurnWatch.Open, crossed: Double, standing: Double)

  /// What `seconds` tell, one record each.
  private func watch(_ seconds: [Second], skipping lost: Set<Int> = []) -> [Double] {
    var watch = TurnWatch()
    var sum = Draws()
    var since = UTC(milliseconds: 0)
    for (second, what) in seconds.enumerated() {
      let start = UTC(milliseconds: Int64(second) * 1000)
      if second == 0 || seconds[second - 1].open != what.open { since = start }
      guard !lost.contains(second) else { continue }
      let draws = watch.note(
        what.crossed, standing: what.standing, from: start, to: start.advanced(bySeconds: 1),
        open: what.open, since: since)
      for kind in 0...1 { sum.add(draws.kinds[kind], of: kind) }
    }
    return sum.kinds
  }

  private func times(_ number: Int, _ second: Second) -> [Second] {
    Array(repeating: second, count: number)
  }

  private let arrow = TurnWatch.Open.one(1, yields: false)
  /// All may go, and two cross: whoever is first then is a new draw.
  private let flow: [(TurnWatch.Open, Double, Double)] = [(.all, 1, 3), (.all, 1, 3)]

  @Test("Who crosses under the arrow is of its kind, and who then stays is of the other")
  func both() {
    let seconds =
      flow + [(arrow, 0, 3), (arrow, 0, 3), (arrow, 1, 2), (arrow, 0, 2), (arrow, 1, 1)]
      + times(20, (arrow, 0, 1)) + [(.all, 1, 0)]
    #expect(watch(seconds) == [1, 2])
  }

  @Test("Who stays is one vehicle, however many arrows pass him by")
  func once() {
    let red = times(5, (TurnWatch.Open.none, 0, 3))
    let seconds =
      flow + times(15, (arrow, 0, 3)) + red + times(15, (arrow, 0, 3)) + red + flow
      + [(.none, 0, 1)]
    #expect(watch(seconds) == [1, 0])
    // When all have gone since, the next one is another.
    #expect(watch(seconds + times(15, (arrow, 0, 3))) == [2, 0])
  }

  @Test("Who comes too late to be told from one who stays does not count, going or not")
  func late() {
    // The arrow ends 4 s after each came to the stop line.
    let stays = flow + times(20, (arrow, 0, 0)) + times(4, (arrow, 0, 1)) + [(.none, 0, 1)]
    let goes = flow + times(20, (arrow, 0, 0)) + [(arrow, 1, 0)] + times(3, (arrow, 0, 0))
    #expect(watch(stays) == [0, 0])
    #expect(watch(goes + [(.none, 0, 0)]) == [0, 0])
    // Nor is the one who came too late a draw under the next arrow: of his like, some have gone.
    #expect(watch(stays + times(20, (arrow, 0, 1))) == [0, 0])
  }

  @Test("Who must look for a gap has time to do so")
  func gap() {
    let open = TurnWatch.Open.one(1, yields: true)
    let waits = flow + times(15, (open, 0, 1)) + [(open, 1, 0)] + times(25, (open, 0, 0))
    #expect(watch(waits + [(.all, 0, 0)]) == [0, 1])
    #expect(watch(flow + times(25, (open, 0, 1)) + [(.all, 1, 0)]) == [1, 0])
  }

  @Test("After a lost record nobody is told apart until somebody has crossed")
  func lost() {
    let seconds = flow + times(20, (arrow, 0, 3))
    #expect(watch(seconds) == [1, 0])
    #expect(watch(seconds, skipping: [5]) == [0, 0])
  }

  @Test("A lane drawn at random is told as it was drawn, whatever the arrow's length")
  func unbiased() {
    for (length, share) in [(7, 0.3), (12, 0.3), (12, 0.7), (30, 0.5), (30, 0.9)] {
      var random = SeededGenerator(seed: UInt64(length * 100) + UInt64(share * 10))
      var seconds: [Second] = []
      var isTurning = random.unit() < share
      for _ in 0..<3000 {
        for second in 0..<length {
          // A queue that never ends, 2 s from vehicle to vehicle.
          let goes = isTurning && second % 2 == 1
          seconds.append((arrow, goes ? 1 : 0, 9))
          if goes { isTurning = random.unit() < share }
        }
        seconds += times(3, (.none, 0, 9))
        for second in 0..<8 { seconds.append((.all, second % 2 == 1 ? 1 : 0, 9)) }
        isTurning = random.unit() < share
        seconds += times(3, (.none, 0, 9))
      }
      let kinds = watch(seconds)
      let seen = kinds[0] + kinds[1]
      let deviation = (share * (1 - share) / seen).squareRoot()
      #expect(seen > 2000)
      #expect(abs(kinds[1] / seen - share) < 4 * deviation, "\(length) s: \(kinds)")
    }
  }
}
