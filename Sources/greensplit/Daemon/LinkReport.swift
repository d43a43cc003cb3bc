import Phrases
import Settings
import Signals

/// The links of a daemon as it tells them: `GET /v1/cabinets`.
struct LinkReport: Codable {
  /// A stage and its green.
  struct Green: Codable {
    let stage: String
    let green: Double
  }

  /// A plan; number 0 is the cabinet's own.
  struct Plan: Codable {
    let sequence: UInt32
    let greens: [Green]
  }

  /// What went wrong.
  struct Trouble: Codable {
    let at: String
    let what: String
  }

  /// One junction's link. What is not known is left out.
  struct Link: Codable {
    let junction: String
    let address: String
    let make: String
    /// `control`, or `advise` where nothing is written.
    let mode: String
    let lacks: [String]
    let lacksWords: [Told]
    let link: String
    let lostSince: String?
    let source: String?
    let wanted: Plan?
    let running: Plan?
    let leaseLeft: Int?
    let reportAge: Double?
    let roundTrip: Double?
    let requests: Int
    let failures: Int
    let lastError: Trouble?

    enum CodingKeys: String, CodingKey {
      case junction, address, make, mode, lacks, link, source, wanted, running, requests, failures
      case lacksWords = "lacks_words"
      case lostSince = "lost_since"
      case leaseLeft = "lease_left_s"
      case reportAge = "report_age_s"
      case roundTrip = "round_trip_ms"
      case lastError = "last_error"
    }
  }

  /// What `format` holds in this version.
  static let format = "greensplit-cabinets-1"

  let format: String
  let at: String
  let cabinets: [Link]

  /// The links as they are at `now`.
  init(_ states: [LinkState], at now: Moment) {
    format = Self.format
    at = Log.timestamp(now.utc)
    cabinets = states.map { Link($0, at: now) }
  }

  /// As JSON, keys sorted.
  var json: String { jsonText(self) }
}

extension LinkReport.Link {
  /// The link of one junction at `now`.
  init(_ state: LinkState, at now: Moment) {
    func plan(_ sequence: UInt32, _ plan: TimingPlan) -> LinkReport.Plan {
      LinkReport.Plan(
        sequence: sequence,
        greens: plan.entries.map { entry in
          let stages = state.site.stages
          let name = stages.indices.contains(entry.stage) ? stages[entry.stage].name : "?"
          return LinkReport.Green(stage: name, green: entry.green.seconds)
        })
    }
    let report = state.report
    junction = state.site.id
    address = state.address
    make = state.make ?? "reference map"
    mode = state.mode.rawValue
    lacks = state.lacks.map { $0.text(.english) }
    lacksWords = state.lacks.map(Told.init)
    link = state.lostSince == nil ? "up" : "down"
    lostSince = state.lostSince.map(Log.timestamp)
    source = report.map { "\($0.source)" }
    wanted = state.wanted.map { plan($0.sequence, $0.plan) }
    running = report.flatMap { report in
      report.plan.map { plan(report.activeSequence, $0) }
    }
    leaseLeft = report?.leaseLeft
    reportAge = report.map { max(0, now.monotonic.seconds(since: $0.at.monotonic)) }
    // Thousandths of a ms say nothing.
    roundTrip = state.roundTrip.map { ($0 * 100_000).rounded() / 100 }
    requests = state.requests
    failures = state.failures
    lastError = state.lastError.map {
      LinkReport.Trouble(at: Log.timestamp($0.at), what: $0.what)
    }
  }
}
