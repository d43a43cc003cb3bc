import Glibc
import History
import Support
import Testing

extension EndToEnd {
  @Suite("The history of a running daemon")
  struct HistoryCommandTests {
    let street: Street

    init() throws { street = try Street() }

    private func history(_ words: String...) async throws -> (
      status: Int32, output: String, errors: String
    ) {
      try await Program.run(["history"] + words + ["--history", street.path("history.db")])
    }

    @Test("is copied while it is written; the copy is restored after the stop, and control goes on")
    func backedUp() async throws {
      let (cabinet, addresses) = try await street.traffic()
      var daemon = try await street.daemon(at: addresses[0])
      _ = try await street.takesControl(cabinet)
      let copy = street.path("copy.db")
      let made = try await history("backup", copy, "--lang", "en")
      #expect(made.status == 0, "\(made.errors)")
      #expect(made.output.hasPrefix("\(copy): a checked copy of \(street.path("history.db"))\n"))
      #expect(made.output.contains(", 1 junctions, epoch 1, "))
      let refused = try await history("restore", copy)
      #expect(refused.status == 1)
      #expect(refused.errors.contains("another program has it open; stop the daemon first"))

      // It went on writing all the while.
      let plans = { try street.story.reader.plans(in: street.story.always, limit: .max).count }
      let before = try plans()
      try await eventually(within: 60, "another plan", details: { daemon.errors }) {
        try plans() > before ? true : nil
      }
      daemon.signal(SIGTERM)
      #expect(try await daemon.end(within: 10) == 0)
      #expect(!daemon.errors.contains("event=history"), "\(daemon.errors)")

      let restored = try await history("restore", copy, "--lang", "zh")
      #expect(restored.status == 0, "\(restored.errors)")
      #expect(restored.output.contains("已恢复为"))
      #expect(restored.output.contains("原有数据保留为 \(street.path("history.db")).replaced-"))
      #expect(try plans() < before + 1)
      daemon = try await street.daemon(at: addresses[0])
      try await daemon.hears("starting", ["epoch": "2"])
      try await eventually(within: 60, "a plan of the next epoch", details: { daemon.errors }) {
        try street.story.reader.plans(in: street.story.always, limit: .max)
          .contains { $0.plan.epoch == 2 } ? true : nil
      }
      let checked = try await history("check")
      #expect(checked.status == 0, "\(checked.errors)")
      #expect(checked.output.hasPrefix("\(street.path("history.db")) is sound\n"))
    }

    @Test("is not taken for sound when it is half a file, nor restored from one")
    func half() async throws {
      street.folder.write([UInt8](repeating: 7, count: 5000), to: "half.db")
      for word in ["check", "restore"] {
        let (status, output, errors) = try await history(word, street.path("half.db"))
        #expect(status == 1)
        #expect(output == "")
        #expect(errors.contains("half.db: not an SQLite database"))
      }
      #expect(access(street.path("history.db"), F_OK) != 0)
    }

    @Test(
      "is asked for in words that a wrong command line is told",
      arguments: [
        ([], "say backup, restore or check"), (["copy"], "say backup, restore or check"),
        (["backup"], "backup needs one FILE, the copy of the history"),
        (["restore", "a", "b"], "restore needs one FILE, the copy of the history"),
      ])
    func usage(words: [String], problem: String) async throws {
      let (status, _, errors) = try await Program.run(["history"] + words)
      #expect(status == 2)
      #expect(errors == "greensplit history: \(problem); see greensplit history --help\n")
    }
  }
}
