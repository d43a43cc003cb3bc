import Counts
import Feeds
import Glibc
import Signals
import Synchronization

/// Feeds measured on this machine: records of a city through each of them, in the daemon's own code up
/// to the receiver.
struct FeedBench {
  /// What one feed did.
  struct Outcome {
    /// Records that arrived.
    let records: Int
    /// Processor time of this process but for those who send, s.
    let processor: Double
    /// Time that passed, s.
    let passed: Double
    /// By how much the most memory that was ever used has grown, bytes.
    let growth: Int
  }

  /// How long a record is.
  enum Shape: CaseIterable {
    /// A number of vehicles, those in view and the queue.
    case usual
    /// The specification's example: every field.
    case full
  }

  /// Junctions of a city, and lanes of each.
  static let junctions = 10_000
  /// See `junctions`.
  static let lanes = 12

  /// Takes every batch at once and counts its records.
  final class Sink: Sendable {
    private let count = Atomic(0)
    private let bad = Atomic(0)

    var records: Int { count.load(ordering: .acquiring) }
    var errors: Int { bad.load(ordering: .acquiring) }

    var receiver: CountReceiver {
      { batch, done in
        self.bad.add(batch.errors.count, ordering: .releasing)
        self.count.add(batch.records.count, ordering: .releasing)
        done(.accepted)
      }
    }

    /// Waits until `number` records have come, or nothing more comes for 30 s.
    func wait(for number: Int) {
      var (last, idle) = (-1, 0)
      while records < number, idle < 30_000 {
        idle = records == last ? idle + 1 : 0
        last = records
        usleep(1000)
      }
    }
  }

  /// `seconds` of the records of `junctions`, one a line, from `begin` on.
  static func lines(
    seconds: Int, _ shape: Shape, junctions: Int = junctions,
    begin: UTC = UTC(milliseconds: 1_795_478_400_000)
  ) -> [UInt8] {
    let heads = (0..<junctions * lanes).map { detector in
      let key = "{\"v\":1,\"det\":\"J\(detector / lanes).N.\(detector % lanes)\",\"start\":\""
      let source = "\",\"src\":\"cam-\(detector / lanes)\",\"boot\":\"9f2c\",\"seq\":"
      return (key: Array(key.utf8), source: Array(source.utf8))
    }
    let figures = shape == .usual ? usualFigures : fullFigures
    var text: [UInt8] = []
    text.reserveCapacity(seconds * heads.count * (shape == .usual ? 170 : 290))
    for second in 0..<seconds {
      let start = begin.advanced(bySeconds: Double(second)).rfc3339
      let end = begin.advanced(bySeconds: Double(second + 1)).rfc3339
      let times = Array("\(start)\",\"end\":\"\(end)".utf8)
      let numbers = (0..<lanes).map { Array("\(second * lanes + $0),".utf8) }
      for detector in heads.indices {
        text += heads[detector].key
        text += times
        text += heads[detector].source
        text += numbers[detector % lanes]
        text += figures
      }
    }
    return text
  }

  private static let usualFigures = Array("\"count\":2,\"in_view\":6,\"queue\":4}\n".utf8)

  private static let fullFigures = Array(
    ("\"count\":{\"car\":2,\"truck\":0,\"bus\":0,\"moto\":1,\"bike\":0},\"in_view\":6,"
      + "\"queue\":4,\"occ\":0.23,\"speed_kmh\":28.4,"
      + "\"q\":{\"status\":\"ok\",\"flags\":[],\"conf\":0.93}}\n").utf8)

  /// Does `work`, which gives the records that came and the processor time of its senders.
  static func measure(_ work: () throws -> (records: Int, senders: Double)) rethrows -> Outcome {
    let (memory, processor, passed) = (mostMemory(), processorTime(), monotonicTime())
    let done = try work()
    return Outcome(
      records: done.records, processor: processorTime() - processor - done.senders,
      passed: monotonicTime() - passed, growth: mostMemory() - memory)
  }
}

/// The most memory that this process has used, bytes.
private func mostMemory() -> Int {
  var usage = rusage()
  getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss << 10
}

private func seconds(_ clock: Int32) -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

private func processorTime() -> Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

private func monotonicTime() -> Double { seconds(CLOCK_MONOTONIC) }

/// Processor time of the thread that asks, s.
func threadProcessorTime() -> Double { seconds(CLOCK_THREAD_CPUTIME_ID) }
