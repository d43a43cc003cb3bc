import Phrases

/// Makes the tree of a file from its events, and reports what configuration may not contain: anchors
/// and aliases (a short file could unfold into a huge one), tags, keys twice, a second document.
struct YAMLComposer: ~Copyable {
  /// Deepest nesting; a site file needs 5.
  static let depthLimit = 16

  private let events: YAMLEvents
  private let problems: Problems

  init(_ bytes: UnsafeBufferPointer<UInt8>, problems: Problems) {
    events = YAMLEvents(bytes)
    self.problems = problems
  }

  /// The file's only document; refused content if there is none.
  func document() throws(YAMLSyntaxError) -> YAMLNode {
    var event = try events.next()
    while event.kind == .streamStart { event = try events.next() }
    guard event.kind == .documentStart else {
      problems.report(
        .start, "file", "is empty; a map of keys such as \"version: 1\" is needed",
        "是空文件；需要由键组成的映射，例如 version: 1")
      return YAMLNode(mark: .start, content: .refused)
    }
    let root = try node(try events.next(), path: "", depth: 0)
    _ = try events.next()
    let after = try events.next()
    if after.kind == .documentStart {
      problems.report(
        after.mark, "file", "a second document begins; give each document a file of its own",
        "出现第二个文档；每个文档应单独成文件")
    }
    return root
  }

  private func node(_ event: YAMLEvent, path: String, depth: Int) throws(YAMLSyntaxError)
    -> YAMLNode
  {
    refuseExtras(of: event)
    switch event.kind {
    case .scalar(let text): return YAMLNode(mark: event.mark, content: .scalar(text))
    case .listStart: return try list(event.mark, path: path, depth: try deeper(depth, event.mark))
    case .mapStart: return try map(event.mark, path: path, depth: try deeper(depth, event.mark))
    default: return YAMLNode(mark: event.mark, content: .refused)
    }
  }

  private func refuseExtras(of event: YAMLEvent) {
    if event.kind == .alias {
      problems.report(
        event.mark, "alias", "aliases are not allowed; write the value out", "不允许使用别名；请写出值本身")
    }
    if event.isAnchored {
      problems.report(
        event.mark, "anchor", "anchors are not allowed; leave the & and its name out",
        "不允许使用锚点；请去掉 & 及其名称")
    }
    if event.isTagged {
      problems.report(
        event.mark, "tag", "tags are not allowed; leave the ! and its name out",
        "不允许使用标签；请去掉 ! 及其名称")
    }
  }

  private func deeper(_ depth: Int, _ mark: Mark) throws(YAMLSyntaxError) -> Int {
    guard depth < Self.depthLimit else {
      throw YAMLSyntaxError(
        mark: mark,
        problem: Phrase(
          "nested deeper than \(Self.depthLimit) levels; nothing needs that",
          "嵌套超过 \(Self.depthLimit) 层；没有内容需要这么深"))
    }
    return depth + 1
  }

  private func list(_ mark: Mark, path: String, depth: Int) throws(YAMLSyntaxError) -> YAMLNode {
    var items: [YAMLNode] = []
    var event = try events.next()
    while event.kind != .listEnd {
      items.append(try node(event, path: "\(path)[#\(items.count + 1)]", depth: depth))
      event = try events.next()
    }
    return YAMLNode(mark: mark, content: .list(items))
  }

  private func map(_ mark: Mark, path: String, depth: Int) throws(YAMLSyntaxError) -> YAMLNode {
    var pairs: [YAMLPair] = []
    var lines: [String: Int] = [:]
    var event = try events.next()
    while event.kind != .mapEnd {
      let key = try node(event, path: path, depth: depth)
      let name = key.name ?? ""
      let full = path.isEmpty ? bare(name) : "\(path).\(bare(name))"
      let value = try node(try events.next(), path: full, depth: depth)
      event = try events.next()
      guard !name.isEmpty else {
        problems.report(
          key.mark, "map", "a key must be a name; write \"name: value\"",
          "键必须是名称；请写 \"name: value\"")
        continue
      }
      if let line = lines[name] {
        problems.report(
          key.mark, full, "stands twice, first in line \(line); keep one",
          "重复，首次出现在第 \(line) 行；请保留一个")
        continue
      }
      lines[name] = key.mark.line
      pairs.append(YAMLPair(key: name, mark: key.mark, value: value))
    }
    return YAMLNode(mark: mark, content: .map(pairs))
  }
}

extension YAMLNode {
  /// The text of a scalar.
  fileprivate var name: String? {
    guard case .scalar(let text) = content else { return nil }
    return text
  }
}
