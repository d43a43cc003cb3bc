import Measures

/// A time-space diagram: across, time; up, the way along the road; at each stop line its greens, and over the
/// way the bands in which a vehicle at free flow meets no red.
struct TimeSpaceChart {
  let route: TimeSpaceRoute

  private static let left = 52.0
  private static let right = 10.0
  private static let top = 12.0
  private static let bottom = 24.0
  /// Least room between two stop lines, for their names, and the most that a drawing is high.
  private static let leastGap = 13.0
  private static let heights = 90.0...480.0

  private var length: Double { max(1, route.stops.last?.distance ?? 1) }

  /// Height of the plot: as much as brings neighbours apart.
  private var plotHeight: Double {
    let gaps = zip(route.stops, route.stops.dropFirst()).map { $1.distance - $0.distance }
    let least = max(1, gaps.min() ?? length)
    let wanted = Self.leastGap * length / least
    return min(max(wanted, Self.heights.lowerBound), Self.heights.upperBound)
  }

  func markup(label: String, green: String, band: String) -> Markup {
    let plotHeight = plotHeight
    let width = Drawing.width - Self.left - Self.right
    let span = route.until - route.from
    func x(_ time: Double) -> Double {
      Self.left + min(1, max(0, (time - route.from) / span)) * width
    }
    func y(_ distance: Double) -> Double { Self.top + (1 - distance / length) * plotHeight }
    var drawing = Drawing(height: Self.top + plotHeight + Self.bottom)
    for (here, next) in zip(route.stops, route.stops.dropFirst()) {
      for times in route.bands {
        drawing.polygon(
          [
            (x(times[0] + here.travelTime), y(here.distance)),
            (x(times[1] + here.travelTime), y(here.distance)),
            (x(times[1] + next.travelTime), y(next.distance)),
            (x(times[0] + next.travelTime), y(next.distance)),
          ], "band", title: band)
      }
    }
    var named = Double.infinity
    for stop in route.stops {
      let middle = y(stop.distance)
      drawing.line(Self.left, middle, Drawing.width - Self.right, middle, "red")
      for times in stop.greens {
        drawing.rect(
          x(times[0]), middle - 2, x(times[1]) - x(times[0]), 4, "green", title: green)
      }
      guard named - middle >= Self.leastGap - 1 else { continue }
      named = middle
      drawing.text(
        stop.junction, Self.left - 4, middle + 3.5, anchor: "end", width: Self.left - 6)
    }
    marks(&drawing, at: Self.top + plotHeight, x)
    return drawing.markup(label: label)
  }

  private func marks(_ drawing: inout Drawing, at base: Double, _ x: (Double) -> Double) {
    let step = route.until - route.from > 1800 ? 600.0 : 300
    for time in stride(
      from: (route.from / step).rounded(.up) * step, through: route.until, by: step)
    {
      drawing.line(x(time), base + 5, x(time), base + 9, "axis")
      drawing.text(
        clock(time), min(max(x(time), Self.left), Drawing.width - 14), base + 20, anchor: "middle")
    }
  }
}
