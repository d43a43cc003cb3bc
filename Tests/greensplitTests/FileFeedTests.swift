import Glibc
import History
import Signals
import Support
import Testing

@testable import greensplit

extension EndToEnd {
  @Suite("Counts from a file, from standard input and from a followed file")
  struct FileFeedTests {
    let street: Street
    let nowhere: Listening

    init() throws {
      street = try Street()
      nowhere = try Listening()
      street.folder.write(try Street.site("J001"), to: "J001.yaml")
    }

    /// A thousand records of one detector, one of them not to be read.
    private func write(to name: String) {
      let begin = Int(street.clock.now().utc.seconds) - 1000
      let lines = (0..<1000).map { number in
        number == 500
          ? "nonsense\n"
          : #"{"v":1,"det":"J001.N.T","start":\#(begin + number),"end":\#(begin + number + 1),"#
            + #""count":1}"# + "\n"
      }
      street.folder.write(lines.joined(), to: name)
    }

    private func start(_ arguments: [String], input: String = "/dev/null") async throws -> Program {
      let daemon = try Program(
        [
          "run", "--clock", street.clock.description, "--sites", street.path("J001.yaml"),
          "--cabinets", "J001=\(nowhere.address)", "--history", street.path("history.db"),
        ] + arguments, input: input)
      try await daemon.hears("controlling")
      return daemon
    }

    /// How many records have come into the history when the daemon has ended in good order.
    private func kept(by daemon: Program) async throws -> Int {
      daemon.signal(SIGTERM)
      // The service manager's patience: a disk that others use may be slow to take a thousand rows.
      #expect(try await daemon.end(within: 10) == 0, "\(daemon.errors)")
      let (reader, always) = try street.story
      return try reader.counts(in: always, limit: .max).count
    }

    @Test(
      "are kept but for what cannot be read, and their end is told once", arguments: [true, false])
    func wholeFile(isStandardInput: Bool) async throws {
      write(to: "counts")
      let path = street.path("counts")
      let daemon =
        try await
        (isStandardInput
        ? start(["--counts", "-"], input: path) : start(["--counts", path]))
      let origin = isStandardInput ? "standard input" : path
      try await daemon.hears("counts ended", ["origin": origin, "why": "all is read"])
      let refused = try await daemon.hears("count refused", ["origin": origin])
      #expect(refused.entry["reason"]?.hasPrefix("line 501: is not JSON") == true)
      #expect(try await kept(by: daemon) == 999)
      #expect(try daemon.log.count { $0["event"] == "counts ended" } == 1)
    }

    @Test("go on over a rotation, and what happens to the file is told in words")
    func rotation() async throws {
      let daemon = try await start(["--follow", street.path("counts")])
      try await daemon.hears(
        "followed file",
        [
          "level": "warning",
          "what": "\(street.path("counts")): cannot be opened: No such file or directory; "
            + "it is tried again",
        ])
      write(to: "counts")
      try await daemon.hears("followed file", ["what": "open, read from byte 0 on"])
      try await daemon.hears("count refused")
      rename(street.path("counts"), street.path("counts.1"))
      street.folder.write("more nonsense\n", to: "counts")
      try await daemon.hears(
        "followed file",
        ["what": "another file has taken the name; the old one was read to its end"])
      _ = try await daemon.heard("the new file's line") {
        $0["reason"]?.hasPrefix("line 1: is not JSON") == true
      }
      #expect(try await kept(by: daemon) == 999)
    }
  }
}
