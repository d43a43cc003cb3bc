public import Phrases

/// A value of a file on its way to what it means.
///
/// Every conversion reports what is wrong and returns `nil` then, so that the reader goes on and
/// finds all errors of a file at once.
public struct Field {
  /// The value.
  public let node: YAMLNode

  /// Where errors about it stand: the value, or its key if the value is missing.
  public let mark: Mark

  /// The key with all keys around it, as errors show it.
  public let key: String

  let example: Phrase?
  /// What it must be, if the key that holds it says so.
  let shape: Shape?
  let problems: Problems

  /// Reports what is wrong here and what would be right, in English and in Chinese.
  public func report(_ english: String, _ chinese: String) { report(Phrase(english, chinese)) }

  /// Reports that `problem` is wrong here: what is wrong, and what would be right.
  public func report(_ problem: Phrase) { problems.report(mark, key, problem) }

  /// Reports what is wrong, and returns nothing.
  func refuse<Value>(_ english: String, _ chinese: String) -> Value? {
    report(english, chinese)
    return nil
  }

  /// Likewise, with "; write, say, 30 s" if the key has an example.
  func refuse<Value>(hinting english: String, _ chinese: String) -> Value? {
    guard let example else { return refuse(english, chinese) }
    return refuse(
      english + "; write, say, \(example.text(.english))",
      chinese + "；例如写 \(example.text(.chinese))")
  }

  /// The text of a scalar that is not empty.
  public func text() -> String? {
    switch node.content {
    case .scalar(""): return refuse(hinting: "has no value", "没有值")
    case .scalar(let text): return text
    case .list: return refuse(hinting: "is a list, but a single value is needed", "是列表，而此处需要单个值")
    case .map: return refuse(hinting: "is a map, but a single value is needed", "是映射，而此处需要单个值")
    case .refused: return nil
    }
  }

  /// A name: 1 to 64 characters, none of them a control character, no space at either end.
  public func name() -> String? {
    guard let text = text() else { return nil }
    let isClean = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    guard isClean, text.count <= 64, text.first != " ", text.last != " " else {
      return refuse(
        "\(shown(text)) is not a name; use 1 to 64 characters without line breaks, "
          + "and no space at either end",
        "\(shown(text)) 不能作为名称；请用 1 至 64 个字符，不含换行，首尾无空格")
    }
    return text
  }

  /// The entries of a list, of which there must be `count`.
  public func list(count: ClosedRange<Int> = 0...1000) -> [Field]? {
    guard let items = items() else { return nil }
    guard count.contains(items.count) else {
      return refuse(
        "has \(items.count == 1 ? "1 entry" : "\(items.count) entries"), but "
          + "\(range(count).text(.english)) are needed",
        "有 \(items.count) 项，而需要 \(range(count).text(.chinese)) 项"
      )
    }
    return items.enumerated().map { position, item in
      let label = item.label ?? "#\(position + 1)"
      return Field(
        node: item, mark: item.mark, key: "\(key)[\(label)]", example: nil, shape: shape?.element,
        problems: problems)
    }
  }

  private func items() -> [YAMLNode]? {
    switch node.content {
    case .list(let items): return items
    case .scalar(""):
      return refuse("has no value, but a list is needed; write [] for none", "没有值，而此处需要列表；没有时写 []")
    case .scalar: return refuse(hinting: "is a single value, but a list is needed", "是单个值，而此处需要列表")
    case .map:
      return refuse(
        "is a map, but a list is needed; begin each entry with a dash", "是映射，而此处需要列表；每一项以短横线开头")
    case .refused: return nil
    }
  }

  /// The pairs of a map whose keys are names of something.
  public func entries() -> [(name: Field, value: Field)]? {
    guard let pairs = pairs() else { return nil }
    return pairs.map { pair in
      let path = child(pair.key)
      let name = YAMLNode(mark: pair.mark, content: .scalar(pair.key))
      return (
        Field(
          node: name, mark: pair.mark, key: path, example: nil, shape: .reference,
          problems: problems),
        Field(
          node: pair.value, mark: pair.value.mark, key: path, example: nil, shape: shape?.element,
          problems: problems)
      )
    }
  }

  func pairs() -> [YAMLPair]? {
    switch node.content {
    case .map(let pairs): return pairs
    case .scalar(""): return refuse("has no value, but \(aMap)", "没有值，\(aMapInChinese)")
    case .scalar: return refuse("is a single value, but \(aMap)", "是单个值，\(aMapInChinese)")
    case .list: return refuse("is a list, but \(aMap)", "是列表，\(aMapInChinese)")
    case .refused: return nil
    }
  }

  /// The path of a key in this map; the file's own keys have none before them.
  func child(_ name: String) -> String {
    key == "file" ? bare(name) : "\(key).\(bare(name))"
  }
}

private let aMap = "a map is needed; write \"key: value\" lines"
private let aMapInChinese = "而此处需要映射；请逐行写 \"key: value\""

/// "1 to 16", or "at least 1" where the upper end is only there to bound the file.
private func range(_ count: ClosedRange<Int>) -> Phrase {
  let (least, most) = (count.lowerBound, count.upperBound)
  if least == most { return Phrase(name: "\(least)") }
  return most >= 1000
    ? Phrase("at least \(least)", "至少 \(least)")
    : Phrase("\(least) to \(most)", "\(least) 至 \(most)")
}

extension YAMLNode {
  /// What people call an entry of a list: its name, or its id.
  fileprivate var label: String? {
    guard case .map(let pairs) = content else { return nil }
    for key in ["name", "id"] {
      guard let pair = pairs.first(where: { $0.key == key }),
        case .scalar(let text) = pair.value.content, !text.isEmpty, text.count <= 64
      else { continue }
      return bare(text)
    }
    return nil
  }
}
