import Signals

/// How much a horizon search looks at: what it costs and how near it comes to the least.
package struct HorizonEffort: Sendable {
  /// What is looked at of one problem.
  struct Extent: Sendable {
    /// Steps of a span, in which ways are compared, and from one end of a stage to the next.
    var grain: Int
    /// Steps from the running stage's earliest end in which each is one: they are what is decided now.
    var near: Int
    /// Steps from a stage's earliest end after which it is offered to end in every second span only.
    var far: Int
    /// Ways kept for a stage and span, for 4 stages; with more stages fewer, for as many in all.
    var ways: Int
    /// How many of them may have come by the same two stages.
    var alike: Int
    /// Ways to have a stage begin in a span are not followed if they look this many times as dear as
    /// the best.
    var reach: Float
    /// Ways to the horizon that are polished, of different sequences, and how many times the best one
    /// of them may cost.
    var candidates: Int
    var nearness: Float
    /// Steps of work for the polish of one way; all together may take as many times that.
    var polishLimit: Int
    /// How many times the least a change of sequence may cost for the turns about it to be fitted to
    /// it before it is judged; 1: none is.
    var slack: Float

    /// Ways kept for each of so many stages.
    func ways(of stages: Int) -> Int { min(ways, max(min(4, ways), 4 * ways / stages)) }
  }

  /// In a given order, where sequences are few and seconds decide, and in free order.
  let ordered: Extent
  let free: Extent

  /// What is looked at of a problem of this order.
  func extent(of sequence: Sequence) -> Extent { sequence == .free ? free : ordered }

  /// For a junction that is solved anew every second, so that a city of them can be. Over the
  /// instances of `greensplit bench core` spans of four steps in a given order save a tenth of the time
  /// and cost a third more excess over the least cost; in free order two ways alike and two candidates
  /// save a third of the time and cost half more.
  package static let everySecond = HorizonEffort(
    ordered: Extent(
      grain: 3, near: 12, far: 12, ways: 6, alike: 2, reach: 1.05, candidates: 2, nearness: 1.02,
      polishLimit: 5_000, slack: 1),
    free: Extent(
      grain: 4, near: 12, far: .max, ways: 8, alike: 3, reach: 1.2, candidates: 4, nearness: 1.06,
      polishLimit: 9_000, slack: 1.03))

  /// For answers that others are measured by: some milliseconds.
  package static let thorough: HorizonEffort = {
    let all = Extent(
      grain: 1, near: 0, far: .max, ways: 150, alike: 3, reach: .infinity, candidates: 300,
      nearness: .infinity, polishLimit: 30_000, slack: 1)
    return HorizonEffort(ordered: all, free: all)
  }()
}
