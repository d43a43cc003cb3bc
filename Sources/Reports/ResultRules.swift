import Simulation

/// What is wrong in a result, and where.
struct Wrong {
  let place: String
  let reason: String
}

/// The first thing in `comparison` that does not fit together, so that a page can rely on it.
func wrong(with comparison: Comparison) -> Wrong? {
  guard comparison.length > comparison.warmUp, comparison.warmUp >= 0, comparison.length <= 864_000
  else { return Wrong(place: "length", reason: "must be longer than warmUp, and 10 days at most") }
  if let wrong = wrong(begin: comparison.begin) { return wrong }
  if comparison.runs.isEmpty { return Wrong(place: "runs", reason: "is empty; a run is due") }
  for (number, run) in comparison.runs.enumerated() {
    let place = "runs[\(number)]"
    if comparison.runs[..<number].contains(where: { $0.contender == run.contender }) {
      return Wrong(place: "\(place).contender", reason: "\"\(run.contender)\" is there twice")
    }
    if let wrong = wrong(with: run.score, at: "\(place).score", comparison.junctions) {
      return wrong
    }
    guard let courses = run.courses else { continue }
    guard courses.count == comparison.junctions.count else {
      return Wrong(
        place: "\(place).courses",
        reason: "has \(courses.count) elements; one for each of \(comparison.junctions.count) "
          + "junctions is due")
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
    return Wrong(place: "end", reason: "must not be before begin, nor more than 10 days after it")
  }
  if let wrong = wrong(begin: result.begin) { return wrong }
  if let estimates = result.estimates {
    guard estimates.count == result.junctions.count else {
      return Wrong(
        place: "estimates",
        reason: "has \(estimates.count) elements; one for each of \(result.junctions.count) "
          + "junctions is due")
    }
    for (number, estimate) in estimates.enumerated() {
      let outline = result.junctions[number]
      guard estimate.laneGroups.count == outline.laneGroups.count else {
        return Wrong(
          place: "estimates[\(number)].laneGroups",
          reason: "has \(estimate.laneGroups.count) elements; "
            + "\(outline.laneGroups.count) are due, as in junctions[\(number)]")
      }
      if let wrong = wrong(with: estimate.stages, at: "estimates[\(number)].stages", outline) {
        return wrong
      }
    }
  }
  return wrongTypes(result.junctions)
}

private func wrong(begin: Double) -> Wrong? {
  (0..<1e10).contains(begin) ? nil : Wrong(place: "begin", reason: "must be 0 to 1e10 s")
}

private func wrong(
  with score: Score, at place: String, _ junctions: [JunctionOutline]
) -> Wrong? {
  let found = score.junctions.map { $0.laneGroups.map(\.name) + $0.crossings.map(\.name) }
  let due = junctions.map { $0.laneGroups.map(\.name) + $0.crossings }
  guard found == due, score.junctions.map(\.id) == junctions.map(\.id) else {
    return Wrong(
      place: "\(place).junctions",
      reason: "does not have the lane groups and crossings of junctions, in their order")
  }
  for (name, distribution) in [("delays", score.delays), ("waits", score.waits)] {
    guard distribution.width > 0, distribution.counts.allSatisfy({ $0 >= 0 }) else {
      return Wrong(place: "\(place).\(name)", reason: "needs a width above 0 and counts from 0 on")
    }
  }
  return nil
}

private func wrong(
  with course: JunctionCourse, at place: String, _ outline: JunctionOutline
) -> Wrong? {
  guard course.laneGroups.count == outline.laneGroups.count else {
    return Wrong(
      place: "\(place).laneGroups",
      reason: "has \(course.laneGroups.count) elements; \(outline.laneGroups.count) are due")
  }
  for (number, group) in course.laneGroups.enumerated() {
    guard group.delay.count == group.departures.count, group.queue.count == group.delay.count else {
      return Wrong(
        place: "\(place).laneGroups[\(number)]",
        reason: "delay, departures and queue must have equally many elements")
    }
  }
  return wrong(with: course.stages, at: "\(place).stages", outline)
}

private func wrong(
  with runs: StageRuns, at place: String, _ outline: JunctionOutline
) -> Wrong? {
  guard runs.stage.count == runs.start.count, runs.stage.count == runs.green.count else {
    return Wrong(place: place, reason: "stage, start and green must have equally many elements")
  }
  guard runs.stage.allSatisfy(outline.stages.indices.contains) else {
    return Wrong(
      place: "\(place).stage", reason: "names a stage that the junction does not have")
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
        place: "junctions[\(number)].stages",
        reason: "stage \(stage.name) names a lane group or crossing that is not there")
    }
    for group in junction.laneGroups where !junction.approaches.contains(group.approach) {
      return Wrong(
        place: "junctions[\(number)].laneGroups",
        reason: "\(group.name) names the approach \(group.approach), which is not there")
    }
  }
  return nil
}
