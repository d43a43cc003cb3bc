import Glibc
import History
import Support
import Testing

@testable import greensplit

extension EndToEnd {
  @Suite("greensplit import")
  struct ImportTests {
    private let street: Street

    init() throws {
      street = try Street()
      street.folder.write(try Street.site("J001"), to: "J001.yaml")
    }

    private func run(
      _ table: String
    ) async throws -> (status: Int32, output: String, errors: String) {
      street.folder.write(table, to: "counts.csv")
      return try await Program.run(
        "import", street.path("counts.csv"), "--sites", street.path("J001.yaml"), "--history",
        street.path("history.db"))
    }

    @Test("puts a table of counts into the history, each when its interval ended")
    func table() async throws {
      let result = try await run(
        "det,start,end,count\nJ001.N.T,1795392000,1795392900,120\nJ001.S.T,1795392900,1795393800,80\n"
      )
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output == "2 records are in \(street.path("history.db"))\n")
      let (reader, always) = try street.story
      let counts = try reader.counts(in: always, limit: .max)
      #expect(counts.map(\.detector) == ["J001.N.T", "J001.S.T"])
      #expect(counts.allSatisfy { $0.received == $0.end && $0.use == nil })
      #expect(counts[0].line.hasSuffix(#""count":120}"#))
    }

    @Test("takes all of a table or nothing")
    func nothing() async throws {
      let result = try await run(
        "det,start,end,count\nJ001.N.T,0,900,12\nJ009.N.T,0,9000,1\nX,0,9,1\n")
      #expect(result.status == 1)
      let path = street.path("counts.csv")
      #expect(
        result.errors
          == "\(path): line 3: end: is 9000 s after start; an interval is 0.1 s to 900 s long\n"
          + "\(path): no site file has the detector X\n")
      #expect(access(street.path("history.db"), F_OK) != 0)
    }
  }
}
