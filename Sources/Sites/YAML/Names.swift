/// Names that others refer to, by position.
public struct Names: Sendable {
  /// What they are names of, such as "signal group".
  public let noun: String

  /// All names; `nil` where an entry has none that can be read.
  public let all: [String?]

  /// Names of things called `noun`.
  public init(of noun: String, _ all: [String?]) {
    self.noun = noun
    self.all = all
  }

  var plural: String { noun.hasSuffix("ch") ? noun + "es" : noun + "s" }

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
      let meant = suggestion(
        for: name, among: names.all.compactMap(\.self), noun: names.plural)
      return refuse("there is no \(names.noun) \(shown(name)); \(meant)")
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
          "\(names.noun) \(shown(names[position])) stands twice in this list; once is enough")
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
      return refuse("\(shown(text)) is neither true nor false; write one of them")
    }
    return text == "true"
  }

  /// One of the values of an enumeration, by its raw value.
  public func choice<Value>(of type: Value.Type) -> Value?
  where Value: CaseIterable & RawRepresentable<String> {
    guard let text = text() else { return nil }
    guard let value = Value(rawValue: text) else {
      let names = Sites.choice(Value.allCases.map(\.rawValue))
      return refuse("\(shown(text)) is not among the choices; write \(names)")
    }
    return value
  }
}

extension Problems {
  /// Reports every name that an earlier entry of the list has already.
  func refuseDuplicates(_ names: [(field: Field?, name: String?)], noun: String) {
    var lines: [String: Int] = [:]
    for case (let field?, let name?) in names {
      if let line = lines[name] {
        field.report(
          "\(noun) \(shown(name)) stands twice, first in line \(line); give each its own name")
      } else {
        lines[name] = field.mark.line
      }
    }
  }
}
