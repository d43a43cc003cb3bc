import Signals

extension SignalGroupDraft {
  /// The signal groups with the conflicts of the whole junction.
  static func read(_ section: Section, conflicts field: Field?) -> [SignalGroupDraft] {
    var table = section.rows.map { _ in [Int]() }
    var knowsAll = field != nil && section.names.isComplete
    let entries = field?.entries()
    knowsAll = knowsAll && entries != nil
    for entry in entries ?? [] {
      let group = entry.name.reference(to: section.names)
      let others = entry.value.references(to: section.names)
      guard let group, let others else {
        knowsAll = false
        continue
      }
      for other in others {
        guard other.position != group else {
          other.field.report(
            "signal group \(shown(section.names[group])) cannot conflict with itself; leave it out",
            "灯组 \(shown(section.names[group])) 不能与自身冲突；请去掉")
          continue
        }
        table[group].append(other.position)
        table[other.position].append(group)
      }
    }
    return section.rows.enumerated().map { position, row in
      SignalGroupDraft(
        row: row,
        kind: row.table?.value("kind", or: .vehicle) { $0.choice(of: SignalGroup.Kind.self) },
        givesWayTo: row.table?.value("gives_way_to", or: []) {
          $0.references(to: section.names)
        },
        conflicts: sortedOnce(table[position]), knowsAllConflicts: knowsAll)
    }
  }
}

private func sortedOnce(_ positions: [Int]) -> [Int] {
  positions.sorted().reduce(into: []) { if $0.last != $1 { $0.append($1) } }
}

extension StageDraft {
  init(_ row: Row, signalGroups: Names) {
    self.row = row
    let table = row.table
    green = table?["green"]?.references(to: signalGroups)
    permissive = table?.value("permissive", or: []) { $0.references(to: signalGroups) }
    minimumGreen = table?["min_green"]?.duration()
    maximumGreen = table?["max_green"]?.duration()
    greenFlash = table?.value("green_flash", or: .zero) { $0.duration() }
    yellow = table?["yellow"]?.duration()
    allRed = table?["all_red"]?.duration()
    recall = table?.value("recall", or: false) { $0.flag() }
  }
}

/// The change table of `stages`; `nil` if any of it cannot be read.
func readChanges(_ field: Field?, stages: Names) -> ChangeTable? {
  let size = stages.all.count
  let rows = [[Tenths?]](repeating: Array(repeating: .zero, count: size), count: size)
  guard let field else { return ChangeTable(rows) }
  guard let table = field.table() else { return nil }
  var reader = ChangeReader(stages: stages, rows: rows)
  table["forbidden"].map { reader.readForbidden($0) }
  table["intergreens"].map { reader.readIntergreens($0) }
  return reader.isComplete && stages.isComplete ? ChangeTable(reader.rows) : nil
}

/// Reads forbidden changes and intergreens, each pair of stages at most once.
private struct ChangeReader {
  let stages: Names
  var rows: [[Tenths?]]
  var isComplete = true
  private var lines: [[Int]: Int] = [:]

  init(stages: Names, rows: [[Tenths?]]) {
    self.stages = stages
    self.rows = rows
  }

  mutating func readForbidden(_ field: Field) {
    guard let pairs = field.listed() else {
      isComplete = false
      return
    }
    for pair in pairs {
      let ends = pair.listed()?.map { $0.reference(to: stages) }
      set(pair, from: ends?[0], to: ends?[1], time: .some(nil))
    }
  }

  mutating func readIntergreens(_ field: Field) {
    guard let entries = field.listed() else {
      isComplete = false
      return
    }
    for entry in entries {
      let table = entry.table()
      let time = table?["time"]?.duration()
      set(
        entry, from: table?["from"]?.reference(to: stages),
        to: table?["to"]?.reference(to: stages), time: time.map(Optional.some))
    }
  }

  /// `time`: `nil` if it cannot be read, `.some(nil)` if the change is forbidden.
  private mutating func set(_ field: Field, from: Int?, to: Int?, time: Tenths??) {
    guard let from, let to, let time else {
      isComplete = false
      return
    }
    guard from != to else {
      field.report(
        "a stage does not change to itself; name two stages",
        "相位阶段不会过渡到自身；请写两个不同的阶段")
      return
    }
    if let line = lines[[from, to]] {
      field.report(
        "the change from \(stages[from]) to \(stages[to]) stands twice, first in line \(line); "
          + "keep one",
        "从 \(stages[from]) 到 \(stages[to]) 的过渡重复，首次出现在第 \(line) 行；请保留一个")
      return
    }
    lines[[from, to]] = field.mark.line
    rows[from][to] = time
  }
}
