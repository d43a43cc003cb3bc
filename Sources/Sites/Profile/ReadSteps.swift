import Profiles
import Signals

/// A step and where it stands; the steps within it, if it has any.
struct StepDraft {
  let field: Field
  let step: CabinetProfile.Step?
  let inner: [StepDraft]

  /// The step with all within it.
  var withAllWithin: [StepDraft] { [self] + inner.flatMap(\.withAllWithin) }
}

/// The steps of a list; `field` is `nil` where there is none.
func readSteps(_ field: Field?, _ names: (blocks: Names, points: Names)) -> [StepDraft] {
  (field?.listed() ?? []).map { readStep($0, names) }
}

private func readStep(_ field: Field, _ names: (blocks: Names, points: Names)) -> StepDraft {
  guard let table = field.table(ProfileSchema.steps) else {
    return StepDraft(field: field, step: nil, inner: [])
  }
  let given = ProfileSchema.steps.filter { table[$0.name] != nil }
  guard given.count == 1, let kind = given.first?.name, let content = table[kind] else {
    field.report(
      "has \(given.count) steps; write one in each entry, such as - write: plan",
      "有 \(given.count) 个步骤；每一项请写一个，例如 - write: plan")
    return StepDraft(field: field, step: nil, inner: [])
  }
  if kind == "each_entry" {
    let inner = readSteps(content, names)
    let steps = inner.compactMap(\.step)
    return StepDraft(
      field: content, step: steps.count == inner.count ? .eachEntry(steps) : nil, inner: inner)
  }
  return StepDraft(field: content, step: single(kind, content, names), inner: [])
}

private func single(
  _ kind: String, _ content: Field, _ names: (blocks: Names, points: Names)
) -> CabinetProfile.Step? {
  switch kind {
  case "write": return content.reference(to: names.blocks).map { .write(block: $0) }
  case "read_back": return content.reference(to: names.blocks).map { .readBack(block: $0) }
  case "pause": return content.number().map { .pause(seconds: $0) }
  case "wait": return waiting(content, names.points)
  default:
    let table = content.table()
    let point = table?["point"]?.reference(to: names.points)
    guard let point, let number = table?["to"]?.register(wide: true).flatMap({ $0 }) else {
      return nil
    }
    switch kind {
    case "store": return .store(point: point, to: number)
    case "commit": return .commit(point: point, to: number)
    default: return .set(point: point, to: number)
    }
  }
}

private func waiting(_ content: Field, _ points: Names) -> CabinetProfile.Step? {
  guard let table = content.table() else { return nil }
  let point = table["point"]?.reference(to: points)
  let values = table["is"]?.registers()
  let refused = table.value("refused", or: []) { $0.registers() }
  let seconds = table["within"]?.number()
  guard let point, let values, let refused, let seconds else { return nil }
  return .wait(point: point, values: values, refused: refused, seconds: seconds)
}

extension Field {
  fileprivate func registers() -> [UInt32]? {
    guard let items = listed() else { return nil }
    let values = items.compactMap { $0.register(wide: true).flatMap { $0 } }
    return values.count == items.count ? values : nil
  }
}
