import Dispatch
import History
public import Junctions
import Locking
import Phrases

/// Records a simulated run as the daemon records the street, in virtual time.
///
/// The daemon's records wait for nobody and some may be lost; a run that is faster than the disk waits for
/// it, so that nothing is.
public final class SimulatedHistory: Sendable {
  /// Records after which the run waits for the disk.
  private static let most = 20_000

  private struct State {
    var recorders: [String: JunctionRecorder] = [:]
    var sinceWait = 0
  }

  private let path: String
  private let writer: HistoryWriter
  private let program: String
  /// Epoch of the run.
  public let epoch: UInt32
  private let state = Guarded(State())
  private let trouble: Guarded<String?>

  /// Begins a run of version `program` in the history at `path`, under its next epoch.
  ///
  /// - Throws: `HistoryError`, why the file cannot be the history.
  public init(_ path: String, program: String) throws {
    self.path = path
    self.program = program
    let trouble = Guarded<String?>(nil)
    self.trouble = trouble
    writer = try HistoryWriter(path: path) { report in
      trouble.withLock { $0 = $0 ?? report.description }
    }
    epoch = try writer.nextEpoch()
  }

  /// Keeps what a junction tells.
  public func hear(_ news: JunctionNews) {
    let isFull = state.withLock { state -> Bool in
      var recorder =
        state.recorders[news.junction]
        ?? JunctionRecorder(junction: news.junction, epoch: epoch, program: program)
      state.recorders[news.junction] = nil
      let events = recorder.hear(news)
      state.recorders[news.junction] = recorder
      writer.append(together: events)
      state.sinceWait += events.count
      defer { if state.sinceWait >= Self.most { state.sinceWait = 0 } }
      return state.sinceWait >= Self.most
    }
    if isFull { wait() }
  }

  private func wait() {
    let written = DispatchSemaphore(value: 0)
    writer.append([]) { _ in written.signal() }
    written.wait()
  }

  /// Writes what is left.
  ///
  /// - Throws: `ReplayError`, why not all of the run could be recorded.
  public func close() throws {
    let closed = DispatchSemaphore(value: 0)
    let left = Guarded<HistoryClosing>(.complete)
    writer.close { closing in
      left.withLock { $0 = closing }
      closed.signal()
    }
    closed.wait()
    if case .incomplete(let error, let records) = left.withLock({ $0 }) {
      throw ReplayError(
        "\(records) records of the run could not be written: \(error)",
        "此次运行有 \(records) 条记录无法写入：\(Phrase(of: error).text(.chinese))")
    }
    if let trouble = trouble.withLock({ $0 }) {
      throw ReplayError(
        "the history at \(path) is not whole: \(trouble)",
        "历史数据库 \(path) 不完整：\(Phrase(recorded: "\(trouble)").text(.chinese))")
    }
  }
}
