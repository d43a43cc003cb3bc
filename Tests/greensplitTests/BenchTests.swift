import Counts
import Glibc
import Signals
import Sites
import Support
import Testing

@testable import greensplit

@Suite("greensplit bench")
struct BenchTests {
  @Test("measures the core: times, quality beside the reference, and a city, in one table")
  func core() async throws {
    let (status, output, errors) = try await Program.run(
      "bench", "core", "--instances", "60", "--junctions", "200", "--seconds", "1")
    #expect(status == 0)
    #expect(errors == "")
    for row in [
      "horizon, 12 lane groups, 4 stages, 90 s", "horizon, 24 lane groups, 8 stages, 90 s",
      "split, 12 lane groups, 4 stages, one cycle", "split, cycle search 40-180 s",
      "all (mark: mean 1, worst 5)", "split: greatest relative duality gap",
      "a city of 200 junctions, each solved every second for 1 s on two queues",
    ] { #expect(output.contains(row), "\(row)") }
  }

  @Test("measures the links, beside the C client, which says the same on the wire")
  func cabinets() async throws {
    let folder = try TemporaryFolder()
    let client = folder.path + "/epoll_client"
    let (made, errors) = try Command.run(
      "gcc",
      [
        "-O2", "-Wall", "-Wextra", "-Werror", "-o", client,
        "\(Peers.root)/Tests/links/epoll_client.c",
      ])
    try #require(made == 0, "\(String(decoding: errors, as: UTF8.self))")
    // A machine that is busy may miss a mark, and then the status is 1.
    let program = try Program([
      "bench", "cabinets", "--cabinets", "200", "--seconds", "3", "--beside", client, "--site",
      "\(Peers.root)/intersections/J001.yaml",
    ])
    #expect(try await program.end(within: 120) <= 1, "\(program.errors)")
    let rows = program.output.split(separator: "\n").filter { $0.hasPrefix("200 ") }
      .map { $0.replacing("C, epoll", with: "C").split(separator: " ").map(String.init) }
    try #require(rows.map { $0.dropFirst().first } == ["C", "greensplit"], "\(program.output)")
    for row in rows {
      // 188 of the 200 are healthy and polled once a second; what comes beside that is little.
      let requests = try #require(Double(row[2]))
      #expect((150..<260).contains(requests), "\(program.output)")
    }
  }

  @Test("sends the whole daemon counts of the very detectors that its town's site files have")
  func town() throws {
    let (sites, home) = (try TemporaryFolder(), try TemporaryFolder())
    let town = BenchTown(junctions: 96, sites: sites.path, home: home.path)
    try town.begin()
    try town.settle(port: 1502)
    let set = SiteSet.read([sites.path])
    #expect(set.errors.isEmpty)
    let detectors = Set(set.files.flatMap(\.intersection.detectors).map(\.id))
    #expect(detectors.count == 96 * FeedBench.lanes)
    let lines = FeedBench.lines(seconds: 2, .usual, junctions: 96)
    let input = CountParser.parse(body: lines)
    #expect(input.errors.isEmpty && input.records.count == 2 * detectors.count)
    #expect(Set(input.records.map(\.detector)) == detectors)
    // Two junctions on one cabinet would keep the daemon from starting, and a sick one from controlling.
    let cabinets = set.files.compactMap(\.intersection.cabinet).map { "\($0)" }
    #expect(Set(cabinets).count == 96 && town.cabinets == 108)
  }

  @Test("reads a process's time and memory as the kernel tells them")
  func figures() {
    let own = ProcessFigures(of: getpid())
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    let spent = Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
    #expect(abs(own.processor - spent) < 3)
    // In this order: each reads anew, and reading takes memory.
    let (memory, most) = (own.memory, own.mostMemory)
    #expect(memory > 1 << 20 && most >= memory)
  }

  @Test(
    "solves a few of a kind once, for whoever counts instructions",
    arguments: ["horizon", "large-horizon", "split", "split-search", "coming-cycle"])
  func once(kind: String) async throws {
    let (status, output, _) = try await Program.run("bench", "once", "--of", kind)
    #expect(status == 0)
    #expect(output == "30 solved\n")
  }

  @Test(
    "tells what is wrong with its command line",
    arguments: [
      (["core", "--seconds", "x"], "--seconds x: expected 0 to 3600"),
      (["core", "--junctions", "0"], "--junctions 0: expected 1 to 100000"),
      (["core", "--instances", "1001"], "--instances 1001: expected 30 to 1000"),
      (["once"], "once: say --of horizon, large-horizon, split, split-search or coming-cycle"),
      (
        ["once", "--of", "x"],
        "--of x: expected horizon, large-horizon, split, split-search or coming-cycle"
      ),
      (["cabinets", "--cabinets", "0"], "--cabinets 0: expected 1 to 50000"),
      (["disk"], "say core, feeds or cabinets for a table, once for a few solutions, or answers"),
    ])
  func usage(line: [String], problem: String) async throws {
    let program = try Program(["bench"] + line)
    let status = try await program.end(within: 60)
    #expect(status == 2)
    let errors = program.errors
    #expect(errors.hasPrefix("greensplit bench: \(problem)"), "\(errors)")
  }
}
