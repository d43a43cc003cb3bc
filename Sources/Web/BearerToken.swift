/// The secret that a sender of counts must show (RFC 6750), read from a file.
struct BearerToken: Sendable {
  private let bytes: [UInt8]

  /// Reads the token from the file at `path`; see `SecretFile`.
  ///
  /// - Throws: Why it is no token, and what to do.
  init(
    path: String, credentials: String? = SecretFile.credentialsFolder
  ) throws(HTTPServerError) {
    do {
      bytes = try SecretFile.read(path, credentials: credentials)
    } catch {
      throw .tokenFile(path: path, reason: error.reason)
    }
  }

  /// Whether `header`, the value of Authorization, shows the token. How long that takes does not
  /// depend on where the first wrong character stands.
  func matches(_ header: String) -> Bool {
    let scheme = Array("bearer ".utf8)
    let shown = Array(header.utf8)
    let isBearer =
      shown.count > scheme.count && zip(shown, scheme).allSatisfy { ($0.0 | 0x20) == $0.1 }
    let secret = shown.dropFirst(scheme.count).drop { $0 == 32 }
    var difference: UInt8 = isBearer && secret.count == bytes.count ? 0 : 1
    for (position, byte) in secret.prefix(SecretFile.limit).enumerated() {
      difference |= byte ^ bytes[position % bytes.count]
    }
    return difference == 0
  }
}
