import Testing

@testable import greensplit

@Suite("Junctions that begin together")
struct IntroductionTests {
  private func delays(_ count: Int, queues: Int = 2) -> [Double] {
    (0..<count).map { Introductions.delay(of: $0, among: count, on: queues) }
  }

  @Test("all begin at once if they are a few hundred", arguments: [0, 1, 2, 100, 500])
  func few(count: Int) {
    #expect(delays(count).allSatisfy { $0 == 0 })
  }

  @Test(
    "begin within five seconds, however many they are", arguments: [501, 1000, 10_000, 200_000])
  func bounded(count: Int) {
    #expect(delays(count).allSatisfy { (0..<5).contains($0) && $0 == $0.rounded() })
  }

  @Test(
    "begin as many in each second, on each queue and in each tenth of the second's phases",
    arguments: [(10_000, 2), (10_000, 3), (5000, 2), (2000, 4), (1001, 1)])
  func even(count: Int, queues: Int) {
    let all = delays(count, queues: queues)
    let rounds = Int(all.max() ?? 0) + 1
    #expect(rounds == min(5, (count + 499) / 500))
    for second in 0..<rounds {
      let begun = all.indices.filter { all[$0] == Double(second) }
      #expect(abs(begun.count - count / rounds) <= queues)
      for queue in 0..<queues {
        let share = begun.count { $0 % queues == queue }
        #expect(abs(share - begun.count / queues) <= 1)
      }
      for tenth in 0..<10 {
        // The phase of a tick is the junction's place among all.
        let share = begun.count { $0 * 10 / count == tenth }
        #expect(abs(share - begun.count / 10) <= 2 * queues)
      }
    }
  }
}
