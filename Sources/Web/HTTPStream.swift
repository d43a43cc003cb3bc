import Locking

/// A body that goes on: whoever has it sends pieces, the server hands them to one listener.
///
/// What the listener has not read waits here up to a limit; a listener that falls further behind is
/// dropped, so that it costs no more memory than that.
public final class HTTPStream: Sendable {
  private struct State {
    var waiting: [UInt8] = []
    var isOver = false
    var isDropped = false
    var wake: (@Sendable () -> Void)?
  }

  private let limit: Int
  private let state = Guarded(State())

  /// A stream of which at most `limit` bytes wait.
  public init(limit: Int) { self.limit = limit }

  /// Whether its listener was too slow, and is to be cut off.
  var isDropped: Bool { state.withLock { $0.isDropped } }

  /// Hands over the next piece.
  ///
  /// - Returns: Whether somebody still listens.
  @discardableResult
  public func send(_ piece: [UInt8]) -> Bool {
    let (wake, isHeard) = state.withLock { state -> ((@Sendable () -> Void)?, Bool) in
      guard !state.isOver else { return (nil, false) }
      guard state.waiting.count + piece.count <= limit else {
        (state.isOver, state.isDropped, state.waiting) = (true, true, [])
        return (nil, false)
      }
      state.waiting += piece
      return (state.wake, true)
    }
    wake?()
    return isHeard
  }

  /// Nothing more comes.
  public func end() {
    let wake = state.withLock { state in
      state.isOver = true
      return state.wake
    }
    wake?()
  }

  /// What a listener is handed.
  enum Piece: Equatable {
    case bytes([UInt8])
    case nothingYet
    case end
    /// The listener was too slow: what it has is not whole.
    case dropped
  }

  /// The next bytes, at most `count`.
  func take(_ count: Int) -> Piece {
    state.withLock { state in
      if state.isDropped { return .dropped }
      guard !state.waiting.isEmpty else { return state.isOver ? .end : .nothingYet }
      let piece = Array(state.waiting.prefix(count))
      state.waiting.removeFirst(piece.count)
      return .bytes(piece)
    }
  }

  /// `wake` is called, from any thread, when there is something to take.
  func listen(_ wake: @escaping @Sendable () -> Void) { state.withLock { $0.wake = wake } }

  /// Nobody listens any more.
  func abandon() {
    state.withLock { state in
      (state.isOver, state.wake, state.waiting) = (true, nil, [])
    }
  }
}
