public import Signals

/// Who overrides what: at most one override of a junction at any time.
///
/// Whoever comes first keeps the junction until the end or the release. Another is told who, why and
/// until when, and may take over only by saying so.
public struct OverrideBoard: Sendable {
  /// An override and its junction.
  public struct Held: Sendable, Equatable {
    /// Identifier of the junction.
    public let junction: String
    /// What is wanted there.
    public let override: Override

    /// `override` at `junction`.
    public init(junction: String, override: Override) {
      self.junction = junction
      self.override = override
    }
  }

  /// Why nothing was placed.
  public enum Refusal: Error, Sendable, Equatable {
    /// Others hold some of the junctions.
    case held([Held])
    /// There would be more than `limit`.
    case full(limit: Int)
  }

  /// The most overrides of junctions at once: every junction of a large city, with some of them in a
  /// route to come.
  public static let limit = 20_000

  /// All that have not ended, in the order in which they were placed.
  public private(set) var held: [Held] = []

  /// A board without overrides.
  public init() {}

  /// Places all of `new`, or none of them.
  ///
  /// - Parameters:
  ///   - new: Overrides of one request.
  ///   - takesOver: Whether those of others that are in the way end.
  ///   - now: The instant; what has ended by then is in nobody's way.
  /// - Returns: Those that were in the way and have ended.
  /// - Throws: Why none was placed.
  public mutating func place(
    _ new: [Held], takingOver takesOver: Bool, at now: Instant
  ) throws(Refusal) -> [Held] {
    let inTheWay = held.filter { old in
      old.override.ends.monotonic > now
        && new.contains { $0.junction == old.junction && $0.override.overlaps(old.override) }
    }
    guard inTheWay.isEmpty || takesOver else { throw .held(inTheWay) }
    guard held.count - inTheWay.count + new.count <= Self.limit else {
      throw .full(limit: Self.limit)
    }
    held.removeAll { inTheWay.contains($0) }
    held += new
    return inTheWay
  }

  /// Takes away those that have ended at `now`, and tells which.
  public mutating func expire(at now: Instant) -> [Held] {
    remove { $0.override.ends.monotonic <= now }
  }

  /// Releases the override `id` at all its junctions, and tells which those were.
  public mutating func release(_ id: String) -> [Held] { remove { $0.override.id == id } }

  /// Releases every override of `junctions`, and tells which.
  public mutating func release(junctions: [String]) -> [Held] {
    remove { junctions.contains($0.junction) }
  }

  /// Releases everything, and tells what.
  public mutating func releaseAll() -> [Held] { remove { _ in true } }

  /// The overrides of `junction` that have not ended, by their beginning.
  public func overrides(of junction: String) -> [Override] {
    held.filter { $0.junction == junction }.map(\.override)
      .sorted { ($0.begins.monotonic, $0.id) < ($1.begins.monotonic, $1.id) }
  }

  private mutating func remove(_ isOver: (Held) -> Bool) -> [Held] {
    let over = held.filter(isOver)
    guard !over.isEmpty else { return [] }
    held.removeAll(where: isOver)
    return over
  }
}
