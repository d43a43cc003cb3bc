import Dispatch
import Glibc
import Locking
import Modbus
import Testing

@Suite("A ticker")
struct TickerTests {
  private let queue = DispatchQueue(label: "ticker")

  @Test("calls each member once a period, at its share of it, and a removed one no more")
  func periods() async throws {
    let ticker = try Ticker(on: queue, period: 200_000_000)
    let calls = Guarded([Int](repeating: 0, count: 50))
    let tickets = queue.sync {
      (0..<50).map { number in
        ticker.add(phase: Double(number) / 50) { calls.withLock { $0[number] += 1 } }
      }
    }
    try await Task.sleep(for: .seconds(3))
    let counted: [Int] = queue.sync {
      for ticket in tickets.prefix(25) { ticker.remove(ticket) }
      return calls.withLock { $0 }
    }
    // Fifteen; a machine that is busy may hold the process up for some periods.
    for count in counted { #expect((10...16).contains(count), "\(counted)") }
    try await Task.sleep(for: .seconds(1))
    let after = calls.withLock { $0 }
    #expect(after.prefix(25) == counted.prefix(25))
    #expect(zip(after, counted).dropFirst(25).allSatisfy { $0 > $1 }, "\(after)")
    withExtendedLifetime(ticker) {}
  }

  @Test("without members, or gone, calls nobody and costs nothing")
  func idle() async throws {
    let calls = Guarded(0)
    var ticker: Ticker? = try Ticker(on: queue, period: 100_000_000)
    queue.sync { _ = ticker?.add(phase: 0.5) { calls.withLock { $0 += 1 } } }
    queue.sync { ticker = nil }
    let before = calls.withLock { $0 }
    try await Task.sleep(for: .milliseconds(400))
    #expect(calls.withLock { $0 } == before)
  }
}

@Suite("The limit of descriptors")
struct DescriptorLimitTests {
  private static func limit() -> (soft: UInt, hard: UInt) {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return (limit.rlim_cur, limit.rlim_max)
  }

  // In a process of its own: a limit is the whole process's.
  @Test("is raised as far as the links need, and no further")
  func raised() async {
    await #expect(processExitsWith: .success) {
      var low = rlimit(rlim_cur: 100, rlim_max: Self.limit().hard)
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &low) == 0)
      try DescriptorLimit.raise(forLinks: 300)
      #expect(Self.limit().soft == UInt(300 + DescriptorLimit.beside))
      try DescriptorLimit.raise(forLinks: 10)
      #expect(Self.limit().soft == UInt(300 + DescriptorLimit.beside))
    }
  }

  @Test("that is too low says how many links, how many descriptors, the limit, and what to set")
  func shortage() async {
    await #expect(processExitsWith: .success) {
      // More than any system gives, to root neither.
      let limit = Int(Self.limit().hard)
      do {
        try DescriptorLimit.raise(forLinks: 2_000_000_000)
        Issue.record("no shortage")
      } catch {
        #expect(
          "\(error)"
            == "2000000000 cabinets need 2000000512 descriptors (open files), the system allows "
            + "\(limit): set LimitNOFILE=2000000512 in the service's unit, or ulimit -n "
            + "2000000512 in the shell that starts it")
      }
    }
  }
}
