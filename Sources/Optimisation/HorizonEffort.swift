/// How much a horizon search looks at: what it costs and how near it comes to the least.
package struct HorizonEffort: Sendable {
  /// Steps of a span, in which ways are compared, and from one end of a stage to the next.
  var grain: Int
  /// Steps from the running stage's earliest end in which each is one: they are what is decided now.
  var near: Int
  /// Ways kept for a stage and span, for 4 stages; with more stages fewer, for as many in all.
  var ways: Int
  /// How many of them may have come by the same two stages.
  var alike: Int
  /// Ways to have a stage begin in a span are not followed if they look this many times as dear as the
  /// best.
  var reach: Float
  /// Ways to the horizon that are polished, of different sequences, and how many times the best one
  /// of them may cost.
  var candidates: Int
  var nearness: Float
  /// Steps of work for the polish of one way, and of all together.
  var polishLimit: Int
  var polishBudget: Int

  /// For a junction that is solved anew every second, so that a city of them can be. Over the
  /// instances of `greensplit bench core` spans of three steps save a quarter of the excess over the
  /// least cost in fixed order, for a sixth more time there; twelve ways and those spans a fifth of
  /// the excess in free order, for two thirds more time.
  package static let everySecond = HorizonEffort(
    grain: 4, near: 12, ways: 8, alike: 2, reach: 1.15, candidates: 2, nearness: 1.04,
    polishLimit: 6_000, polishBudget: 12_000)

  /// For answers that others are measured by: some milliseconds.
  package static let thorough = HorizonEffort(
    grain: 1, near: 0, ways: 150, alike: 3, reach: .infinity, candidates: 300, nearness: .infinity,
    polishLimit: 30_000, polishBudget: 5_000_000)

  /// Ways kept for each of so many stages.
  func ways(of stages: Int) -> Int { min(ways, max(min(4, ways), 4 * ways / stages)) }
}
