/// What came of a run with an attached traffic simulator (`docs/results.md`).
public struct PlantResult: Sendable, Equatable, Codable {
  /// What `format` holds in this version.
  public static let currentFormat = "greensplit-plant-1"

  /// How the result is written: another value, another meaning of the fields.
  public internal(set) var format = Self.currentFormat

  /// Who set the signals, such as "second, free".
  public internal(set) var control = ""

  /// What the plant's random draws followed from, where greensplit was told to hand it on.
  public internal(set) var seed: UInt64?

  /// What the plant calls itself.
  public internal(set) var name = ""

  /// Where its clock began, s.
  public internal(set) var begin = 0.0

  /// Where its clock stood at the end, s.
  public internal(set) var end = 0.0

  /// Its junctions.
  public internal(set) var intersections: [String] = []

  /// The same as their site files describe them; empty if they were never met.
  public internal(set) var junctions: [JunctionOutline] = []

  /// What the loop knew of each of them; `nil` if the signals were not set by it.
  public internal(set) var estimates: [JunctionEstimates]?

  /// Plans that were sent.
  public internal(set) var plans = 0

  /// Plans that the safety check kept back.
  public internal(set) var refused = 0

  /// Records that could not be read or that no junction wants.
  public internal(set) var unusedRecords = 0

  /// Fingerprint of every decision of the run.
  public internal(set) var digest = ""

  /// The plant's own summary, untouched; `nil` if the run ended before it.
  public internal(set) var plant: JSONText?

  /// Why the run ended before its time; `nil` if it did not.
  public internal(set) var failure: String?
}
