import JSONText
import Phrases
public import Signals

/// One junction among all: what is seen at a glance. It changes when something happens, not each second.
public struct JunctionRow: Sendable, Equatable {
  /// Identifier.
  public let id: String
  /// Name for people.
  public let name: String
  /// How it is controlled.
  public let mode: Mode
  /// Why no better.
  public let cause: String
  /// Since when.
  public let since: UTC?
  /// What is wrong; values left out, as they change each second.
  public let troubles: [Place]
  /// Highest degree of saturation of its lane groups, hundredths; `nil` while unknown.
  public let saturation: Int?

  /// What is wrong, where and since when.
  public struct Place: Sendable, Equatable {
    /// What.
    public let kind: TroubleKind
    /// Lane group or stage; empty for the whole.
    public let place: String
    /// Since when.
    public let since: UTC
  }

  /// What `picture` shows; `nil` before the first decision.
  ///
  /// - Parameters:
  ///   - site: The junction.
  ///   - picture: After its last decision.
  ///   - lostSince: Since when its cabinet does not answer; `nil` while it does.
  ///   - isAdvised: Whether nothing is written to its cabinet (建议模式).
  public init(
    _ site: Intersection, _ picture: JunctionPicture?, lostSince: UTC?, isAdvised: Bool = false
  ) {
    id = site.id
    name = site.name
    mode = Mode(
      level: picture?.level ?? .local, source: picture?.second.report?.source,
      isLinked: lostSince == nil, isAdvised: isAdvised)
    cause = picture?.cause ?? "starting"
    since = lostSince ?? picture?.since
    troubles = (picture?.troubles ?? []).map {
      Place(kind: $0.kind, place: $0.place, since: $0.since)
    }
    saturation = picture?.saturations.compactMap(\.self).max().map {
      Int(($0 * 100).rounded())
    }
  }

  /// As JSON.
  public var json: String {
    var object = JSONObject()
    object.add("id", id)
    object.add("name", name)
    object.add("mode", mode.rawValue)
    object.add("cause", cause)
    object.add("cause_words", Phrase(recorded: cause))
    object.add("since", since)
    object.add(
      "troubles",
      list: troubles.map { trouble in
        var object = JSONObject()
        object.add("kind", trouble.kind.rawValue)
        object.add("place", trouble.place)
        object.add("since", trouble.since)
        return object.closed
      })
    object.add("saturation", saturation.map { Double($0) / 100 }, places: 2)
    return object.closed
  }
}

/// All junctions, as `GET /v1/junctions` tells them.
public enum JunctionList {
  /// What `format` holds in this version.
  static let format = "greensplit-junctions-1"

  /// As JSON.
  ///
  /// - Parameters:
  ///   - rows: Each junction's row as JSON, in the order of the site files.
  ///   - sequence: Number of the last event that these rows contain.
  ///   - utc: Now.
  /// - Returns: One line.
  public static func json(rows: [String], sequence: Int, at utc: UTC) -> String {
    var object = JSONObject()
    object.add("format", format)
    object.add("at", utc)
    object.add("sequence", sequence)
    object.add("modes", list: Mode.allCases.map { named($0.rawValue, both($0.name)) })
    object.add(
      "trouble_kinds", list: TroubleKind.allCases.map { named($0.rawValue, both($0.name)) })
    object.add("junctions", list: rows)
    return object.closed
  }

  private static func named(_ code: String, _ words: String) -> String {
    "{\"code\":\"\(code)\",\"words\":\(words)}"
  }

  /// What has changed, as an event of `GET /v1/events`: rows of junctions that look different, and
  /// identifiers of those that are gone.
  public static func changes(
    rows: [String], removed: [String], sequence: Int, at utc: UTC
  ) -> String {
    var object = JSONObject()
    object.add("at", utc)
    object.add("sequence", sequence)
    object.add("junctions", list: rows)
    object.add("removed", list: removed.map(jsonString))
    return object.closed
  }
}
