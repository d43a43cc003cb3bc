import Support

/// An authority made for a test, with a certificate of a server and one of a client, by openssl.
struct Authority {
  private let folder: TemporaryFolder

  /// An authority whose server is at the numeric address `address`.
  init(_ address: String) throws {
    folder = try TemporaryFolder()
    func openssl(_ arguments: String...) throws {
      let (status, _) = try Command.run("openssl", arguments)
      precondition(status == 0, "openssl \(arguments)")
    }
    try openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
      "2", "-subj", "/CN=authority", "-keyout", path("ca.key"), "-out", path("ca.crt"))
    folder.write("subjectAltName=IP:\(address)\n", to: "names")
    for name in ["server", "client"] {
      try openssl(
        "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
        "/CN=\(name)", "-keyout", path("\(name).key"), "-out", path("\(name).csr"))
      try openssl(
        "x509", "-req", "-days", "2", "-in", path("\(name).csr"), "-CA", path("ca.crt"), "-CAkey",
        path("ca.key"), "-CAcreateserial", "-extfile", path("names"), "-out", path("\(name).crt"))
    }
  }

  /// Where its file `name` is: ca.crt, server.crt, server.key, client.crt or client.key.
  func path(_ name: String) -> String { "\(folder.path)/\(name)" }
}
