import Phrases
import Signals

/// `signal: none` says that no group holds a movement, so no group may be called so.
func reservedNames(_ draft: Draft) {
  for group in draft.signalGroups where group.row.name == "none" {
    group.row.at("name").report(
      "\"none\" stands for a movement without a signal; give the signal group another name",
      "\"none\" 表示流向没有信号灯；请给灯组另取名称")
  }
}

/// A group gives way only to groups that it conflicts with.
func yieldingGroups(_ draft: Draft) {
  for (position, group) in draft.signalGroups.enumerated() where group.knowsAllConflicts {
    for other in group.givesWayTo ?? [] {
      let name = draft.signalGroups[other.position].title
      if other.position == position {
        other.field.report(
          "signal group \(name) cannot give way to itself; leave it out",
          "灯组 \(name) 不能让行于自身；请去掉")
      } else if !group.conflicts.contains(other.position) {
        other.field.report(
          "signal groups \(group.title) and \(name) do not conflict, so neither gives way; "
            + "add them to conflicts, or leave \(name) out",
          "灯组 \(group.title) 与 \(name) 不冲突，无需让行；" + "请写入 conflicts，或去掉 \(name)")
      }
    }
  }
}

/// Streams that meet at a point conflict.
func meetingGroups(_ draft: Draft) {
  guard let survey = draft.survey, draft.signalGroups.allSatisfy(\.knowsAllConflicts) else {
    return
  }
  let fields = draft.root["conflict_points"]?.listed() ?? []
  for (point, field) in zip(survey.conflictPoints, fields) {
    let last = draft.signalGroups[point.clearing]
    guard !last.conflicts.contains(point.entering) else { continue }
    field.report(
      "signal groups \(last.title) and \(draft.signalGroups[point.entering].title) do not conflict, "
        + "so they meet nowhere; add them to conflicts, or leave the point out",
      "灯组 \(last.title) 与 \(draft.signalGroups[point.entering].title) 不冲突，没有冲突点；"
        + "请写入 conflicts，或去掉此点")
  }
}

/// A stage shows each group green in one way, and shows at least one.
func servedGroups(_ draft: Draft) {
  for stage in draft.stages {
    guard let green = stage.green, let permissive = stage.permissive else { continue }
    if green.isEmpty && permissive.isEmpty {
      stage.row.at("green").report(
        "stage \(stage.row.title) shows nothing green; name at least one signal group",
        "相位阶段 \(stage.row.title) 没有任何绿灯；请至少写一个灯组")
    }
    for group in permissive where green.contains(where: { $0.position == group.position }) {
      group.field.report(
        "signal group \(draft.signalGroups[group.position].title) stands under green too; "
          + "keep it under permissive if it must give way, else under green",
        "灯组 \(draft.signalGroups[group.position].title) 也写在 green 下；"
          + "须让行则保留在 permissive 下，否则保留在 green 下")
    }
  }
}

/// A group that nothing uses is a slip, and would be a lamp without anybody to see it.
func usedGroups(_ draft: Draft) {
  let movements = draft.laneGroups.flatMap { $0.movements ?? [] }
  let knowsAll =
    draft.laneGroups.allSatisfy { $0.movements != nil }
    && movements.allSatisfy { $0.signal != nil } && draft.crossings.allSatisfy { $0.signal != nil }
  guard knowsAll else { return }
  for (position, group) in draft.signalGroups.enumerated() {
    let isUsed =
      movements.contains { $0.signalGroup == position }
      || draft.crossings.contains { $0.signal?.position == position }
    guard !isUsed else { continue }
    group.row.at("name").report(
      "signal group \(group.title) holds no movement and no crossing; "
        + "name it as the signal of one, or leave it out",
      "灯组 \(group.title) 不控制任何流向或人行横道；请将其写为某一个的 signal，或去掉")
  }
}

/// What is shown green without right of way must have somebody to give way to.
func permissiveGreens(_ draft: Draft) {
  for stage in draft.stages {
    for group in stage.permissive ?? [] {
      guard draft.signalGroups[group.position].givesWayTo?.isEmpty == true else { continue }
      group.field.report(
        "signal group \(draft.signalGroups[group.position].title) has no gives_way_to; "
          + "say to whom it gives way, or put it under green",
        "灯组 \(draft.signalGroups[group.position].title) 没有 gives_way_to；" + "请写明让行于谁，或改到 green 下")
    }
  }
}

/// Groups that conflict are green together only if one of them is permissive and gives way.
func conflictingGreens(_ draft: Draft) {
  for stage in draft.stages {
    let served = stage.served
    for (position, later) in served.enumerated() {
      for earlier in served[..<position] where earlier.position != later.position {
        guard draft.signalGroups[later.position].conflicts.contains(earlier.position),
          !draft.givesWay(later.position, to: earlier.position, in: stage),
          !draft.givesWay(earlier.position, to: later.position, in: stage)
        else { continue }
        later.field.report(
          "stage \(stage.row.title) serves conflicting signal groups "
            + "\(draft.usage(of: earlier.position, .english)) and "
            + "\(draft.usage(of: later.position, .english)); "
            + "serve them in different stages, or put the one that gives way under permissive",
          "相位阶段 \(stage.row.title) 同时放行冲突灯组 "
            + "\(draft.usage(of: earlier.position, .chinese)) 与 "
            + "\(draft.usage(of: later.position, .chinese))；请在不同阶段放行，或把让行的一方写到 permissive 下")
      }
    }
  }
}

/// Vehicles do not go by the pedestrians' lamps, nor people on foot by the vehicles'.
func groupKinds(_ draft: Draft) {
  for movement in draft.laneGroups.flatMap({ $0.movements ?? [] }) {
    guard let position = movement.signalGroup,
      draft.signalGroups[position].kind == .pedestrian
    else { continue }
    movement.signalField?.report(
      "signal group \(draft.signalGroups[position].title) is for pedestrians; "
        + "name one of kind vehicle or bicycle",
      "灯组 \(draft.signalGroups[position].title) 用于行人；请写 kind 为 vehicle 或 bicycle 的灯组")
  }
  for crossing in draft.crossings {
    guard let signal = crossing.signal, let kind = draft.signalGroups[signal.position].kind,
      kind != .pedestrian
    else { continue }
    signal.field.report(
      "signal group \(draft.signalGroups[signal.position].title) is of kind \(kind.rawValue); "
        + "name one of kind pedestrian",
      "灯组 \(draft.signalGroups[signal.position].title) 的 kind 为 \(kind.rawValue)；"
        + "请写 kind 为 pedestrian 的灯组")
  }
}

extension Draft {
  /// Whether `group` is shown permissive in `stage` and gives way to `other`.
  fileprivate func givesWay(_ group: Int, to other: Int, in stage: StageDraft) -> Bool {
    stage.isPermissive(group)
      && (signalGroups[group].givesWayTo ?? []).contains { $0.position == other }
  }

  /// A signal group with the lane groups or crossings that it serves.
  fileprivate func usage(of group: Int, _ language: Language) -> String {
    let lanes = laneGroups.filter { $0.signals.contains(group) }.map(\.row.title)
    let crossed = crossings.filter { $0.signal?.position == group }.map(\.row.title)
    let (laneGroup, crossing) =
      language == .english ? ("lane group", "crossing") : ("车道组", "人行横道")
    let served =
      (lanes.isEmpty ? [] : ["\(laneGroup) \(lanes.joined(separator: ", "))"])
      + (crossed.isEmpty ? [] : ["\(crossing) \(crossed.joined(separator: ", "))"])
    let title = signalGroups[group].title
    return served.isEmpty ? title : "\(title) (\(served.joined(separator: ", ")))"
  }
}
