import Control
import Counts
import Demand
import Junctions
import Phrases
import Settings
import Signals

/// How the daemon stands, as `GET /v1/status` tells it and `greensplit status` reads it
/// (`docs/running.md`).
struct StatusReport: Codable {
  /// What `format` holds in this version.
  static let format = "greensplit-status-1"

  let format: String
  /// When, RFC 3339.
  let at: String
  /// `control`, or `advise` where nothing is written to any cabinet.
  let mode: String
  let junctions: [JunctionReport]
  /// Records for detectors that no site file names.
  let unknownDetectors: Int

  init(at utc: UTC, junctions: [JunctionReport], unknownDetectors: Int) {
    format = Self.format
    let isWriting =
      junctions.isEmpty || junctions.contains { $0.mode != JunctionMode.advise.rawValue }
    mode = (isWriting ? JunctionMode.control : .advise).rawValue
    at = Log.timestamp(utc)
    self.junctions = junctions
    self.unknownDetectors = unknownDetectors
  }

  /// The same of `junctions` alone.
  func only(_ junctions: [JunctionReport]) -> StatusReport {
    StatusReport(self, junctions: junctions)
  }

  private init(_ other: StatusReport, junctions: [JunctionReport]) {
    format = other.format
    at = other.at
    mode = other.mode
    unknownDetectors = other.unknownDetectors
    self.junctions = junctions
  }

  /// One line of JSON.
  var json: String { jsonText(self) }
}

/// How one junction stands.
struct JunctionReport: Codable {
  let id: String
  let name: String
  /// `control`, or `advise` where nothing is written.
  let mode: String
  /// Rung of the degrade ladder.
  let level: String
  let cause: String
  /// Since when it stands on that rung, RFC 3339; nothing before the first tick.
  let since: String?
  /// The whole of it in a line for people, with local time.
  let words: String
  /// Likewise in both languages.
  let told: Told
  /// What a person wants of it now; nothing if nobody does.
  let override: OverrideState?
  let detectors: [DetectorReport]
  /// Lane groups whose queues discharge otherwise than the site file says; nothing if all do as it says.
  let saturationFlow: [Drift]?
  /// Lane groups that several streams share; nothing if there are none.
  let turns: [TurnsReport]?
  let sources: [SourceTally]
  /// What became of all records.
  let counts: Tally

  struct OverrideState: Codable {
    let id: String
    let who: String
    let reason: String
    let ends: String
  }

  struct DetectorReport: Codable {
    let id: String
    /// The camera that sent its last record.
    let camera: String?
    /// ok, suspect or fault.
    let grade: String
    let findings: [Finding]
  }

  /// Saturation flow of a lane group, pcu/h of all its lanes.
  struct Drift: Codable {
    let laneGroup: String
    /// As its greens show it.
    let learned: Double
    /// As the site file has it.
    let surveyed: Double
  }

  struct Finding: Codable {
    let check: String
    let grade: String
    let since: String
    let why: String
    let words: Told
  }

  struct TurnsReport: Codable {
    let laneGroup: String
    /// `seen` or, as in the site file, `configured`.
    let origin: String
    /// Vehicles of the last hour or two whose turn was seen.
    let vehicles: Double
    let shares: [Share]

    struct Share: Codable {
      let turn: String
      let share: Double
      /// As the site file has it.
      let configured: Double
    }

    init(_ turns: ControlStatus.Turns, at site: Intersection) {
      let group = site.laneGroups[turns.laneGroup]
      laneGroup = group.name
      origin = turns.shares.isSeen ? "seen" : "configured"
      vehicles = turns.shares.seen.rounded()
      shares = zip(group.movements, turns.shares.shares).map {
        Share(
          turn: $0.turn.rawValue, share: ($1 * 100).rounded() / 100, configured: $0.share)
      }
    }
  }

  struct SourceTally: Codable {
    let name: String
    let lastHeard: String
    /// Seconds that its clock is behind ours, with the shortest way; negative: ahead.
    let behind: Double
    let quarantinedSince: String?
    let counts: Tally
  }

  struct Tally: Codable {
    let accepted: Int
    let replaced: Int
    let heartbeats: Int
    let duplicates: Int
    let conflicts: Int
    let late: Int
    let overlaps: Int
    let clockFaults: Int
    let quarantined: Int
    let lost: Int
    let restarts: Int
    let overflowed: Int

    init(_ tally: CountTally) {
      accepted = tally.accepted
      replaced = tally.replaced
      heartbeats = tally.heartbeats
      duplicates = tally.duplicates
      conflicts = tally.conflicts
      late = tally.late
      overlaps = tally.overlaps
      clockFaults = tally.clockFaults
      quarantined = tally.quarantined
      lost = tally.lost
      restarts = tally.restarts
      overflowed = tally.overflowed
    }
  }

  init(_ status: JunctionStatus, mode: JunctionMode = .control) {
    let control = status.control
    id = status.site.id
    name = status.site.name
    self.mode = mode.rawValue
    level = "\(control.level)"
    cause = control.cause
    since = control.since.map(Log.timestamp)
    words = StatusWords(status, mode, in: .english).line
    told = Told(Phrase(words, StatusWords(status, mode, in: .chinese).line))
    override = status.override.map {
      OverrideState(
        id: $0.id, who: $0.who, reason: $0.reason, ends: Log.timestamp($0.ends.utc))
    }
    detectors = control.detectors.map { detector in
      DetectorReport(
        id: detector.id, camera: detector.camera, grade: "\(detector.verdict.grade)",
        findings: detector.verdict.findings.map {
          Finding(
            check: $0.check.rawValue, grade: "\($0.grade)", since: Log.timestamp($0.since),
            why: $0.words, words: Told(Phrase(recorded: $0.words)))
        })
    }
    let drifts = control.drifts.map {
      Drift(
        laneGroup: status.site.laneGroups[$0.laneGroup].name, learned: $0.learned.rounded(),
        surveyed: $0.surveyed)
    }
    saturationFlow = drifts.isEmpty ? nil : drifts
    let turns = status.control.turns.map { TurnsReport($0, at: status.site) }
    self.turns = turns.isEmpty ? nil : turns
    sources = status.sources.map { source in
      SourceTally(
        name: source.name, lastHeard: Log.timestamp(source.lastHeard),
        behind: (source.behind * 10).rounded() / 10,
        quarantinedSince: source.quarantinedSince.map(Log.timestamp), counts: Tally(source.tally))
    }
    counts = Tally(status.tally)
  }
}
