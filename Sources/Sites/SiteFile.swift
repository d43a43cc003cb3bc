public import Phrases
public import Profiles
public import Signals

/// Where something of a file stands, after the file has been read.
public struct Place: Sendable, Equatable {
  /// Line and column.
  public let mark: Mark

  /// The key with all keys around it, as errors show it.
  public let key: String

  /// The place of `key` at `mark`.
  public init(mark: Mark, key: String) {
    self.mark = mark
    self.key = key
  }
}

/// A site file that has passed every rule of its own.
public struct SiteFile: Sendable, Equatable {
  /// The file, as it was named by whoever asked for it.
  public let path: String

  /// The junction that it describes.
  public let intersection: Intersection

  /// The make of its cabinet, if that does not speak the reference map.
  public let profile: CabinetProfile?

  /// What the cabinet's make does less than the reference map wants, a sentence for each.
  public let lacks: [Phrase]

  /// What was measured of the junction on site.
  public let survey: SiteSurvey

  /// Where the make is named.
  public let makePlace: Place?

  /// Where its id stands.
  let idPlace: Place

  /// Where each detector's id stands.
  let detectorPlaces: [Place]

  /// Where its cabinet stands; `nil` if it names none.
  let cabinetPlace: Place?

  /// Where each upstream link of each lane group stands.
  let linkPlaces: [[Place]]

  /// One line for people: the junction with its stages, lane groups and cycles.
  public var summary: Phrase {
    let junction = intersection
    let cycles = junction.plans.map { ($0.plan.cycle ?? .zero).description }
    let once = cycles.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let (stages, groups) = (junction.stages.count, junction.laneGroups.count)
    let title = "\(path): \(junction.id) \(junction.name)"
    return Phrase(
      "\(title): \(stages) stages, \(groups) lane groups, cycle \(choice(once))",
      "\(title)：\(stages) 个相位阶段，\(groups) 个车道组，周期 \(choice(once, .chinese))")
  }
}

/// Reads the site file at `path`.
///
/// - Returns: The junction, or every error of the file by position.
public func readSite(_ path: String) -> Result<Intersection, SiteErrors> {
  YAMLFile.read(path) { site($0, path: path) }.map(\.intersection)
}

/// Reads a site file's `bytes`; errors call the file `name`.
///
/// - Returns: The junction, or every error of the file by position.
public func readSite(_ bytes: [UInt8], named name: String) -> Result<Intersection, SiteErrors> {
  YAMLFile.read(bytes, named: name) { site($0, path: name) }.map(\.intersection)
}

/// Reads a site file's `bytes` and makes what is wanted of it and of its text; errors call the file `name`.
///
/// - Returns: What `look` makes, or every error of the file by position.
public func readSite<Value>(
  _ bytes: [UInt8], named name: String, _ look: (SiteFile, SiteSource) -> Value
) -> Result<Value, SiteErrors> {
  YAMLFile.read(bytes, named: name) { field in
    site(field, path: name).map { look($0, SiteSource(field)) }
  }
}

/// Reads a file's root, checks it against every rule and keeps the places that rules between files
/// need.
func site(_ field: Field, path: String) -> SiteFile? {
  guard let draft = Draft(field) else { return nil }
  siteRules.forEach { $0(draft) }
  let cabinet = draft.root["cabinet"].flatMap(readCabinet)
  guard let intersection = draft.build(cabinet: cabinet?.address), let survey = draft.survey else {
    return nil
  }
  let make = Make(intersection, cabinet?.profile, draft.root["cabinet"])
  makeRules.forEach { rule in make.map(rule) }
  guard field.problems.isEmpty else { return nil }
  return SiteFile(
    path: path, intersection: intersection, profile: make?.profile,
    lacks: make?.lacks ?? [], survey: survey, makePlace: make.map { Place($0.field) },
    idPlace: Place(draft.root["id"] ?? draft.root.field),
    detectorPlaces: draft.detectors.map { Place($0.row.at("id")) },
    cabinetPlace: draft.root["cabinet"].map { Place($0) },
    linkPlaces: draft.laneGroups.map { ($0.upstream ?? []).map { Place($0.field) } })
}

extension Place {
  init(_ field: Field) { self.init(mark: field.mark, key: field.key) }
}
