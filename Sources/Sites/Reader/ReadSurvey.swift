import Signals

/// What was measured on site; `nil` if some of it cannot be read.
func readSurvey(
  _ root: Table, approaches: [ApproachDraft], crossings: [CrossingDraft], control: ControlDraft?,
  signalGroups: Names
) -> SiteSurvey? {
  let approaches = approaches.map { $0.row.table.flatMap(readApproach) }
  let speeds = crossings.map { crossing -> Double?? in
    guard let table = crossing.row.table else { return .none }
    return table.value("walking_speed", or: Double?.none) { field in
      field.number().map { .some($0) }
    }
  }
  let countdown = control?.table.value("countdown", or: Countdown.none) {
    $0.choice(of: Countdown.self)
  }
  let points = (root["conflict_points"]?.listed() ?? []).map { readPoint($0, signalGroups) }
  let acceptances = (root["accepted"]?.listed() ?? []).map(readAcceptance)
  guard let countdown, let approaches = all(approaches), let speeds = all(speeds),
    let points = all(points), let acceptances = all(acceptances)
  else { return nil }
  return SiteSurvey(
    approaches: approaches, walkingSpeeds: speeds, countdown: countdown, conflictPoints: points,
    acceptances: acceptances)
}

private func readApproach(_ table: Table) -> SiteSurvey.Approach? {
  let grade = table.value("grade", or: 0.0) { $0.number().map { $0 / 100 } }
  let width = table.value("width", or: Double?.none) { field in field.number().map { .some($0) } }
  guard let grade, let width else { return nil }
  return SiteSurvey.Approach(grade: grade, width: width)
}

private func readPoint(_ field: Field, _ groups: Names) -> ConflictPoint? {
  let table = field.table()
  let clearing = table?["clearing"]?.reference(to: groups)
  let entering = table?["entering"]?.reference(to: groups)
  let away = table?["clearing_distance"]?.number()
  let near = table?["entering_distance"]?.number()
  guard let clearing, let entering, let away, let near else { return nil }
  return ConflictPoint(
    clearing: clearing, entering: entering, clearingDistance: away, enteringDistance: near)
}

private func readAcceptance(_ field: Field) -> Acceptance? {
  let table = field.table()
  let rule = table?["rule"]?.name()
  let element = table?.value("of", or: String?.none) { field in field.name().map { .some($0) } }
  guard let rule, let element, let reason = table?["reason"]?.text() else { return nil }
  return Acceptance(rule: rule, element: element, reason: reason)
}
