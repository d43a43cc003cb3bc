import Counts
import Locking
import Phrases
import Signals

/// Log lines about counts that are not taken as they come, bounded: a sender that says nothing but
/// nonsense says it as often as the network carries it, and would fill the disk with our complaints.
final class CountTroubles: Sendable {
  /// Lines about one origin between two summaries: enough to see what is wrong with it.
  static let lines = 10

  /// Origins that are told apart between two summaries; those beyond are told of together.
  static let originLimit = 1000

  /// Where counts come from, as the fields of a log line.
  typealias Origin = [(String, String)]

  /// Why something is not taken, put into words only where they are told: finding them takes ten times as long as
  /// reading the line that they are about.
  private typealias Reason = @Sendable () -> String

  private struct Share {
    let origin: Origin
    var told = 0
    var untold = 0
    var lastReason: Reason
  }

  private let shares = Guarded<[String: Share]>([:])

  /// Tells of a record that cannot be read.
  func tell(_ error: CountError, from origin: String, at utc: UTC) {
    tell("count refused", [("origin", origin)], at: utc) { error.words.text(Log.language) }
  }

  /// Tells what became of a record of `junction`, if that is not what its sender expects.
  func tell(_ verdict: Verdict, of record: CountRecord, at junction: String, _ utc: UTC) {
    let event: String
    switch verdict {
    case .accepted, .heartbeat, .duplicate: return
    case .replaced: event = "count replaced"
    case .late: event = "count late"
    case .conflict, .overlap, .clockFault, .quarantined, .unknownDetector: event = "count refused"
    }
    let origin = [("junction", junction), ("detector", record.detector)]
    tell(event, origin, at: utc) { verdict.description }
  }

  private func tell(
    _ event: String, _ origin: Origin, at utc: UTC, reason: @escaping Reason
  ) {
    guard isToTell(origin, reason) else { return }
    Log.write(.warning, event, at: utc, origin + [("reason", reason())])
  }

  /// Whether one more line is allowed; if not, it is counted.
  private func isToTell(_ origin: Origin, _ reason: @escaping Reason) -> Bool {
    shares.withLock { shares in
      let name = origin.map(\.1).joined(separator: " ")
      let isFull = shares[name] == nil && shares.count >= Self.originLimit
      let key = isFull ? "" : name
      var share =
        shares[key] ?? Share(origin: isFull ? [("origin", "others")] : origin, lastReason: reason)
      share.lastReason = reason
      let isTold = share.told < Self.lines && !isFull
      if isTold { share.told += 1 } else { share.untold += 1 }
      shares[key] = share
      return isTold
    }
  }

  /// Tells how many more there were since the last summary, and begins anew.
  func summarise(at utc: UTC) {
    let untold = shares.withLock { shares in
      defer { shares = [:] }
      return shares.sorted { $0.key < $1.key }.map(\.value).filter { $0.untold > 0 }
    }
    for share in untold {
      Log.write(
        .warning, "more trouble with counts", at: utc,
        share.origin + [("count", "\(share.untold)"), ("last_reason", share.lastReason())])
    }
  }
}
