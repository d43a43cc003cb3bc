/// What who shows a token may do.
public enum Role: String, Sendable, CaseIterable, Codable {
  /// Send count records.
  case counts
  /// Read how everything stands.
  case viewer
  /// Read, and override control.
  case `operator`

  /// Whether it may do what is for `needed`.
  public func allows(_ needed: Role) -> Bool {
    self == needed || self == .operator && needed == .viewer
  }
}

/// A token of one person or program.
public struct AccessToken: Sendable, Hashable {
  /// Who shows it, for records.
  public let name: String
  /// What it may do.
  public let role: Role
  /// File that holds it.
  public let file: String

  /// The token in `file` is that of `name`.
  public init(name: String, role: Role, file: String) {
    self.name = name
    self.role = role
    self.file = file
  }
}

/// Who sends a request.
public struct Caller: Sendable, Hashable {
  /// Numeric address that it comes from.
  public let peer: String
  /// Name of the token that was shown; `nil` without one.
  public let name: String?

  /// Who sends from `peer` with the token of `name`.
  public init(peer: String, name: String?) {
    self.peer = peer
    self.name = name
  }
}

/// A request with a good token that is not meant for it.
public struct HTTPRefusal: Sendable, Hashable {
  /// Who sent it.
  public let caller: Caller
  /// What was asked: method and path, printable.
  public let what: String
  /// What it needed.
  public let needed: Role
  /// How many more of this token were not told, since they came too fast.
  public let untold: Int
}
