import Glibc

/// What a server shows of itself over TLS and whom it believes, as PEM text.
struct TLSIdentity {
  /// Largest file, bytes: an authority's bundle has some hundred certificates.
  private static let limit = 1 << 20

  let certificate: String
  let key: String
  let authority: String?

  /// Reads the files that `settings` name; `nil` without TLS.
  init?(_ settings: HTTPSettings) throws(HTTPServerError) {
    guard let certificate = settings.certificate, let key = settings.key else {
      if let path = settings.senderAuthority ?? settings.certificate ?? settings.key {
        throw .certificates(path: path, reason: "name our certificate and its key too")
      }
      return nil
    }
    self.certificate = try Self.text(certificate)
    self.key = try Self.text(key)
    var authority: String?
    if let path = settings.senderAuthority { authority = try Self.text(path) }
    self.authority = authority
  }

  private static func text(_ path: String) throws(HTTPServerError) -> String {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw .certificates(path: path, reason: systemReason(errno)) }
    defer { close(descriptor) }
    guard let status = FileStatus(descriptor: descriptor), status.isRegular,
      status.size <= limit
    else { throw .certificates(path: path, reason: "it is no file of at most 1 MiB") }
    var bytes = [UInt8](repeating: 0, count: status.size)
    let count = read(descriptor, &bytes, bytes.count)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    guard text.contains("-----BEGIN ") else {
      throw .certificates(path: path, reason: "it holds no PEM text")
    }
    return text
  }
}
