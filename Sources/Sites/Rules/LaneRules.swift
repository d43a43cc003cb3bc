import Signals

/// A lane group has each turn once: its movements differ by where they go.
func movementTurns(_ draft: Draft) {
  for group in draft.laneGroups {
    var seen: [Turn] = []
    for movement in group.movements ?? [] {
      guard let turn = movement.turn else { continue }
      if seen.contains(turn) {
        movement.field.report(
          "turn \(turn.rawValue) stands twice in lane group \(group.row.title); "
            + "add the shares up in one movement",
          "转向 \(turn.rawValue) 在车道组 \(group.row.title) 中出现两次；请合并为一个流向并把份额相加")
      }
      seen.append(turn)
    }
  }
}

/// The shares of a lane group are all of its vehicles.
func movementShares(_ draft: Draft) {
  for group in draft.laneGroups {
    guard let movements = group.movements else { continue }
    let shares = movements.compactMap(\.share)
    let sum = shares.reduce(0, +)
    // Shares are written in decimals, whose sums round.
    guard shares.count == movements.count, abs(sum - 1) > 1e-6 else { continue }
    group.row.at("movements").report(
      "the shares of lane group \(group.row.title) add up to \(rounded(sum)); "
        + "they must add up to 1",
      "车道组 \(group.row.title) 的份额合计为 \(rounded(sum))；合计必须为 1")
  }
}

/// A saturation flow far from any lane's is usually one lane's written for several, or the reverse.
func saturationFlows(_ draft: Draft) {
  for group in draft.laneGroups {
    guard let flow = group.saturationFlow, let lanes = group.lanes else { continue }
    // A sharp turn behind pedestrians still lets 400 pcu/h go, the best lane measured about 2,400.
    let range = 300.0...2500.0
    guard !range.contains(flow / Double(lanes)) else { continue }
    group.row.at("saturation_flow").report(
      "\(rounded(flow)) pcu/h for \(lanes) lane\(lanes == 1 ? "" : "s") is \(rounded(flow / Double(lanes))) a lane; "
        + "write the flow of all lanes together, 300 to 2500 pcu/h for each",
      "\(lanes) 条车道 \(rounded(flow)) pcu/h 折合每车道 \(rounded(flow / Double(lanes)))；"
        + "请写全部车道的合计，每车道 300 至 2500 pcu/h")
  }
}

/// Every lane group has a stage in which all its streams may go: one that always waits would hold
/// up the lane.
func servedLaneGroups(_ draft: Draft) {
  guard draft.knowsAllServed else { return }
  for group in draft.laneGroups {
    guard let movements = group.movements, movements.allSatisfy({ $0.signal != nil }) else {
      continue
    }
    let unserved = group.signals.filter { signal in
      !draft.stages.contains { $0.serves(signal) }
    }
    if let signal = unserved.first {
      group.row.field.report(
        "lane group \(group.row.title) is never served: no stage shows signal group "
          + "\(draft.signalGroups[signal].title) green; add it to one",
        "车道组 \(group.row.title) 从不放行：没有相位阶段显示灯组 "
          + "\(draft.signalGroups[signal].title) 的绿灯；请加入某个阶段")
    } else if !draft.stages.contains(where: { group.signals.allSatisfy($0.serves) }) {
      group.row.field.report(
        "no stage serves all movements of lane group \(group.row.title) at once, so those that "
          + "wait would block its lanes; serve them together, or split the lane group",
        "没有相位阶段同时放行车道组 \(group.row.title) 的全部流向，等待的车辆会堵住车道；" + "请同时放行，或拆分车道组")
    }
  }
}

/// Every crossing has a stage.
func servedCrossings(_ draft: Draft) {
  guard draft.knowsAllServed else { return }
  for crossing in draft.crossings {
    guard let signal = crossing.signal,
      !draft.stages.contains(where: { $0.serves(signal.position) })
    else { continue }
    crossing.row.field.report(
      "crossing \(crossing.row.title) is never served: no stage shows signal group "
        + "\(draft.signalGroups[signal.position].title) green; add it to one",
      "人行横道 \(crossing.row.title) 从不放行：没有相位阶段显示灯组 "
        + "\(draft.signalGroups[signal.position].title) 的绿灯；请加入某个阶段")
  }
}

/// Detectors see each lane of a lane group once, or its vehicles would be counted twice.
func detectorLanes(_ draft: Draft) {
  var seen = draft.laneGroups.map { _ in 0 }
  for detector in draft.detectors {
    guard let group = detector.laneGroup, let lanes = detector.lanes,
      let all = draft.laneGroups[group].lanes
    else { continue }
    seen[group] += lanes
    guard seen[group] > all else { continue }
    detector.row.at("lanes").report(
      "the detectors of lane group \(draft.laneGroups[group].row.title) see \(seen[group]) lanes "
        + "with this one, but it has \(all); let each lane be seen by one detector",
      "连同此检测器，车道组 \(draft.laneGroups[group].row.title) 的检测器共看到 \(seen[group]) 条车道，"
        + "而该组只有 \(all) 条；每条车道应只由一个检测器检测")
  }
}

/// A loop lies in one lane, which one detector sees.
func loopsOnce(_ draft: Draft) {
  var owners: [Int: String] = [:]
  for detector in draft.detectors {
    if let lanes = detector.lanes, detector.loops.count > lanes {
      detector.row.at("loops").report(
        "\(detector.loops.count) loops for \(lanes) lanes count vehicles twice; name one a lane at most",
        "\(lanes) 条车道有 \(detector.loops.count) 个线圈，车辆会被重复计数；每条车道最多写一个")
    }
    for (number, field) in detector.loops {
      guard let number else { continue }
      if let owner = owners[number] {
        field.report(
          "loop \(number) belongs to detector \(owner) already; name each loop of the cabinet at the "
            + "one detector that sees its lane",
          "线圈 \(number) 已属于检测器 \(owner)；信号机的每个线圈只写在看到其车道的那一个检测器处")
      }
      owners[number] = owners[number] ?? detector.row.title
    }
  }
}

/// Vehicles do not arrive from the junction that they are at.
func ownUpstream(_ draft: Draft) {
  guard case .scalar(let id)? = draft.root["id"]?.node.content else { return }
  for group in draft.laneGroups {
    for link in group.upstream ?? [] where link.link?.intersection == id {
      link.field.report(
        "junction \(shown(id)) is this one; name the junction that vehicles come from",
        "路口 \(shown(id)) 就是本路口；请写车辆来自的路口")
    }
  }
}

extension Draft {
  /// Whether it can be read in every stage who is served.
  fileprivate var knowsAllServed: Bool {
    !stages.isEmpty && stages.allSatisfy { $0.green != nil && $0.permissive != nil }
  }
}

/// To four decimals at most, for people.
func rounded(_ value: Double) -> String {
  let text = "\((value * 10_000).rounded() / 10_000)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
