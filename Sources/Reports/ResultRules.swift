import Phrases
import Simulation

/// What is wrong in a result, and where.
struct Wrong {
  let place: String
  let reason: Phrase

  init(_ place: String, _ english: String, _ chinese: String) {
    (self.place, reason) = (place, Phrase(english, chinese))
  }

  /// A list that does not have an element for each of so many junctions.
  init(_ place: String, has found: Int, forEachOf junctions: Int) {
    self.init(
      place, "has \(found) elements; one for each of \(junctions) junctions is due",
      "有 \(found) 项；应对 \(junctions) 个路口各有一项")
  }
}

/// The first thing in `comparison` that does not fit together, so that a page can rely on it.
func wrong(with comparison: Comparison) -> Wrong? {
  guard comparison.length > comparison.warmUp, comparison.warmUp >= 0, comparison.length <= 864_000
  else {
    return Wrong(
      "length", "must be longer than warmUp, and 10 days at most", "应大于 warmUp，且至多 10 天")
  }
  if let wrong = wrong(begin: comparison.begin) { return wrong }
  if comparison.runs.isEmpty {
    return Wrong("runs", "is empty; a run is due", "为空；至少应有一次运行")
  }
  for (number, run) in comparison.runs.enumerated() {
    let place = "runs[\(number)]"
    if comparison.runs[..<number].contains(where: { $0.contender == run.contender }) {
      return Wrong(
        "\(place).contender", "\"\(run.contender)\" is there twice", "\"\(run.contender)\" 出现两次")
    }
    if let wrong = wrong(with: run.score, at: "\(place).score", comparison.junctions) {
      return wrong
    }
    guard let courses = run.courses else { continue }
    guard courses.count == comparison.junctions.count else {
      return Wrong(
        "\(place).courses", has: courses.count, forEachOf: comparison.junctions.count)
    }
    for (junction, course) in courses.enumerated() {
      let outline = comparison.junctions[junction]
      if let wrong = wrong(with: course, at: "\(place).courses[\(junction)]", outline) {
        return wrong
      }
    }
  }
  return wrongTypes(comparison.junctions)
}

/// The first thing in the result of a plant that does not fit together.
func wrong(with result: PlantResult) -> Wrong? {
  guard result.end >= result.begin, result.end - result.begin <= 864_000 else {
    return Wrong(
      "end", "must not be before begin, nor more than 10 days after it", "不得早于 begin，也不得晚于其 10 天以上")
  }
  if let wrong = wrong(begin: result.begin) { return wrong }
  if let estimates = result.estimates {
    guard estimates.count == result.junctions.count else {
      return Wrong("estimates", has: estimates.count, forEachOf: result.junctions.count)
    }
    for (number, estimate) in estimates.enumerated() {
      let outline = result.junctions[number]
      guard estimate.laneGroups.count == outline.laneGroups.count else {
        let (found, due) = (estimate.laneGroups.count, outline.laneGroups.count)
        return Wrong(
          "estimates[\(number)].laneGroups",
          "has \(found) elements; \(due) are due, as in junctions[\(number)]",
          "有 \(found) 项；应为 \(due) 项，与 junctions[\(number)] 一致")
      }
      if let wrong = wrong(with: estimate.stages, at: "estimates[\(number)].stages", outline) {
        return wrong
      }
    }
  }
  return wrongTypes(result.junctions)
}

private func wrong(begin: Double) -> Wrong? {
  (0..<1e10).contains(begin)
    ? nil : Wrong("begin", "must be 0 to 1e10 s", "应为 0 至 1e10 s")
}

private func wrong(
  with score: Score, at place: String, _ junctions: [JunctionOutline]
) -> Wrong? {
  let found = score.junctions.map { $0.laneGroups.map(\.name) + $0.crossings.map(\.name) }
  let due = junctions.map { $0.laneGroups.map(\.name) + $0.crossings }
  guard found == due, score.junctions.map(\.id) == junctions.map(\.id) else {
    return Wrong(
      "\(place).junctions",
      "does not have the lane groups and crossings of junctions, in their order",
      "与 junctions 的车道组和人行横道及其顺序不符")
  }
  for (name, distribution) in [("delays", score.delays), ("waits", score.waits)] {
    guard distribution.width > 0, distribution.counts.allSatisfy({ $0 >= 0 }) else {
      return Wrong(
        "\(place).\(name)", "needs a width above 0 and counts from 0 on",
        "width 应大于 0，counts 应不小于 0")
    }
  }
  return nil
}

private func wrong(
  with course: JunctionCourse, at place: String, _ outline: JunctionOutline
) -> Wrong? {
  guard course.laneGroups.count == outline.laneGroups.count else {
    return Wrong(
      "\(place).laneGroups",
      "has \(course.laneGroups.count) elements; \(outline.laneGroups.count) are due",
      "有 \(course.laneGroups.count) 项；应为 \(outline.laneGroups.count) 项")
  }
  for (number, group) in course.laneGroups.enumerated() {
    guard group.delay.count == group.departures.count, group.queue.count == group.delay.count else {
      return Wrong(
        "\(place).laneGroups[\(number)]",
        "delay, departures and queue must have equally many elements",
        "delay、departures 和 queue 的项数应相同")
    }
  }
  return wrong(with: course.stages, at: "\(place).stages", outline)
}

private func wrong(
  with runs: StageRuns, at place: String, _ outline: JunctionOutline
) -> Wrong? {
  guard runs.stage.count == runs.start.count, runs.stage.count == runs.green.count else {
    return Wrong(
      place, "stage, start and green must have equally many elements", "stage、start 和 green 的项数应相同")
  }
  guard runs.stage.allSatisfy(outline.stages.indices.contains) else {
    return Wrong(
      "\(place).stage", "names a stage that the junction does not have", "所指的阶段不在该路口中")
  }
  return nil
}

private func wrongTypes(_ junctions: [JunctionOutline]) -> Wrong? {
  for (number, junction) in junctions.enumerated() {
    for stage in junction.stages
    where !stage.laneGroups.allSatisfy(junction.laneGroups.indices.contains)
      || !stage.crossings.allSatisfy(junction.crossings.indices.contains)
    {
      return Wrong(
        "junctions[\(number)].stages",
        "stage \(stage.name) names a lane group or crossing that is not there",
        "阶段 \(stage.name) 所指的车道组或人行横道不存在")
    }
    for group in junction.laneGroups where !junction.approaches.contains(group.approach) {
      return Wrong(
        "junctions[\(number)].laneGroups",
        "\(group.name) names the approach \(group.approach), which is not there",
        "\(group.name) 所指的进口道 \(group.approach) 不存在")
    }
  }
  return nil
}
