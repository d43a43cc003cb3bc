import Console
import Glibc
import History
import Settings
import Signals
import Synchronization
import Web

/// What has become of counts, and what refused requests were seen, since the daemon began.
final class Tallies: Sendable {
  /// Records handed to the junctions.
  let records = Atomic<Int>(0)
  /// Records that could not be read.
  let unreadable = Atomic<Int>(0)
  /// Records for detectors that no site file names.
  let unknownDetectors = Atomic<Int>(0)
  /// Good tokens shown for what their role does not allow, that were recorded.
  let refused = Atomic<Int>(0)
}

/// The page `GET /metrics`.
enum Measurements {
  /// Measurements of `rows` and their `links`, of counts, of the history and of the process.
  static func page(
    _ rows: [JunctionRow], _ links: [LinkState], _ tallies: Tallies, _ history: HistoryStatus?,
    listeners: Int
  ) -> HTTPAnswer {
    var text = MetricsText()
    text.add(
      .gauge, "greensplit_build_info", "The version that runs.",
      [([("version", CommandTable.version)], 1)])
    text.add(rows)
    add(links, to: &text)
    add(tallies, to: &text)
    if let history { add(history, to: &text) }
    text.add(
      .gauge, "greensplit_event_listeners", "Those who listen to GET /v1/events.",
      Double(listeners))
    addProcess(to: &text)
    return HTTPAnswer(200, contentType: MetricsText.contentType, text: text.text)
  }

  private static func add(_ links: [LinkState], to text: inout MetricsText) {
    func each(_ value: (LinkState) -> Double?) -> [(
      labels: [(name: String, value: String)], value: Double
    )] {
      links.compactMap { link in value(link).map { ([("junction", link.site.id)], $0) } }
    }
    text.add(
      .counter, "greensplit_cabinet_requests_total", "Requests to the cabinet.",
      each { Double($0.requests) })
    text.add(
      .counter, "greensplit_cabinet_request_failures_total",
      "Requests to the cabinet that it did not answer.", each { Double($0.failures) })
    text.add(
      .gauge, "greensplit_cabinet_round_trip_seconds",
      "From the last request to the cabinet to its answer.", each { $0.roundTrip })
    text.add(
      .gauge, "greensplit_cabinet_lease_left_seconds",
      "Lease that was left of the plan when the cabinet last told.",
      each { $0.report.map { Double($0.leaseLeft) } })
    text.add(
      .gauge, "greensplit_junction_advised",
      "Whether nothing is written to the junction's cabinet, by its mode (1), or it is controlled (0).",
      each { $0.mode == .advise ? 1 : 0 })
    text.add(
      .gauge, "greensplit_decision_timestamp_seconds",
      "When the junction was last decided on, Unix time.",
      each { $0.watch.picture?.second.at.utc.seconds })
  }

  private static func add(_ tallies: Tallies, to text: inout MetricsText) {
    func total(_ name: String, _ help: String, _ count: borrowing Atomic<Int>) {
      text.add(.counter, name, help, Double(count.load(ordering: .relaxed)))
    }
    total(
      "greensplit_count_records_total", "Count records handed to junctions.", tallies.records)
    total(
      "greensplit_count_records_unreadable_total", "Count records that could not be read.",
      tallies.unreadable)
    total(
      "greensplit_count_records_unknown_detector_total",
      "Count records for detectors that no site file names.", tallies.unknownDetectors)
    total(
      "greensplit_requests_refused_total",
      "Requests whose token has not the role that is needed, as recorded.", tallies.refused)
  }

  private static func add(_ history: HistoryStatus, to text: inout MetricsText) {
    text.add(
      .gauge, "greensplit_history_up", "Whether the history can be written (1) or not (0).",
      history.trouble == nil ? 1 : 0)
    text.add(
      .gauge, "greensplit_history_waiting_records", "Records that wait to be written.",
      Double(history.waiting))
    text.add(
      .counter, "greensplit_history_records_total", "Records written to the history.",
      Double(history.committed))
    text.add(
      .counter, "greensplit_history_lost_records_total",
      "Records left out of the history for want of space.", Double(history.lost))
  }

  /// The names are those that every client library of Prometheus uses.
  private static func addProcess(to text: inout MetricsText) {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let seconds = [usage.ru_utime, usage.ru_stime].reduce(0) {
      $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6
    }
    text.add(
      .counter, "process_cpu_seconds_total", "Processor time of the process.", seconds)
    guard let words = try? readWhole("/proc/self/statm", atMost: 4096),
      let pages = String(decoding: words, as: UTF8.self).split(separator: " ").dropFirst().first
        .flatMap({ Double($0) })
    else { return }
    text.add(
      .gauge, "process_resident_memory_bytes", "Memory of the process.",
      pages * Double(sysconf(Int32(_SC_PAGESIZE))))
  }
}
