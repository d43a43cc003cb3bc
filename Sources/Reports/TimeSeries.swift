import Simulation

/// What happened over time, in intervals that are long against a cycle.
extension Study {
  /// Length of an interval, min: some dozen of them, whatever the run's length.
  var minutes: Int {
    switch length {
    case ..<1201: 1
    case ..<10_801: 5
    default: 15
    }
  }

  /// Number of intervals, the last of which may be shorter.
  var intervals: Int { max(1, Int((length / 60 / Double(minutes)).rounded(.up))) }

  /// Minutes of an interval.
  private func span(_ interval: Int) -> Range<Int> {
    (interval * minutes)..<((interval + 1) * minutes)
  }

  /// Positions of an approach's lane groups.
  func laneGroups(of approach: String, at junction: Int) -> [Int] {
    junctions[junction].laneGroups.indices.filter {
      junctions[junction].laneGroups[$0].approach == approach
    }
  }

  /// Mean delay of those who crossed the stop lines of an approach in each interval, s; `nil` where
  /// nobody did.
  func delays(of approach: String, at junction: Int, under control: Int) -> [Double?] {
    let groups = laneGroups(of: approach, at: junction)
    return (0..<intervals).map { interval in
      var (lost, number) = (0.0, 0.0)
      for course in all(control).compactMap({ $0.courses?[junction] }) {
        for group in groups.map({ course.laneGroups[$0] }) {
          let span = span(interval).clamped(to: group.delay.indices)
          lost += group.delay[span].reduce(0, +)
          number += group.departures[span].reduce(0.0) { $0 + Double($1) }
        }
      }
      return number > 0 ? lost / number : nil
    }
  }

  /// Mean number of vehicles held up on an approach in each interval; `nil` where it is not known.
  func queues(of approach: String, at junction: Int, under control: Int) -> [Double?] {
    let groups = laneGroups(of: approach, at: junction)
    return (0..<intervals).map { interval in
      Self.mean(
        all(control).map { run in
          let minutes = span(interval).map { minute in
            queue(of: groups, at: junction, in: minute, of: run)
          }
          return Self.mean(minutes)
        })
    }
  }

  /// Vehicles held up in a minute, measured by the model or estimated by the loop.
  private func queue(of groups: [Int], at junction: Int, in minute: Int, of run: Run) -> Double? {
    let queues = groups.map { group -> Double? in
      if let course = run.courses?[junction].laneGroups[group] {
        return course.queue.indices.contains(minute) ? course.queue[minute] : nil
      }
      guard let estimate = run.estimates?[junction].laneGroups[group],
        estimate.queue.indices.contains(minute)
      else { return nil }
      return estimate.queue[minute]
    }
    let known = queues.compactMap(\.self)
    return known.count == groups.count ? known.reduce(0, +) : nil
  }

  /// The stages of one run, as they were shown.
  func stages(of run: Run?, at junction: Int) -> StageRuns? {
    run?.courses?[junction].stages ?? run?.estimates?[junction].stages
  }

  /// Green of each stage in each interval, as a share of the interval: element [interval][stage], over
  /// all seeds; `nil` if no run tells.
  func splits(at junction: Int, under control: Int) -> [[Double]]? {
    let known = all(control).compactMap { stages(of: $0, at: junction) }
    guard !known.isEmpty else { return nil }
    let none = [Double](repeating: 0, count: junctions[junction].stages.count)
    var shares = [[Double]](repeating: none, count: intervals)
    for runs in known {
      for (position, stage) in runs.stage.enumerated() {
        let green = (runs.start[position], runs.start[position] + runs.green[position])
        for interval in shares.indices {
          let from = Double(interval * minutes) * 60
          let until = min(length, from + Double(minutes) * 60)
          let overlap = min(green.1, until) - max(green.0, from)
          if overlap > 0, until > from {
            shares[interval][stage] += overlap / (until - from) / Double(known.count)
          }
        }
      }
    }
    return shares
  }

  /// The minutes of the stage diagram: those four, scored, in which most vehicles stood at the
  /// junction, s since the begin, and under which control: the first whose queues are known, with its
  /// first seed.
  func chosenTime(at junction: Int) -> (time: Range<Double>, control: Int?) {
    let width = min(length, 240)
    let latest = max(0, Int((length - width) / 60))
    let earliest = min(latest, Int((warmUp / 60).rounded(.up)))
    let groups = Array(junctions[junction].laneGroups.indices)
    let control = controls.indices.first { control in
      let run = runs[control].first ?? nil
      return run?.courses != nil || run?.estimates != nil
    }
    let run = control.flatMap { runs[$0].first ?? nil }
    var best = (minute: earliest, queue: -1.0)
    for minute in earliest...latest {
      let queue = run.flatMap { run in
        Self.mean(
          (minute..<minute + 4).map { self.queue(of: groups, at: junction, in: $0, of: run) })
      }
      if let queue, queue > best.queue { best = (minute, queue) }
    }
    let begin = Double(best.minute) * 60
    return (begin..<begin + width, best.queue < 0 ? nil : control)
  }
}
