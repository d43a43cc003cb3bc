/// What is done with the plans of a junction.
public enum JunctionMode: String, Sendable, CaseIterable {
  /// They go to its cabinet.
  case control
  /// They are recorded alone (建议模式).
  case advise
}

/// Which junctions are controlled, and which are only advised on.
public struct JunctionModes: Sendable, Hashable {
  /// The mode of those that are no exception.
  public var usual: JunctionMode

  /// The mode of each junction that is named, by its identifier.
  public var exceptions: [String: JunctionMode]

  /// `usual` for all but `exceptions`.
  public init(_ usual: JunctionMode = .control, exceptions: [String: JunctionMode] = [:]) {
    self.usual = usual
    self.exceptions = exceptions
  }

  /// The mode of the junction `id`.
  public func mode(of id: String) -> JunctionMode { exceptions[id] ?? usual }
}
