import Console
import Control
import Demand
import Settings
import Signals

extension JunctionSecond {
  /// What `decision` was made on. Where nothing was thought of a lane group, it is blind.
  init(_ decision: Decision, at site: Intersection, seeing report: CabinetReport?) {
    let demand = decision.reason.demand.laneGroups
    self.init(
      at: decision.at, report: report,
      laneGroups: site.laneGroups.indices.map { position in
        guard demand.indices.contains(position) else {
          return LaneGroup(queue: 0, approaching: 0, flow: 0, trust: 0)
        }
        let estimate = demand[position]
        return LaneGroup(
          queue: estimate.queue, approaching: estimate.approaching, flow: estimate.flow,
          trust: estimate.trust)
      })
  }
}

extension Why {
  /// Why a decision was made, in the words of control.
  init(_ reason: Reason) {
    self.init(
      text: reason.text, cost: reason.cost,
      alternative: reason.alternative.map { ($0.text, $0.cost) }, refused: reason.refused)
  }
}

extension LinkState {
  /// The junction at a glance.
  var row: JunctionRow {
    JunctionRow(site, watch.picture, lostSince: lostSince, isAdvised: mode == .advise)
  }
}
