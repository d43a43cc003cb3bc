public import Counts

/// Where a batch comes from.
public enum FeedOrigin: Sendable, Hashable {
  /// A file that is read once, or followed.
  case file(path: String)
  /// Standard input, or another pipe.
  case pipe
  /// A request from the numeric address `peer`.
  case http(peer: String)
  /// Messages of the MQTT topic `topic`; `nil`: of several.
  case mqtt(topic: String?)
  /// A program that has connected to the Unix socket at `path`.
  case socket(path: String)
}

extension FeedOrigin: CustomStringConvertible {
  /// For logs.
  public var description: String {
    switch self {
    case .file(let path): path
    case .pipe: "standard input"
    case .http(let peer): "HTTP from \(peer)"
    case .mqtt(let topic): topic.map { "MQTT topic \($0)" } ?? "MQTT, several topics"
    case .socket(let path): path
    }
  }
}

/// What a feed has read at once.
public struct CountBatch: Sendable, Hashable {
  /// The records, in the order of the input.
  public let records: [CountRecord]

  /// What could not be read, in the order of the input.
  public let errors: [CountError]

  /// Where they come from.
  public let origin: FeedOrigin

  /// A batch of `input` from `origin`.
  public init(_ input: CountInput, from origin: FeedOrigin) {
    records = input.records
    errors = input.errors
    self.origin = origin
  }
}

/// What the receiver of a batch answers.
public enum Acceptance: Sendable, Hashable {
  /// Taken, as durably as it will be.
  case accepted
  /// Not taken: too much waits already. A file, a pipe and a followed file try again; a request is
  /// answered with 429.
  case overloaded
}

/// Takes a batch and says, at once or later and from any thread, what became of it. The feed reads
/// on only then; a second answer is not heard.
public typealias CountReceiver =
  @Sendable (_ batch: CountBatch, _ done: @escaping @Sendable (Acceptance) -> Void) -> Void
