import Signals

/// The rules between the site files of one set.
let networkRules: [@Sendable ([SiteFile]) -> [SiteError]] = [
  uniqueJunctions, uniqueDetectors, knownUpstream, upstreamShares, sameLines, ownUnits, roomOnLines,
]

/// No two files describe the same junction.
func uniqueJunctions(_ files: [SiteFile]) -> [SiteError] {
  var owners: [String: SiteFile] = [:]
  return files.compactMap { file in
    let id = file.intersection.id
    guard let owner = owners[id] else {
      owners[id] = file
      return nil
    }
    return file.error(
      file.idPlace,
      "junction \(shown(id)) is described in \(owner.path) too; give each junction its own id")
  }
}

/// No two junctions have a detector of the same id: a count record names nothing else.
func uniqueDetectors(_ files: [SiteFile]) -> [SiteError] {
  var owners: [String: SiteFile] = [:]
  return files.flatMap { file in
    zip(file.intersection.detectors, file.detectorPlaces).compactMap { detector, place in
      guard let owner = owners[detector.id] else {
        owners[detector.id] = file
        return nil
      }
      return file.error(
        place,
        "detector \(shown(detector.id)) stands in \(owner.path) too; give each detector its own id")
    }
  }
}

/// Upstream links lead to junctions and lane groups that exist.
///
/// One file alone may be checked without its neighbours; a set of several is taken for the network.
func knownUpstream(_ files: [SiteFile]) -> [SiteError] {
  guard files.count > 1 else { return [] }
  let ids = files.map(\.intersection.id)
  let owners = Dictionary(zip(ids, files)) { first, _ in first }
  return links(of: files).compactMap { file, link, place in
    guard let owner = owners[link.intersection] else {
      let meant = suggestion(for: link.intersection, among: ids, noun: "junctions")
      return file.error(
        place, "there is no junction \(shown(link.intersection)) among the files; \(meant)")
    }
    let names = owner.intersection.laneGroups.map(\.name)
    guard !names.contains(link.laneGroup) else { return nil }
    let meant = suggestion(for: link.laneGroup, among: names, noun: "lane groups")
    return file.error(
      place,
      "junction \(shown(link.intersection)) has no lane group \(shown(link.laneGroup)); \(meant)")
  }
}

/// What leaves a lane group arrives at most once downstream.
func upstreamShares(_ files: [SiteFile]) -> [SiteError] {
  struct Source: Hashable {
    let intersection: String
    let laneGroup: String
  }
  var sums: [Source: Double] = [:]
  return links(of: files).compactMap { file, link, place in
    let source = Source(intersection: link.intersection, laneGroup: link.laneGroup)
    let sum = sums[source, default: 0] + link.share
    sums[source] = sum
    // Shares are written in decimals, whose sums round.
    guard sum > 1 + 1e-6 else { return nil }
    return file.error(
      place,
      "with this one, \(rounded(sum)) of the departures of lane group \(shown(link.laneGroup)) of "
        + "junction \(shown(link.intersection)) arrive downstream; the shares add up to 1 at most")
  }
}

private func links(of files: [SiteFile]) -> [(SiteFile, UpstreamLink, Place)] {
  files.flatMap { file in
    zip(file.intersection.laneGroups, file.linkPlaces).flatMap { group, places in
      zip(group.upstream, places).map { (file, $0, $1) }
    }
  }
}

extension SiteFile {
  func error(_ place: Place, _ problem: String) -> SiteError {
    SiteError(file: path, mark: place.mark, key: place.key, problem: problem)
  }
}
