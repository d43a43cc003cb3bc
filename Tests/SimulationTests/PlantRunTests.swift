import FoundationEssentials
import Glibc
import Signals
import Simulation
import Support
import Testing

@Suite("Traffic simulators that this project did not write")
struct PlantRunTests {
  let junction = Sample.fourArm(pace: .second)

  /// As the program does: a plant that ended is no signal, but an error of the write to it.
  init() { signal(SIGPIPE, SIG_IGN) }

  @Test("A plant runs to its end at any step from 0.1 to 5 s", arguments: [0.1, 0.5, 1, 2, 5])
  func steps(step: Double) throws {
    let length = step < 1 ? 30.0 : 200.0
    let result = run(step: step, length: length)
    #expect(result.failure == nil)
    #expect(result.name == "test plant")
    #expect(result.begin == 25200)
    #expect(result.unusedRecords == 0)
    #expect(result.plans > 0 || length < 60)
    guard case .object(let summary) = try #require(result.plant) else {
      Issue.record("no summary")
      return
    }
    #expect(summary["steps"] == .number((length / step).rounded()))
    guard case .number(let greens) = summary["greens"] else { return }
    #expect(greens > 0.4 * length / step)
  }

  @Test("The same plant twice gives the same decisions")
  func deterministic() {
    let first = run(step: 1, length: 200)
    #expect(first.digest.count == 16)
    #expect(run(step: 1, length: 200) == first)
  }

  @Test("The summary passes through into the result untouched")
  func summary() throws {
    let result = run(step: 1, length: 20)
    let again = try JSONDecoder().decode(
      PlantResult.self, from: try JSONEncoder().encode(result))
    #expect(again == result)
    guard case .object(let summary) = try #require(result.plant) else { return }
    #expect(summary["delay_s"] == .number(14.6))
    #expect(summary["note"] == .null)
  }

  @Test(
    "A plant that fails ends the run with a clear error, and the result so far is kept",
    arguments: [
      ("dies", "the plant's line 6 is missing: the plant ended"),
      ("half", "the plant's line 6 is half written: it ended"),
      ("hangs", "the plant's line 6 did not come within 1 s"),
      (
        "backwards",
        "the plant's line 6: t is 25200.0 after 25204.0; its clock goes forward by its step"
      ),
    ])
  func failures(fault: String, expected: String) {
    let result = run(step: 1, length: 60, fault: fault)
    #expect(result.failure == expected)
    #expect(result.end == 25204)
    #expect(result.plant == nil)
    #expect(!result.digest.isEmpty)
  }

  @Test("What a plant said before it ended is told, however fast it ended", arguments: 1...20)
  func lastWords(_: Int) {
    let greeting =
      #"{"plant":1,"name":"x","begin":0,"end":9,"step":1,"intersections":["\#(junction.id)"]}"#
    let words = "echo '\(greeting)'; echo '{\"t\":99}'"
    #expect(
      PlantRun(words, sites: [junction], patience: 30).run().failure
        == "the plant's line 2: t is 99.0 after 0.0; its clock goes forward by its step")
  }

  @Test("A plant that speaks on and reads no lamps is given up, not waited for")
  func deaf() {
    let result = run(step: 1, length: 6000, fault: "deaf")
    #expect(result.failure?.hasSuffix("and read no lamps for 1 s") == true)
    #expect(result.plant == nil)
  }

  @Test("What is no line of the protocol is told by its number")
  func noise() {
    let noise = run(step: 1, length: 60, fault: "noise").failure ?? ""
    #expect(noise.hasPrefix("the plant's line 6 is not JSON"))
    let greeting = run(step: 1, length: 60, fault: "greeting").failure ?? ""
    #expect(greeting.hasPrefix("the plant's line 1 is no greeting"))
    #expect(
      run(step: 1, length: 60, fault: "stranger").failure
        == "no site file for the plant's junction J999")
    #expect(
      run(step: 7, length: 60).failure
        == "the plant's line 1: step is 0.1 to 5 s, and end lies after begin")
  }

  @Test("A record that cannot be read is counted; the others are used")
  func badCount() {
    let result = run(step: 1, length: 20, fault: "badcount")
    #expect(result.failure == nil)
    #expect(result.unusedRecords == 19)
  }

  @Test("What the loop knew is kept by the minute, and marked as its estimate")
  func estimates() throws {
    let result = run(step: 1, length: 200)
    #expect(result.format == "greensplit-plant-1")
    #expect(result.control == "second, fixed")
    #expect(result.junctions.map(\.id) == [junction.id])
    let estimates = try #require(result.estimates?.first)
    #expect(estimates.laneGroups.count == junction.laneGroups.count)
    for group in estimates.laneGroups {
      #expect(group.queue.count == 4 && group.flow.count == 4 && group.counted.count == 4)
      #expect(group.queue.allSatisfy { $0.map { $0 >= 0 } ?? false })
    }
    #expect(estimates.stages.stage.count > 1)
    let ends = zip(estimates.stages.start, estimates.stages.green).map { $0 + $1 }
    #expect(ends.allSatisfy { $0 <= 200 })
    #expect(zip(ends, estimates.stages.start.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test("A command that cannot be started is an error, not a hang")
  func noCommand() {
    let result = PlantRun("exit 3", sites: [junction], patience: 5).run()
    #expect(result.failure == "the plant's line 1 is missing: the plant ended")
  }

  private func run(step: Double, length: Double, fault: String = "") -> PlantResult {
    let detectors = junction.detectors.map(\.id).joined(separator: ",")
    let script = "\(Peers.root)/Tests/peers/plant.py"
    return PlantRun(
      "python3 '\(script)' \(junction.id) \(detectors) \(step) \(length) \(fault)",
      sites: [junction], patience: ["hangs", "deaf"].contains(fault) ? 1 : 30
    ).run()
  }
}
