import Control
import Counts
import Junctions
import Signals
import Support
import Testing

@testable import Simulation

@Suite("A cabinet's own loops beside its cameras")
struct LoopTests {
  private let site = Sample.fourArm(pace: .cycle, hasLoops: true)

  /// Fifty minutes in which every lane has 6 vehicles a minute.
  ///
  /// - Parameters:
  ///   - share: How many of those of N.T its camera counts.
  ///   - dead: Number of a loop that breaks after twenty-five minutes.
  ///   - isTold: Whether the cabinet tells.
  /// - Returns: What is thought of the cameras at the end, and records of loops that were told.
  private func run(
    counting share: Double, dead: Int? = nil, isTold: Bool = false
  ) -> (verdicts: [DetectorVerdict], loops: [CountRecord]) {
    // 2026-11-23 08:00 at +08:00.
    let start = Moment(
      monotonic: Instant(milliseconds: 0), utc: UTC(milliseconds: 1_795_392_000_000))
    let heard = Heard()
    var junctions = ControlledJunctions([site], isControlled: true, at: start) {
      if case .counts(let records, _) = $0.what { heard.take(records) }
    }
    var verdicts: [DetectorVerdict] = []
    for second in 1...3000 {
      let now = start.advanced(bySeconds: Double(second))
      junctions.advance(to: now)
      if second == 1500, let dead {
        junctions.breakLoop(dead, isTold: isTold)
      }
      if second % 10 == 0 {
        junctions.count(site.loops.map { LoopCount(junction: 0, loop: $0, vehicles: 1) })
        let records = site.detectors.enumerated().map { position, detector in
          let all = Double(detector.lanes)
          // Half of two vehicles is one, and of every other record's two none.
          let counted =
            position > 0
            ? all
            : (all * share * Double(second / 10)).rounded(.down)
              - (all * share * Double(second / 10 - 1)).rounded(.down)
          return CountRecord(
            detector: detector.id, start: now.utc.advanced(bySeconds: -10), end: now.utc,
            count: VehicleCount(total: counted), inView: Double(1 + second / 10 % 3), queue: 0)
        }
        junctions.receive(records)
      }
      junctions.tick { loop, _ in
        guard second == 3000 else { return }
        verdicts = loop.status(at: now).control.detectors.map(\.verdict)
      }
    }
    return (verdicts, heard.loops)
  }

  private func finding(_ verdict: DetectorVerdict) -> HealthFinding? {
    verdict.findings.first { $0.check == .loop }
  }

  @Test("tell each minute once what they counted, over the registers of the map")
  func records() {
    let loops = run(counting: 1).loops.filter { $0.detector == "loop 1" }
    #expect(loops.count >= 45)
    #expect(Set(loops.map(\.start)).count == loops.count)
    #expect(loops.dropFirst().allSatisfy { $0.length == 60 && $0.count?.total == 6 })
  }

  @Test("condemn the camera that counts half or half too many, and no other")
  func miscounts() {
    for share in [0.5, 1.5] {
      let verdicts = run(counting: share).verdicts
      #expect(finding(verdicts[0])?.grade == .suspect, "\(verdicts[0])")
      #expect(finding(verdicts[0])?.words.contains("of what its loops count") == true)
      #expect(verdicts.dropFirst().allSatisfy { finding($0) == nil })
    }
    #expect(run(counting: 0.9).verdicts.allSatisfy { finding($0) == nil })
  }

  @Test("condemn nobody once one of them is dead, whether the cabinet knows or not")
  func dead() {
    for isTold in [false, true] {
      let verdict = run(counting: 1, dead: 2, isTold: isTold).verdicts[0]
      #expect(finding(verdict)?.grade == .ok, "\(verdict)")
      #expect(finding(verdict)?.words.hasPrefix("not compared: loop 2") == true)
    }
  }
}

/// Records of loops that were told.
private final class Heard: @unchecked Sendable {
  private(set) var loops: [CountRecord] = []

  func take(_ records: [CountRecord]) {
    loops += records.filter { $0.detector.hasPrefix("loop ") }
  }
}
