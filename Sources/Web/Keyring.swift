/// The tokens that are believed, and what each may do.
struct Keyring: Sendable {
  /// Name of the token that `HTTPSettings.tokenFile` holds: it may send counts and read.
  static let commonName = "token"

  private struct Key: Sendable {
    let name: String
    let roles: [Role]
    let token: BearerToken
  }

  /// What becomes of a request by who sends it.
  enum Decision: Equatable {
    case welcome(name: String?)
    case unknown(isWrong: Bool)
    case misfit(name: String)
  }

  private var keys: [Key] = []
  /// Whether who shows no token may do what no token was given for.
  private let isOpen: Bool

  /// Reads the tokens that `settings` name.
  ///
  /// - Parameters:
  ///   - settings: Names the files.
  ///   - isOpen: Whether only this machine, or who has a certificate, can ask at all.
  /// - Throws: Which token file cannot be used, and why.
  init(_ settings: HTTPSettings, isOpen: Bool) throws(HTTPServerError) {
    self.isOpen = isOpen
    if let path = settings.tokenFile {
      keys.append(
        Key(name: Self.commonName, roles: [.counts, .viewer], token: try BearerToken(path: path)))
    }
    for entry in settings.access {
      keys.append(
        Key(name: entry.name, roles: [entry.role], token: try BearerToken(path: entry.file)))
    }
  }

  /// Whether what needs `role` is done for who shows no token. Nothing is ever changed so.
  private func isFree(_ role: Role) -> Bool {
    isOpen && role != .operator && !keys.contains { $0.roles.contains(role) }
  }

  /// Whether who shows `header`, the value of Authorization, may do what needs `role`. How long that
  /// takes does not depend on which token it is.
  func decide(_ header: String?, on role: Role) -> Decision {
    if isFree(role) { return .welcome(name: header.flatMap(find)?.name) }
    guard let header else { return .unknown(isWrong: false) }
    guard let key = find(header) else { return .unknown(isWrong: true) }
    let may = key.roles.contains { $0.allows(role) }
    return may ? .welcome(name: key.name) : .misfit(name: key.name)
  }

  private func find(_ header: String) -> Key? {
    var found: Key?
    for key in keys where key.token.matches(header) { found = key }
    return found
  }
}
