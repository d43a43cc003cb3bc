import Control
import Counts
import Junctions
import Locking
import Phrases
import Signals
public import Simulation

/// What the built-in traffic model makes of a recorded demand under two configurations: an estimate, for
/// nobody has driven under the new one.
public struct ReplayEstimate: Sendable, Equatable, Codable {
  /// One configuration.
  public struct Run: Sendable, Equatable, Codable {
    /// How its traffic fared.
    public let score: Score
    /// How its stages ran, junction by junction.
    public let stages: [StageTally]
    /// Plans that were sent.
    public let plans: Int
  }

  /// Seconds that were scored.
  public let seconds: Double
  /// What all random draws follow from.
  public let seed: UInt64
  /// The recorded configuration.
  public let recorded: Run
  /// The new configuration.
  public let new: Run
  /// What the estimate cannot know, each in a sentence.
  public let notes: [String]
}

extension HistoryReplay {
  /// Longest time at the beginning that is not scored, because the network fills only then, s.
  private static let warmUp = 600.0

  /// Decides everything again and, if a configuration has changed, estimates what that is worth.
  ///
  /// - Parameters:
  ///   - seed: What all random draws of the model follow from.
  ///   - progress: Called now and then, on any thread, with the share that is done, 0 ... 1.
  /// - Returns: What came of it.
  /// - Throws: `HistoryError` or `ReplayError` if the history cannot be read.
  public func compare(
    seed: UInt64 = 1, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws -> ReplayResult {
    let (result, flows) = try replayed(progress)
    var compared = result
    guard result.isChanged else { return compared }
    compared.estimate = try estimate(flows, seed: seed, progress)
    return compared
  }

  private func estimate(
    _ flows: [RecordedFlows], seed: UInt64, _ progress: @escaping @Sendable (Double) -> Void
  ) throws -> ReplayEstimate? {
    guard let stretches = RecordedFlows.stretches(of: flows, in: span) else { return nil }
    let sites = plan.map(\.recorded.site)
    var notes: [String] = []
    let demand = demand(flows, stretches, notes: &notes)
    let length = Double((stretches.upperBound - stretches.lowerBound) * RecordedFlows.stretch)
    let warmUp = min(Self.warmUp, (length / 3).rounded())
    func scenario(_ sites: [Intersection]) throws -> Scenario {
      Scenario(
        name: "recorded demand", begin: begin(of: stretches), length: length, warmUp: warmUp,
        seed: seed, network: try network(sites), demand: demand)
    }
    let scenarios = [try scenario(sites), try scenario(plan.map(\.new.site))]
    // Both at the same time: the machine has two cores.
    let runs = try parallel(scenarios, workers: 2, progress: progress) { scenario in
      scenario.tallied()
    }
    return ReplayEstimate(
      seconds: length - warmUp, seed: seed, recorded: runs[0], new: runs[1], notes: notes)
  }

  private func network(_ sites: [Intersection]) throws(ReplayError) -> RoadNetwork {
    do {
      return try RoadNetwork(sites)
    } catch {
      throw ReplayError(
        "the junctions make no network for the model: \(error)",
        "这些路口不能构成模型的路网：\(Phrase(of: error).text(.chinese))")
    }
  }

  /// When the model begins, seconds since local midnight.
  private func begin(of stretches: Range<Int64>) -> Double {
    let local = stretches.lowerBound * RecordedFlows.stretch + offset
    return Double(((local % 86_400) + 86_400) % 86_400)
  }

  /// Local time ahead of UTC at the first junction, s.
  private var offset: Int64 { Int64(plan[0].recorded.site.timeZoneMinutes) * 60 }

  /// Vehicles that enter the network: those that were counted, without those that come from junctions
  /// of the recording.
  private func demand(
    _ flows: [RecordedFlows], _ stretches: Range<Int64>, notes: inout [String]
  ) -> TrafficDemand {
    let begin = begin(of: stretches)
    let middle = Double(RecordedFlows.stretch) / 2
    var vehicles: [VehicleDemand] = []
    var blind: [String] = []
    for (junction, plan) in plan.enumerated() {
      let site = plan.recorded.site
      for (position, laneGroup) in site.laneGroups.enumerated() {
        let points = stretches.compactMap { stretch -> FlowProfile.Point? in
          guard let flow = flows[junction].flow(of: position, in: stretch) else { return nil }
          let at = begin + Double((stretch - stretches.lowerBound) * RecordedFlows.stretch)
          let upstream = inflow(to: laneGroup, in: stretch, flows)
          return FlowProfile.Point(at: at + middle, flow: max(0, flow - upstream))
        }
        guard !points.isEmpty else {
          blind.append("\(site.id) \(laneGroup.name)")
          continue
        }
        vehicles.append(
          VehicleDemand(
            junction: junction, laneGroup: position, profile: FlowProfile(points)))
      }
    }
    if !blind.isEmpty {
      notes.append(
        "nothing was counted at \(blind.joined(separator: ", ")), where the model lets nobody enter"
      )
    }
    notes.append(
      "counts at stop lines are taken as demand: of a queue that grew all the time, the model sees "
        + "what passed")
    if plan.contains(where: { !$0.recorded.site.crossings.isEmpty }) {
      notes.append("nobody counted people on foot; the model has none")
    }
    return TrafficDemand(vehicles: vehicles)
  }

  private func inflow(
    to laneGroup: LaneGroup, in stretch: Int64, _ flows: [RecordedFlows]
  ) -> Double {
    laneGroup.upstream.reduce(0) { sum, link in
      guard let junction = plan.firstIndex(where: { $0.recorded.site.id == link.intersection }),
        let source = plan[junction].recorded.site.laneGroups.firstIndex(where: {
          $0.name == link.laneGroup
        })
      else { return sum }
      return sum + link.share * (flows[junction].flow(of: source, in: stretch) ?? 0)
    }
  }
}

extension Scenario {
  /// Runs it under greensplit's control and keeps how the stages ran.
  fileprivate func tallied() -> ReplayEstimate.Run {
    let ids = network.junctions.map(\.id)
    let tallies = Guarded(network.junctions.map(StageTally.init(of:)))
    let result = run(.greensplit) { news in
      guard case .decision(_, let input) = news.what,
        let position = ids.firstIndex(of: news.junction)
      else { return }
      tallies.withLock { $0[position].observe(input.report, at: input.at) }
    }
    guard let result else { preconditionFailure("only Webster's plans may be missing") }
    return ReplayEstimate.Run(
      score: result.score, stages: tallies.withLock { $0 }, plans: result.plans)
  }
}
