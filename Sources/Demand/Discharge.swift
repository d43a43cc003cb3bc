public import Signals

/// How fast each lane group discharges in each stage according to its site file, pcu/s: element
/// [stage][lane group].
///
/// - Parameters:
///   - junction: The junction.
///   - flows: Flow of each lane group, pcu/h, to which permissive turns give way.
/// - Returns: A row for each stage, in it a rate for each lane group.
public func dischargeRates(at junction: Intersection, flows: [Double]) -> [[Double]] {
  precondition(flows.count == junction.laneGroups.count, "a flow for each lane group")
  return junction.stages.indices.map { stage in
    junction.laneGroups.indices.map { laneGroup in
      dischargeRate(
        of: laneGroup, in: stage, at: junction, flows: flows, shares: junction.configuredShares)
    }
  }
}

/// How fast `laneGroup` discharges while `stage` is green according to its site file, pcu/s.
///
/// Depends on the flows to which permissive turns give way, pcu/h, and on the shares of the movements of each
/// lane group.
///
/// Streams of a shared lane follow each other, so their headways average by share: the reciprocal of
/// the saturation flow of a shared lane is the weighted mean of the reciprocals (HCM 6, ch. 31).
func dischargeRate(
  of laneGroup: Int, in stage: Int, at junction: Intersection, flows: [Double],
  shares: [[Double]]
) -> Double {
  let saturation = junction.laneGroups[laneGroup].saturationFlow / 3600
  switch junction.service(of: laneGroup, in: stage) {
  case .none: return 0
  case .protected: return saturation
  case .partial:
    let movements = junction.laneGroups[laneGroup].movements
    var open = 0.0
    for (movement, share) in zip(movements, shares[laneGroup])
    where movement.signalGroup.map({ junction.serves($0, in: stage) }) ?? true { open += share }
    return saturation * blockedShare(open: open)
  case .permissive:
    // Only here: a copy of the lane group for every pair would take its time.
    let lanes = junction.laneGroups[laneGroup].lanes
    var headway = 0.0
    for (movement, share) in zip(junction.laneGroups[laneGroup].movements, shares[laneGroup])
    where share > 0 {
      var rate = saturation
      if let signalGroup = movement.signalGroup,
        junction.stages[stage].permissive.contains(signalGroup)
      {
        rate = permissiveRate(
          yieldingTo: opposing(signalGroup, in: stage, at: junction, flows: flows, shares: shares),
          saturation: saturation, lanes: lanes)
      }
      headway += share / rate
    }
    return min(saturation, 1 / headway)
  }
}

/// Share of the saturation flow that passes while some streams of a shared lane wait for red.
///
/// Of a row of vehicles of which a share p may go, p/(1 - p) pass on average before one that must
/// wait stops the lane; spread over the eight or so that a usual green would let through.
private func blockedShare(open: Double) -> Double {
  let usualGreen = 8.0
  guard open < 1 else { return 1 }
  return min(open, open / (1 - open) / usualGreen)
}

/// Flow to which the traffic of `signalGroup` gives way in `stage`, pcu/h.
private func opposing(
  _ signalGroup: Int, in stage: Int, at junction: Intersection, flows: [Double],
  shares: [[Double]]
) -> Double {
  let priority = junction.signalGroups[signalGroup].givesWayTo
  var flow = 0.0
  for laneGroup in junction.laneGroups.indices {
    var share = 0.0
    for (movement, part) in zip(junction.laneGroups[laneGroup].movements, shares[laneGroup]) {
      guard let other = movement.signalGroup, priority.contains(other),
        junction.stages[stage].green.contains(other)
      else { continue }
      share += part
    }
    if share > 0 { flow += share * flows[laneGroup] }
  }
  return flow
}

/// Saturation flow of a permissive turn from gap acceptance, pcu/s: HCM 6 equation 31-100, with
/// critical headway 4.5 s and follow-up headway 2.5 s, one turning lane. At least two vehicles turn
/// at the end of each green whatever comes, here spread over a minute.
private func permissiveRate(yieldingTo flow: Double, saturation: Double, lanes: Int) -> Double {
  let critical = 4.5
  let followUp = 2.5
  let sneakers = 2.0 / 60
  let perSecond = flow / 3600
  let gaps =
    perSecond < 1e-6
    ? 1 / followUp
    : perSecond * exponential(-perSecond * critical) / (1 - exponential(-perSecond * followUp))
  return min(saturation, max(gaps, sneakers) * Double(lanes))
}
