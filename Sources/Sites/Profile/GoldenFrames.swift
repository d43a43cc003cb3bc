import Profiles
import Signals

/// Plans with the very frames that they give: a profile is taken only if it gives them.
func checkGolden(_ draft: ProfileDraft, _ profile: CabinetProfile) {
  guard let entries = draft.root["golden"]?.listed() else { return }
  for field in entries {
    guard let table = field.table(), let order = order(table) else { continue }
    guard let frames = table["frames"]?.listed() else { continue }
    _ = table["name"]?.name()
    do throws(PointError) {
      let given = try OrderWriter(profile, order: order).frames
      compare(frames, given, table)
    } catch {
      field.report(
        "cannot be said with this profile: \(error)", "此描述文件无法表达：\(error)")
    }
  }
}

private func compare(_ frames: [Field], _ given: [[UInt8]], _ table: Table) {
  for (field, bytes) in zip(frames, given) {
    guard let text = field.text() else { continue }
    let right = hexadecimal(bytes)
    guard text.filter({ $0 != " " }).uppercased() != right else { continue }
    field.report(
      "the profile gives another frame: \(right)", "描述文件给出的帧不同：\(right)")
  }
  guard frames.count != given.count else { return }
  let rest = given.dropFirst(frames.count).map(hexadecimal)
  let others = rest.joined(separator: ", ")
  table["frames"]?.report(
    "has \(frames.count) frames, the profile gives \(given.count)"
      + (rest.isEmpty ? "" : "; the rest: \(others)"),
    "有 \(frames.count) 帧，描述文件给出 \(given.count) 帧" + (rest.isEmpty ? "" : "；其余为：\(others)"))
}

/// Bytes as people write frames.
private func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { byte in
    let text = String(byte, radix: 16, uppercase: true)
    return text.count == 1 ? "0" + text : text
  }.joined()
}

private func order(_ table: Table) -> OrderValues? {
  let entries = table["entries"]?.listed()?.map { field in
    let entry = field.table()
    let stage = entry?["stage"]?.integer()
    let green = entry?["green"]?.duration()
    let longest = entry?.value("longest_green", or: Tenths?.none) {
      $0.duration().map { .some($0) }
    }
    return stage.flatMap { stage in
      green.map { PlanEntry(stage: stage - 1, green: $0, longestGreen: longest ?? nil) }
    }
  }
  let cycle = table.value("cycle", or: Tenths.zero) { $0.duration() }
  let offset = table.value("offset", or: Tenths.zero) { $0.duration() }
  let apply = table.value("apply", or: CabinetProfile.Capabilities.Apply.cycle) {
    $0.choice(of: CabinetProfile.Capabilities.Apply.self)
  }
  let epoch = table["epoch"]?.integer()
  let sequence = table["sequence"]?.integer()
  let lease = table["lease"]?.duration()
  guard let entries, let cycle, let offset, let apply, let epoch, let sequence, let lease,
    entries.allSatisfy({ $0 != nil })
  else { return nil }
  let takeover: Takeover =
    switch apply {
    case .cycle: .cycleStart
    case .stage: .stageBoundary
    case .now: .now
    }
  let plan = TimingPlan(
    entries: entries.compactMap(\.self), cycle: cycle == .zero ? nil : cycle, offset: offset,
    takeover: takeover)
  return OrderValues(
    plan: plan, epoch: UInt32(epoch), sequence: UInt32(sequence), leaseSeconds: lease.count / 10)
}
