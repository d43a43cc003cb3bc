import Signals
import Testing

@testable import Optimisation

@Suite("A short list of ways")
struct ShortlistsTests {
  private struct Offer {
    let estimate: Float
    let origin: Int
    let way: Int
  }

  private static func offers(_ seed: Int) -> [Offer] {
    var random = SeededGenerator(seed: UInt64(seed))
    return (0..<60).map {
      // Estimates without ties: which of two equal ones is kept is of no interest.
      Offer(
        estimate: Float(Int(1000 * random.unit())) + Float($0) / 100,
        origin: Int(5 * random.unit()), way: $0)
    }
  }

  /// The cheapest ways, taken one by one as long as there is room for their origin.
  private static func cheapest(_ offers: [Offer], length: Int, alike: Int) -> [Int] {
    var taken: [Offer] = []
    for offer in offers.sorted(by: { $0.estimate < $1.estimate }) where taken.count < length {
      if taken.count(where: { $0.origin == offer.origin }) < alike { taken.append(offer) }
    }
    return taken.map(\.way)
  }

  @Test(
    "keeps the cheapest, and no more than so many of one origin, in whatever order they come",
    arguments: 0..<40)
  func keeps(seed: Int) {
    let offers = Self.offers(seed)
    let length = 3 + seed % 6
    let alike = 1 + seed % 3
    var lists = Shortlists(count: 2, room: 8, blank: -1)
    lists.clear(length: length, alike: alike)
    for offer in offers {
      guard let place = lists.place(1, for: offer.estimate, from: offer.origin) else { continue }
      lists.take(offer.way, at: offer.estimate, from: offer.origin, 1, place)
    }
    let kept = lists.places(1).sorted { lists.estimate($0) < lists.estimate($1) }
    #expect(kept.map { lists[$0] } == Self.cheapest(offers, length: length, alike: alike))
    #expect(kept.first.map { lists.estimate($0) } == lists.least(1))
    #expect(lists.places(0).isEmpty)
  }

  @Test("is empty after it was cleared, and takes ways again")
  func clears() {
    var lists = Shortlists(count: 1, room: 2, blank: 0)
    lists.clear(length: 2, alike: 1)
    lists.take(1, at: 5, from: 0, 0, 0)
    lists.take(2, at: 4, from: 1, 0, 1)
    #expect(lists.place(0, for: 6, from: 0) == nil)
    lists.clear(length: 2, alike: 1)
    #expect(lists.places(0).isEmpty)
    #expect(lists.place(0, for: 6, from: 0) == 0)
  }
}
