import Dispatch
import Locking

extension HorizonAnswers {
  /// The text of HorizonAnswers.swift, made anew by `HorizonReference` on all cores; takes the better
  /// part of an hour. `progress` is told the share that is done.
  package static func source(progress: @escaping @Sendable (Double) -> Void) -> String {
    let results = Guarded([Int: (cost: Double, dropped: Int)]())
    DispatchQueue.concurrentPerform(iterations: CoreBench.horizons) { seed in
      let result = CoreBench.reference(seed)
      let done = results.withLock { all in
        all[seed] = result
        return all.count
      }
      progress(Double(done) / Double(CoreBench.horizons))
    }
    let all = results.withLock { $0 }
    return source((0..<CoreBench.horizons).compactMap { all[$0] })
  }

  private static func source(_ results: [(cost: Double, dropped: Int)]) -> String {
    """
    // Made by `greensplit bench answers`.

    /// What `HorizonReference` found for the instances of `CoreBench.horizon`.
    package enum HorizonAnswers {
      /// The least cost of each instance, lateness included.
      package static let leastCosts: [Double] = [
    \(rows(results.map { "\($0.cost)," }, of: 4))
      ]

      /// How many ways were dropped without proof; with none the cost is proved to be the least.
      package static let dropped: [Int] = [
    \(rows(results.map { "\($0.dropped)," }, of: 10))
      ]
    }
    """
  }

  private static func rows(_ words: [String], of length: Int) -> String {
    stride(from: 0, to: words.count, by: length).map { start in
      "    " + words[start..<min(words.count, start + length)].joined(separator: " ")
    }.joined(separator: "\n")
  }
}
