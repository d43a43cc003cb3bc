/// A value of a YAML file and where it stands.
///
/// The part of YAML that configuration needs: text, lists and maps. All plain scalars are text; what
/// they mean is for the key that holds them, so a stage may be called `NO` or `1`.
public struct YAMLNode: Sendable, Equatable {
  /// What the value is.
  public enum Content: Sendable, Equatable {
    /// Text, a number or a quantity; a key without a value is empty text.
    case scalar(String)
    /// A list (`- a` or `[a, b]`).
    case list([YAMLNode])
    /// A map, in the order of the file; no key twice.
    case map([YAMLPair])
    /// Something that was refused, and so is looked at no further.
    case refused
  }

  /// Where the value begins.
  public let mark: Mark

  /// What the value is.
  public let content: Content

  /// A value that begins at `mark`.
  public init(mark: Mark, content: Content) {
    self.mark = mark
    self.content = content
  }
}

/// A key of a map with its value.
public struct YAMLPair: Sendable, Equatable {
  /// The key.
  public let key: String

  /// Where the key begins.
  public let mark: Mark

  /// The value.
  public let value: YAMLNode

  /// `key`, which begins at `mark`, with its value.
  public init(key: String, mark: Mark, value: YAMLNode) {
    self.key = key
    self.mark = mark
    self.value = value
  }
}
