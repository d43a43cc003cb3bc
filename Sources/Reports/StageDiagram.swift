import Simulation

/// Some minutes of a junction: which stage ran, who had green, and who came.
struct StageDiagram {
  let outline: JunctionOutline
  let runs: StageRuns
  /// Arrivals of each lane group in each 10 s; `nil` where they are not known.
  let arrivals: [[Int]?]
  /// Which time, s since the begin of the run.
  let time: Range<Double>
  /// When the run began, s since midnight.
  let begin: Double

  private static let left = 62.0
  private static let row = 16.0
  private static let top = 20.0

  func markup(label: String, arriving: (Int) -> String) -> Markup {
    let rows = outline.laneGroups.indices.filter { outline.laneGroups[$0].isSignalled }
    let height = Self.top + Double(rows.count) * Self.row + 22
    var drawing = Drawing(height: height)
    let width = Drawing.width - Self.left - 8
    func x(_ second: Double) -> Double {
      Self.left + (second - time.lowerBound) / (time.upperBound - time.lowerBound) * width
    }
    stages(&drawing, x: x)
    for (number, group) in rows.enumerated() {
      let base = Self.top + Double(number + 1) * Self.row
      drawing.text(
        outline.laneGroups[group].name, Self.left - 4, base - 3, anchor: "end",
        width: Self.left - 6)
      drawing.line(Self.left, base - 2, Self.left + width, base - 2, "red")
      for (from, until) in greens(of: group) {
        drawing.rect(x(from), base - 5, x(until) - x(from), 4.5, "green")
      }
      crowd(&drawing, of: group, base: base - 5.5, x: x, arriving)
    }
    var minute = (time.lowerBound / 60).rounded(.up) * 60
    while minute <= time.upperBound {
      drawing.line(x(minute), height - 20, x(minute), height - 17, "axis")
      if x(minute) < Drawing.width - 13 {
        drawing.text(clock(begin + minute), x(minute), height - 6, anchor: "middle")
      }
      minute += 60
    }
    return drawing.markup(label: label)
  }

  /// Stages that ran in `time`, with the part of their green that lies in it.
  private var shown: [(stage: Int, from: Double, until: Double)] {
    runs.stage.indices.compactMap { position in
      let from = max(time.lowerBound, runs.start[position])
      let until = min(time.upperBound, runs.start[position] + runs.green[position])
      return until > from ? (runs.stage[position], from, until) : nil
    }
  }

  private func stages(_ drawing: inout Drawing, x: (Double) -> Double) {
    for run in shown {
      let name = outline.stages[run.stage].name
      let width = x(run.until) - x(run.from)
      drawing.rect(
        x(run.from), 3, width, 13, "stage s\(run.stage % 8)",
        title: "\(name) \(number(run.until - run.from, places: 0)) s")
      if width >= Drawing.width(of: name, size: 9) + 1 {
        drawing.text(name, x(run.from) + width / 2, 13, anchor: "middle", style: "t on")
      }
    }
  }

  /// When a lane group had green; green goes on through a change between two stages that both serve
  /// it.
  private func greens(of group: Int) -> [(Double, Double)] {
    var found: [(Double, Double)] = []
    var wasServed = false
    for run in shown {
      let isServed = outline.stages[run.stage].laneGroups.contains(group)
      if isServed, wasServed, let last = found.indices.last {
        found[last].1 = run.until
      } else if isServed {
        found.append((run.from, run.until))
      }
      wasServed = isServed
    }
    return found
  }

  /// Who came, as columns: one unit of height for each vehicle in 10 s, up to the row above.
  private func crowd(
    _ drawing: inout Drawing, of group: Int, base: Double, x: (Double) -> Double,
    _ arriving: (Int) -> String
  ) {
    guard let arrivals = arrivals[group] else { return }
    let slot = JunctionCourse.arrivalInterval
    for position in arrivals.indices where arrivals[position] > 0 {
      let from = Double(position) * slot
      guard from >= time.lowerBound, from + slot <= time.upperBound + 1e-6 else { continue }
      let height = min(9.5, 1.6 * Double(arrivals[position]))
      drawing.rect(
        x(from) + 0.5, base - height, x(from + slot) - x(from) - 1, height, "come",
        title: arriving(arrivals[position]))
    }
  }
}
