import Phrases

/// What bears a name in a file.
public enum Noun: String, Sendable {
  /// What each names.
  case approach, crossing, stage, detector, plan, junction, block, point, key
  /// Lamps that always show the same.
  case signalGroup = "signal group"
  /// Lanes of one queue.
  case laneGroup = "lane group"

  var plural: String { rawValue.hasSuffix("ch") ? rawValue + "es" : rawValue + "s" }

  var chinese: String {
    switch self {
    case .approach: "进口道"
    case .crossing: "人行横道"
    case .stage: "相位阶段"
    case .detector: "检测器"
    case .plan: "配时方案"
    case .junction: "路口"
    case .block: "寄存器块"
    case .point: "点"
    case .key: "键"
    case .signalGroup: "灯组"
    case .laneGroup: "车道组"
    }
  }
}

/// Names that others refer to, by position.
public struct Names: Sendable {
  /// What they are names of.
  public let noun: Noun

  /// All names; `nil` where an entry has none that can be read.
  public let all: [String?]

  /// Names of things called `noun`.
  public init(of noun: Noun, _ all: [String?]) {
    self.noun = noun
    self.all = all
  }

  /// Whether every entry has a name: if not, a name that is not found may be one of those.
  var isComplete: Bool { all.allSatisfy { $0 != nil } }

  /// The position of the first entry called `name`.
  public func position(of name: String) -> Int? { all.firstIndex(of: name) }
}

/// A name that was found, and where it is referred to.
struct Reference {
  /// Position of the entry that bears the name.
  let position: Int
  let field: Field
}

extension Names {
  /// The name at a position, for errors.
  subscript(_ position: Int) -> String { all[position] ?? "#\(position + 1)" }
}

extension Field {
  /// The position of the entry that is named here; `nil` without a word if it may be one whose own
  /// name cannot be read, which has been reported there.
  public func reference(to names: Names) -> Int? {
    guard let name = text() else { return nil }
    guard let position = names.position(of: name) else {
      guard names.isComplete else { return nil }
      let meant = suggestion(for: name, among: names.all.compactMap(\.self), of: names.noun)
      return refuse(
        "there is no \(names.noun.rawValue) \(shown(name)); \(meant.text(.english))",
        "没有\(names.noun.chinese) \(shown(name))；\(meant.text(.chinese))")
    }
    return position
  }

  /// References to entries of `names`, none twice.
  func references(to names: Names) -> [Reference]? {
    guard let items = listed() else { return nil }
    var references: [Reference] = []
    var isComplete = true
    for item in items {
      guard let position = item.reference(to: names) else {
        isComplete = false
        continue
      }
      guard !references.contains(where: { $0.position == position }) else {
        item.report(
          "\(names.noun.rawValue) \(shown(names[position])) stands twice in this list; once is enough",
          "\(names.noun.chinese) \(shown(names[position])) 在此列表中出现两次；写一次即可")
        continue
      }
      references.append(Reference(position: position, field: item))
    }
    return isComplete ? references : nil
  }

  /// `true` or `false`.
  public func flag() -> Bool? {
    guard let text = text() else { return nil }
    guard text == "true" || text == "false" else {
      return refuse(
        "\(shown(text)) is neither true nor false; write one of them",
        "\(shown(text)) 既不是 true 也不是 false；请写其中之一")
    }
    return text == "true"
  }

  /// One of the values of an enumeration, by its raw value.
  public func choice<Value>(of type: Value.Type) -> Value?
  where Value: CaseIterable & RawRepresentable<String> {
    guard let text = text() else { return nil }
    guard let value = Value(rawValue: text) else {
      let names = Value.allCases.map(\.rawValue)
      return refuse(
        "\(shown(text)) is not among the choices; write \(Sites.choice(names))",
        "\(shown(text)) 不在可选值之列；请写 \(Sites.choice(names, .chinese))")
    }
    return value
  }
}

extension Problems {
  /// Reports every name that an earlier entry of the list has already.
  func refuseDuplicates(_ names: [(field: Field?, name: String?)], noun: Noun) {
    var lines: [String: Int] = [:]
    for case (let field?, let name?) in names {
      if let line = lines[name] {
        field.report(
          "\(noun.rawValue) \(shown(name)) stands twice, first in line \(line); give each its own name",
          "\(noun.chinese) \(shown(name)) 重复，首次出现在第 \(line) 行；每个应各有其名")
      } else {
        lines[name] = field.mark.line
      }
    }
  }
}
