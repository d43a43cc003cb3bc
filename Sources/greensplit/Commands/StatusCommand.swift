import CCurl
import FoundationEssentials

/// Asks a running daemon how its junctions stand.
enum StatusCommand: Command {
  static let options = OptionList(
    command: "status", purpose: "How the junctions of a running daemon stand, in words.",
    operands: "[JUNCTION…]",
    options: [
      .init(
        name: "--http", value: "ADDRESS:PORT", help: "where the daemon listens (127.0.0.1:8017)"),
      .init(
        name: "--token-file", value: "FILE", help: "the bearer token that the daemon wants"),
      .init(name: "--json", value: nil, help: "all that is known, as JSON (docs/running.md)"),
    ])

  static func run(_ options: Options) throws -> ExitStatus {
    let address =
      try options.value(
        "--http", expected: "a numeric address and a port, such as 127.0.0.1:8017",
        read: SocketText.init) ?? SocketText(host: "127.0.0.1", port: 8017)
    let token = try options["--token-file"].map(readToken)
    let body = try HTTPQuestion(address: address, path: "/v1/status", token: token).answer()
    let report: StatusReport
    do {
      report = try JSONDecoder().decode(StatusReport.self, from: Data(body))
    } catch {
      throw Failure("\(address.host):\(address.port) is no greensplit daemon of this version")
    }
    guard report.format == StatusReport.format else {
      throw Failure("the daemon tells its status as \(report.format); this is another version")
    }
    let known = report.junctions.map(\.id)
    for wanted in options.operands where !known.contains(wanted) {
      throw Failure("no junction \(wanted); the daemon controls \(known.joined(separator: ", "))")
    }
    let wanted = report.junctions.filter {
      options.operands.isEmpty || options.operands.contains($0.id)
    }
    if options.has("--json") {
      say(report.only(wanted).json)
    } else {
      for junction in wanted { say(junction.words) }
    }
    return .success
  }

  private static func readToken(_ path: String) throws(Failure) -> String {
    let text = String(decoding: try readWhole(path, atMost: 65_536), as: UTF8.self)
    return String(text.prefix { !$0.isNewline })
  }
}
