/// A site file as it is written, to say where something stands.
public struct SiteSource {
  private let root: Field

  init(_ root: Field) { self.root = root }

  /// Where a key stands, or the nearest around it that the file has.
  ///
  /// - Parameters:
  ///   - section: A key of the file.
  ///   - entry: Which entry of its list; `nil` for the section itself.
  ///   - key: A key of the entry, or of the section.
  /// - Returns: Line, column and name; the file's beginning if it has nothing of it.
  public func place(_ section: String, _ entry: Int? = nil, _ key: String? = nil) -> Place {
    guard let list = root.child(at: section) else { return Place(root) }
    guard let field = entry.map({ list.entry(at: $0) }) ?? list else { return Place(list) }
    return Place(key.flatMap { field.child(at: $0) } ?? field)
  }
}

extension Field {
  /// The value of a key of the map here, if it has one.
  fileprivate func child(at name: String) -> Field? {
    guard case .map(let pairs) = node.content, let pair = pairs.first(where: { $0.key == name })
    else { return nil }
    return Field(
      node: pair.value, mark: pair.value.mark, key: child(name), example: nil, shape: nil,
      problems: problems)
  }

  /// An entry of the list here, if it has so many.
  fileprivate func entry(at position: Int) -> Field? {
    guard case .list(let items) = node.content, items.indices.contains(position) else {
      return nil
    }
    return list()?[position]
  }
}
