import Counts
import Feeds
import Glibc
import Locking
import Support
import Testing

@Suite("A million bad lines")
struct BadInputTests {
  /// The most memory that this process has used, bytes.
  private func mostMemory() -> Int {
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss << 10
  }

  @Test("are each told of, keep no memory, and do not hide the good line behind them")
  func million() async throws {
    let folder = try TemporaryFolder()
    let bad = Array(repeating: Array("{\"v\":1,\n".utf8), count: 10_000).joined()
    for _ in 0..<100 { folder.write(Array(bad), to: "counts") }
    folder.write(line("good") + "\n", to: "counts")
    let before = mostMemory()
    let (errors, good, ends) = (Guarded(0), Guarded<[String]>([]), Heard<StreamFeed.End>())
    try StreamFeed(path: folder.path + "/counts").start(
      receive: { batch, done in
        errors.withLock { $0 += batch.errors.count }
        good.withLock { $0 += batch.records.map(\.detector) }
        done(.accepted)
      }, ended: ends.add)
    #expect(try await eventually(within: 300) { ends.all == [.finished] })
    #expect(errors.withLock { $0 } == 1_000_000)
    #expect(good.withLock { $0 } == ["good"])
    // A piece of 64 KiB has 8,000 of them, each with its words.
    #expect(mostMemory() - before < 64 << 20)
  }
}
