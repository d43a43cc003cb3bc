import Phrases
import Signals
public import Sites

/// A junction with what was measured of it on site.
struct Surveyed {
  let site: Intersection
  let survey: SiteSurvey
}

/// What the rules of the trade find in a site file that has passed every rule of its own, by position; what
/// the file accepts is among it, with its reason.
public func lint(_ file: SiteFile, in source: SiteSource) -> [Finding] {
  let surveyed = Surveyed(site: file.intersection, survey: file.survey)
  var used = file.survey.acceptances.map { _ in false }
  var findings: [Finding] = []
  for rule in rules {
    for seen in rule.observe(surveyed) {
      let found = Finding(rule, seen, of: file, in: source, &used)
      findings.append(found)
    }
  }
  findings += needlessAcceptances(used, surveyed).map {
    Finding(acceptanceNeedless, $0, of: file, in: source, &used)
  }
  return findings.enumerated().sorted {
    ($0.element.place.mark, $0.offset) < ($1.element.place.mark, $1.offset)
  }.map(\.element)
}

extension Finding {
  /// What `rule` has seen, where it stands in the file, and whether the file accepts it; `used` notes
  /// which acceptances have been of use.
  fileprivate init(
    _ rule: Rule, _ seen: Observation, of file: SiteFile, in source: SiteSource,
    _ used: inout [Bool]
  ) {
    let place = source.place(seen.section, seen.entry, seen.key)
    let names = seen.elements.map(\.name)
    let position = file.survey.acceptances.firstIndex { accepted in
      accepted.rule == rule.id && (accepted.element.map(names.contains) ?? true)
    }
    if let position { used[position] = true }
    self.init(
      rule: rule, file: file.path, place: place, junction: file.intersection.id,
      elements: seen.elements, found: seen.found, expected: seen.expected, message: seen.message,
      acceptance: position.map { file.survey.acceptances[$0].reason })
  }
}
