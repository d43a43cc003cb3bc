import Profiles

/// Every rule of a profile; each reports what breaks it.
let profileRules: [@Sendable (ProfileDraft) -> Void] = [
  blocksApart, pointsWithin, pointsApart, stepsAllowed, writtenPointsFilled, nothingForbidden,
  wholePlans, capabilitiesSafe,
]

extension ProfileDraft {
  var allSteps: [StepDraft] { (order + renewal).flatMap(\.withAllWithin) }

  func block(_ position: Int) -> CabinetProfile.Block? { blocks[position].block }
  func point(_ position: Int) -> CabinetProfile.Point? { points[position].point }

  /// The block that holds a point.
  func home(of point: CabinetProfile.Point) -> CabinetProfile.Block? {
    blocks.lazy.compactMap(\.block).first {
      $0.registers.lowerBound <= point.span.lowerBound
        && point.span.upperBound <= $0.registers.upperBound
    }
  }

  /// Points that lie in a block.
  func points(in block: CabinetProfile.Block) -> [(row: Row, point: CabinetProfile.Point)] {
    points.compactMap { row, point in
      point.flatMap { block.registers.contains($0.address) ? (row, $0) : nil }
    }
  }

  /// The registers that a step writes.
  func written(by step: CabinetProfile.Step) -> Range<Int>? {
    switch step {
    case .write(let block): self.block(block)?.registers
    case .set(let point, _), .store(let point, _), .commit(let point, _):
      self.point(point)?.registers()
    case .readBack, .wait, .pause, .eachEntry: nil
    }
  }
}

// MARK: - Where things lie

private func blocksApart(_ draft: ProfileDraft) {
  for (position, (row, block)) in draft.blocks.enumerated() {
    guard let block else { continue }
    for case (let earlier, let other?) in draft.blocks[..<position]
    where other.registers.overlaps(block.registers) {
      row.at("address").report(
        "\(shown(block.name)) lies over block \(earlier.title) of line "
          + "\(earlier.field.mark.line); give each register to one block",
        "\(shown(block.name)) 与第 \(earlier.field.mark.line) 行的寄存器块 \(earlier.title) 重叠；"
          + "每个寄存器只能属于一个块")
    }
  }
}

private func pointsWithin(_ draft: ProfileDraft) {
  for case (let row, let point?) in draft.points where draft.home(of: point) == nil {
    row.at("address").report(
      "registers \(point.span.lowerBound) to \(point.span.upperBound - 1) do not lie in one block; "
        + "add a block, or mend the address",
      "寄存器 \(point.span.lowerBound) 至 \(point.span.upperBound - 1) 不在同一个块内；" + "请添加寄存器块，或更正地址")
  }
}

/// Rows with gaps may lie within each other, as the stages and greens of entries do.
private func pointsApart(_ draft: ProfileDraft) {
  var owners = [Int?](repeating: nil, count: 65_536)
  for (position, (row, point)) in draft.points.enumerated() {
    guard let point else { continue }
    for register in registers(of: point) {
      if let owner = owners[register], owner != position {
        let other = draft.points[owner].row
        row.at("address").report(
          "register \(register) is point \(other.title) of line \(other.field.mark.line) already; "
            + "give each register to one point",
          "寄存器 \(register) 已属于第 \(other.field.mark.line) 行的点 \(other.title)；" + "每个寄存器只能属于一个点")
        break
      }
      owners[register] = position
    }
  }
}

private func registers(of point: CabinetProfile.Point) -> [Int] {
  switch point.kind {
  case .u16, .u32, .bits: (0..<point.count).flatMap { Array(point.registers($0)) }
  case .text, .bytes, .nibbles: Array(point.span)
  }
}

// MARK: - Steps

private func stepsAllowed(_ draft: ProfileDraft) {
  for draftStep in draft.allSteps {
    guard let step = draftStep.step else { continue }
    let field = draftStep.field
    if let range = draft.written(by: step),
      let block = draft.blocks.lazy.compactMap(\.block).first(where: {
        $0.registers.overlaps(range)
      }),
      !block.access.isWritable
    {
      field.report(
        "block \(shown(block.name)) is only read; write access: both, or another block",
        "寄存器块 \(shown(block.name)) 只读；请写 access: both，或换用其他块")
    }
    switch step {
    case .readBack(let block) where draft.block(block)?.access.isReadable == false:
      field.report(
        "the block cannot be read; write access: both, or leave this step out",
        "该寄存器块不可读；请写 access: both，或去掉此步骤")
    case .wait(let point, _, _, _):
      guard let point = draft.point(point), let block = draft.home(of: point) else { continue }
      if !block.access.isReadable {
        field.report(
          "\(shown(point.name)) cannot be read; wait for a point of a block that can",
          "\(shown(point.name)) 不可读；请等待可读块中的点")
      }
    default: break
    }
  }
}

/// What is written has something to be written.
private func writtenPointsFilled(_ draft: ProfileDraft) {
  for draftStep in draft.allSteps {
    guard case .write(let position)? = draftStep.step, let block = draft.block(position) else {
      continue
    }
    for (row, point) in draft.points(in: block) {
      if point.value?.isTold == true {
        row.at("value").report(
          "is told by the cabinet, but step \(draftStep.field.key) writes it; move it to a block "
            + "that is only read",
          "由信号机给出，但步骤 \(draftStep.field.key) 要写入它；请移到只读的块")
      } else if point.value == nil && point.constant == nil {
        row.field.report(
          "is written by step \(draftStep.field.key), and nothing says with what; write a value or "
            + "a constant",
          "由步骤 \(draftStep.field.key) 写入，但没有说明写什么；请写 value 或 constant")
      }
    }
  }
}

private func nothingForbidden(_ draft: ProfileDraft) {
  for field in draft.root["forbidden"]?.listed() ?? [] {
    guard let table = field.table() else { continue }
    let first = table["from"]?.integer()
    let last = table["to"]?.integer()
    guard let first, let last, let why = table["why"]?.name() else { continue }
    guard first <= last else {
      table["to"]?.report(
        "is below from, \(first)",
        "小于 from 的 \(first)；请写 \(first) 或以上")
      continue
    }
    for step in draft.allSteps {
      guard let range = step.step.flatMap(draft.written), range.overlaps(first..<last + 1) else {
        continue
      }
      step.field.report(
        "writes registers \(range.lowerBound) to \(range.upperBound - 1), of which \(first) to "
          + "\(last) are forbidden (\(why)); leave them out",
        "写入寄存器 \(range.lowerBound) 至 \(range.upperBound - 1)，其中 \(first) 至 "
          + "\(last) 禁止写入（\(why)）；请去掉")
    }
  }
}

// MARK: - What cannot be safe

/// A plan that needs more than one request must not run before the last.
private func wholePlans(_ draft: ProfileDraft) {
  let steps = draft.order.flatMap(\.withAllWithin).compactMap(\.step)
  guard steps.count == draft.order.flatMap(\.withAllWithin).count else { return }
  var requests = 0
  var commits = 0
  for step in steps {
    switch step {
    case .write(let block):
      let length = draft.block(block)?.registers.count ?? 0
      requests += (length + (draft.longestWrite ?? 1) - 1) / max(1, draft.longestWrite ?? 1)
    case .eachEntry: requests += 2
    case .commit: commits += 1
    default: break
    }
  }
  if requests > 1 && commits == 0 {
    draft.root["order"]?.report(
      "needs more than one request, so half a plan could run; end it with a commit that the cabinet "
        + "waits for",
      "需要不止一次请求，可能只运行半个方案；请以信号机等待的 commit 结束")
  }
  if requests == 0 {
    draft.root["order"]?.report(
      "writes no plan; begin with a write",
      "没有写入方案；请以 write 开始")
  }
  if let commit = steps.firstIndex(where: isCommit),
    steps[(commit + 1)...].contains(where: writesPlan)
  {
    draft.root["order"]?.report(
      "writes on after its commit; write all of the plan before it",
      "commit 之后仍在写入；请在其之前写完整个方案")
  }
}

private func isCommit(_ step: CabinetProfile.Step) -> Bool {
  if case .commit = step { true } else { false }
}

private func writesPlan(_ step: CabinetProfile.Step) -> Bool {
  switch step {
  case .write, .store, .eachEntry: true
  default: false
  }
}

private func capabilitiesSafe(_ draft: ProfileDraft) {
  guard let can = draft.capabilities else { return }
  let values = draft.points.compactMap { $0.point?.value }
  let table = can.table
  if can.fencing == false && !can.isSoleMaster {
    table["fencing"]?.report(
      "is false, so the cabinet obeys whoever wrote last; see to it that only one daemon can reach "
        + "it, and say so with sole_master: true",
      "为 false，即信号机服从最后写入者；请确保只有一个守护进程与其相连，" + "并写 sole_master: true")
  }
  if can.fencing == true && !values.contains(.epoch) {
    table["fencing"]?.report(
      "is true, but no point has value: epoch; add it, or write false",
      "为 true，但没有 value: epoch 的点；请补上，或写 false")
  }
  let steps = draft.order.flatMap(\.withAllWithin).compactMap(\.step)
  let looks = steps.contains { step in
    switch step {
    case .readBack, .wait: true
    default: false
    }
  }
  if can.readBack == true && !looks {
    table["read_back"]?.report(
      "is true, but no step of order reads; add read_back or wait",
      "为 true，但 order 中没有读取步骤；请加 read_back 或 wait")
  }
  if can.readBack == false && can.apply.contains(where: { $0 != .cycle }) {
    table["apply"]?.report(
      "a plan that cannot be read again may take over at the start of a cycle only; write [cycle]",
      "不能回读的方案只可在周期开始时生效；请写 [cycle]")
  }
  if can.apply.count > 1 && !values.contains(.apply) {
    table["apply"]?.report(
      "has several moments, but no point has value: apply; add it, or write one moment",
      "有多个生效时刻，但没有 value: apply 的点；请补上，或只写一个时刻")
  }
  leaseSafe(draft, can, values)
}

/// Whoever is lost, the cabinet must come back by itself.
private func leaseSafe(
  _ draft: ProfileDraft, _ can: CapabilitiesDraft, _ values: [CabinetValue]
) {
  guard let lease = can.lease else { return }
  let beats = draft.renewal.flatMap(\.withAllWithin).compactMap(\.step).contains { step in
    guard case .write(let block) = step, let block = draft.block(block) else { return false }
    return draft.points(in: block).contains { $0.point.value == .beat }
  }
  switch lease {
  case .heartbeat, .watchdog:
    if !beats {
      can.table["lease"]?.report(
        "needs steps renewal that write a point with value: beat; without, the cabinet returns to "
          + "its own plan at once, or never",
        "需要 renewal 步骤写入 value: beat 的点；" + "否则信号机立即回到自身方案，或永不返回")
    }
    if lease == .heartbeat && !values.contains(.lease) {
      can.table["lease"]?.report(
        "is heartbeat, but no point has value: lease; add it",
        "为 heartbeat，但没有 value: lease 的点；请补上")
    }
  case .schedule:
    if !draft.renewal.isEmpty {
      draft.root["renewal"]?.report(
        "stands beside lease: schedule, which nothing renews",
        "与 lease: schedule 并存，而后者无需续期")
    }
    if can.apply != [.cycle] {
      can.table["apply"]?.report(
        "without a lease only plan tables may be set, which take over at the start of a cycle; "
          + "write [cycle]",
        "没有租约时只能设置方案表，在周期开始时生效；请写 [cycle]")
    }
  }
}
