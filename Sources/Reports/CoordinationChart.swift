import Measures

/// A Purdue coordination diagram: each dot a vehicle, across the hour and up the cycle in which it arrived,
/// which begins with red; the green of each cycle stands behind.
struct CoordinationChart {
  let measures: CoordinationMeasures

  private static let left = 34.0
  private static let right = 8.0
  private static let top = 8.0
  private static let bottom = 20.0
  private static let height = 170.0

  private var begin: Double { Double(measures.hour) * 3600 }
  private var axis: Axis { Axis(measures.cycles.map(\.length)) }

  func markup(label: String, green: String, arrivals: String) -> Markup {
    let axis = axis
    let plotWidth = Drawing.width - Self.left - Self.right
    let plotHeight = Self.height - Self.top - Self.bottom
    // A cycle that began within the hour may end after it.
    func x(_ time: Double) -> Double { Self.left + min(1, (time - begin) / 3600) * plotWidth }
    func y(_ seconds: Double) -> Double { Self.top + (1 - axis.share(seconds)) * plotHeight }
    var drawing = Drawing(height: Self.height)
    for tick in axis.ticks {
      drawing.line(Self.left, y(tick), Drawing.width - Self.right, y(tick), "grid")
      drawing.text(number(tick, places: 0), Self.left - 4, y(tick) + 3.5, anchor: "end")
    }
    for cycle in measures.cycles {
      drawing.rect(
        x(cycle.begin), y(cycle.length), x(cycle.begin + cycle.length) - x(cycle.begin),
        y(cycle.green) - y(cycle.length), "s2", title: green)
    }
    let dots = measures.cycles.flatMap { cycle in
      cycle.arrivals.map { (x: x(cycle.begin + $0), y: y($0)) }
    }
    // Nothing between them, so that each is a dot.
    drawing.path(dots.flatMap { [$0, nil] }, "line c0", title: arrivals)
    for quarter in stride(from: 0.0, through: 3600, by: 900) {
      let position = x(begin + quarter)
      drawing.line(position, Self.top + plotHeight, position, Self.top + plotHeight + 3, "axis")
      drawing.text(
        clock(begin + quarter), min(position, Drawing.width - 14), Self.height - 6,
        anchor: "middle")
    }
    drawing.line(
      Self.left, Self.top + plotHeight, Drawing.width - Self.right, Self.top + plotHeight, "axis")
    return drawing.markup(label: label)
  }
}
