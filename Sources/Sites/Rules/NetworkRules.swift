import Phrases
import Signals

/// The rules between the site files of one set.
let networkRules: [@Sendable ([SiteFile]) -> [SiteError]] = [
  uniqueJunctions, uniqueDetectors, upstreamShares, sameLines, ownUnits, roomOnLines,
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
      Phrase(
        "junction \(shown(id)) is described in \(owner.path) too; give each junction its own id",
        "路口 \(shown(id)) 在 \(owner.path) 中也有描述；每个路口应有各自的 id"))
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
        Phrase(
          "detector \(shown(detector.id)) stands in \(owner.path) too; give each detector its own id",
          "检测器 \(shown(detector.id)) 在 \(owner.path) 中也有；每个检测器应有各自的 id"))
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
      let meant = suggestion(for: link.intersection, among: ids, of: .junction)
      return file.error(
        place,
        Phrase(
          "there is no junction \(shown(link.intersection)) among the files; "
            + meant.text(.english),
          "这些文件中没有路口 \(shown(link.intersection))；\(meant.text(.chinese))"))
    }
    let names = owner.intersection.laneGroups.map(\.name)
    guard !names.contains(link.laneGroup) else { return nil }
    let meant = suggestion(for: link.laneGroup, among: names, of: .laneGroup)
    return file.error(
      place,
      Phrase(
        "junction \(shown(link.intersection)) has no lane group \(shown(link.laneGroup)); "
          + meant.text(.english),
        "路口 \(shown(link.intersection)) 没有车道组 \(shown(link.laneGroup))；"
          + meant.text(.chinese)))
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
      Phrase(
        "with this one, \(rounded(sum)) of the departures of lane group \(shown(link.laneGroup)) of "
          + "junction \(shown(link.intersection)) arrive downstream; the shares add up to 1 at most",
        "连同此项，路口 \(shown(link.intersection)) 车道组 \(shown(link.laneGroup)) 驶出车辆的 "
          + "\(rounded(sum)) 到达下游；份额合计至多为 1"))
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
  func error(_ place: Place, _ problem: Phrase) -> SiteError {
    SiteError(file: path, mark: place.mark, key: place.key, problem: problem)
  }
}
