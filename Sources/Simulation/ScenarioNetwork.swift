import Phrases
import Signals
import Sites

/// The junctions of a scenario file and the roads between them.
struct ScenarioNetwork {
  let site: (String) -> Result<Intersection, SiteErrors>

  /// Reads `sites`, and `roads` if they are there.
  func network(_ sites: Field, roads: Field?) -> RoadNetwork? {
    guard let entries = sites.list(count: 1...1000) else { return nil }
    var junctions = entries.compactMap(junction)
    guard junctions.count == entries.count else { return nil }
    if let roads {
      guard let links = links(roads, between: junctions) else { return nil }
      junctions = zip(junctions, links).map { junction, links in
        junction.copy(as: junction.id) { position, group in
          group.upstream + links.filter { $0.laneGroup == position }.map(\.link)
        }
      }
    }
    do throws(NetworkError) {
      return try RoadNetwork(junctions)
    } catch {
      sites.report(error.words)
      return nil
    }
  }

  /// A path, or `{site: PATH, as: ID}` for a copy of a site under another identifier.
  private func junction(_ entry: Field) -> Intersection? {
    guard case .map = entry.node.content else {
      return entry.text().flatMap { read($0, at: entry) }
    }
    let table = entry.table([
      .required("site", "../intersections/J001.yaml"), .required("as", "K001"),
    ])
    let id = table?["as"]?.name()
    guard let field = table?["site"], let path = field.text(), let id,
      let original = read(path, at: field)
    else { return nil }
    // The original's neighbours are not the copy's.
    return original.copy(as: id) { _, _ in [] }
  }

  private func read(_ path: String, at field: Field) -> Intersection? {
    switch site(path) {
    case .success(let junction): return junction
    case .failure(let failure):
      let (first, others) = (failure.errors[0], failure.errors.count - 1)
      field.report(
        "cannot be used; put this right first: \(first)"
          + (others > 0 ? " (and \(others) more)" : ""),
        "无法使用；请先更正：\(first.text(.chinese))" + (others > 0 ? "（另有 \(others) 处）" : ""))
      return nil
    }
  }

  /// For each junction the roads that end at it.
  private func links(
    _ field: Field, between junctions: [Intersection]
  ) -> [[(laneGroup: Int, link: UpstreamLink)]]? {
    guard let entries = field.list(count: 0...20_000) else { return nil }
    var links = [[(laneGroup: Int, link: UpstreamLink)]](repeating: [], count: junctions.count)
    var isComplete = true
    for entry in entries {
      guard let road = road(entry, between: junctions) else {
        isComplete = false
        continue
      }
      links[road.junction].append((laneGroup: road.laneGroup, link: road.link))
    }
    return isComplete ? links : nil
  }

  private func road(
    _ entry: Field, between junctions: [Intersection]
  ) -> (junction: Int, laneGroup: Int, link: UpstreamLink)? {
    let table = entry.table([
      .required("from", "{junction: J001, lane_group: W.T}"),
      .required("to", "{junction: J002, lane_group: W.T}"), .required("share", "0.8"),
      .required("travel_time", "25 s"),
    ])
    let from = table?["from"].flatMap { place($0, in: junctions) }
    let to = table?["to"].flatMap { place($0, in: junctions) }
    let share = table?["share"]?.number(in: 0...1)
    let time = table?["travel_time"]?.duration(in: .seconds(1)...(.seconds(600)))
    guard let from, let to, let share, let time else { return nil }
    let source = junctions[from.junction]
    let link = UpstreamLink(
      intersection: source.id, laneGroup: source.laneGroups[from.laneGroup].name, share: share,
      travelTime: time.seconds)
    return (junction: to.junction, laneGroup: to.laneGroup, link: link)
  }

  private func place(
    _ field: Field, in junctions: [Intersection]
  ) -> (junction: Int, laneGroup: Int)? {
    let table = field.table([.required("junction", "J001"), .required("lane_group", "W.T")])
    let names = Names(of: .junction, junctions.map(\.id))
    guard let junction = table?["junction"]?.reference(to: names) else { return nil }
    let groups = Names(of: .laneGroup, junctions[junction].laneGroups.map(\.name))
    guard let laneGroup = table?["lane_group"]?.reference(to: groups) else { return nil }
    return (junction: junction, laneGroup: laneGroup)
  }
}

extension Intersection {
  /// The same junction under another identifier, which its detectors bear too, and with other roads.
  ///
  /// - Parameters:
  ///   - copy: Identifier of the copy.
  ///   - upstream: Where the vehicles of the lane group at a position come from.
  /// - Returns: The copy.
  func copy(as copy: String, upstream: (Int, LaneGroup) -> [UpstreamLink]) -> Intersection {
    let laneGroups = laneGroups.enumerated().map { position, group in
      LaneGroup(
        name: group.name, approach: group.approach, lanes: group.lanes, length: group.length,
        saturationFlow: group.saturationFlow, movements: group.movements, weight: group.weight,
        upstream: upstream(position, group))
    }
    let detectors = detectors.map { detector in
      let rest =
        detector.id.hasPrefix(id) ? String(detector.id.dropFirst(id.count)) : ".\(detector.id)"
      return Detector(
        id: copy + rest, laneGroup: detector.laneGroup, lanes: detector.lanes, view: detector.view,
        loops: detector.loops)
    }
    return Intersection(
      id: copy, name: name, timeZoneMinutes: timeZoneMinutes, approaches: approaches,
      signalGroups: signalGroups, laneGroups: laneGroups, crossings: crossings, stages: stages,
      changes: changes, detectors: copy == id ? self.detectors : detectors, limits: limits,
      plans: plans, schedule: schedule, control: control, cabinet: copy == id ? cabinet : nil,
      health: health)
  }
}
