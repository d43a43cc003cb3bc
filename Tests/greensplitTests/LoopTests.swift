import Glibc
import History
import Signals
import Support
import Testing

@testable import greensplit

extension EndToEnd {
  @Suite("Loops of a cabinet on real Modbus")
  struct LoopTests {
    @Test("come into the history as records, and count whom the cameras count")
    func history() async throws {
      let street = try Street()
      let site = try Street.site("J001")
      // The first detector's lanes have a loop each.
      let first = try #require(try /- \{id: J001\.N\.T,[^}]*\}/.firstMatch(in: site)?.output)
      let with = "\(first.dropLast()), loops: [1]}"
      street.folder.write(site.replacing(first, with: with), to: "J001.yaml")
      let (_, addresses) = try await street.traffic()
      let daemon = try await street.daemon(at: addresses[0])
      let (loops, cameras) = try await eventually(
        within: 60, "five minutes of the loop", details: { daemon.errors }
      ) {
        let (reader, always) = try street.story
        let counts = try reader.counts(in: always, limit: .max)
        let loops = counts.filter { $0.detector == "loop 1" }
        return loops.count >= 5 ? (loops, counts.filter { $0.detector == "J001.N.T" }) : nil
      }
      #expect(loops.allSatisfy { $0.end.seconds(since: $0.start) == 60 })
      #expect(loops.allSatisfy { $0.line.contains(#""src":"loops""#) })
      // The simulated cameras miss nobody: both count the same vehicles, but for the minutes' edges.
      let span = (loops.map(\.start).min() ?? always)..<(loops.map(\.end).max() ?? always)
      let seen = cameras.filter { span.contains($0.start) }.reduce(0) { $0 + vehicles($1.line) }
      let counted = loops.reduce(0) { $0 + vehicles($1.line) }
      #expect(counted > 0 && abs(counted - seen) <= 6, "\(counted) and \(seen)")
    }

    private var always: UTC { UTC(milliseconds: 0) }

    private func vehicles(_ line: String) -> Int {
      line.firstMatch(of: /"count":([0-9]+)/).flatMap { Int($0.output.1) } ?? 0
    }
  }
}
