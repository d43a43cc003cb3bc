import Simulation

/// Which share of the delays is not longer than a time: one curve for each control.
struct ShareChart {
  struct Curve {
    let style: Int
    let name: String
    /// Element n: share of all that are shorter than n + 1 widths.
    let shares: [Double]
  }

  let width: Double
  let curves: [Curve]

  private static let left = 40.0
  private static let top = 8.0
  private static let height = 180.0
  private static let bottom = 22.0

  /// Where the axis ends: 99 % of every curve lie before it.
  private var end: Double {
    let needed = curves.map { curve in
      curve.shares.firstIndex { $0 >= 0.99 } ?? curve.shares.count
    }
    return Axis([Double((needed.max() ?? 0) + 1) * width]).upper
  }

  func markup(label: String, unit: String) -> Markup {
    var drawing = Drawing(height: Self.height)
    let plotWidth = Drawing.width - Self.left - 12
    let plotHeight = Self.height - Self.top - Self.bottom
    let axis = Axis([end])
    func x(_ time: Double) -> Double { Self.left + time / end * plotWidth }
    func y(_ share: Double) -> Double { Self.top + (1 - share) * plotHeight }
    for share in [0, 0.25, 0.5, 0.75, 0.95] {
      drawing.line(Self.left, y(share), Self.left + plotWidth, y(share), "grid")
      drawing.text(
        "\(number(share * 100, places: 0)) %", Self.left - 4, y(share) + 3.5, anchor: "end")
    }
    for tick in axis.ticks where tick <= end + 1e-6 {
      drawing.line(x(tick), y(0), x(tick), y(0) + 3, "axis")
      drawing.text(
        number(tick, places: 0), x(tick), Self.height - 7, anchor: "middle")
    }
    drawing.text(unit, Drawing.width - 1, Self.height - 20, anchor: "end", style: "t f")
    drawing.line(Self.left, y(0), Self.left + plotWidth, y(0), "axis")
    for curve in curves {
      let whole = curve.shares.enumerated().map { (time: Double($0 + 1) * width, share: $1) }
      let points = whole.filter { $0.time <= end + 1e-6 }.map { point in
        Optional((x: x(point.time), y: y(point.share)))
      }
      drawing.path([(x: x(0), y: y(0))] + points, "line c\(curve.style % 6)", title: curve.name)
      for point in points.enumerated() where (point.offset + curve.style) % 5 == 0 {
        if let place = point.element { marker(at: place.x, place.y, curve.style, &drawing) }
      }
    }
    return drawing.markup(label: label)
  }
}

extension Study {
  /// Shares of all delays of a control that are shorter than 1, 2, … class widths, all seeds together;
  /// `nil` where none is told.
  func shares(under control: Int, _ distribution: (Score) -> Distribution) -> [Double]? {
    let known = all(control).compactMap { $0.score.map(distribution) }
    guard let longest = known.map(\.counts.count).max(), longest > 0 else { return nil }
    let sums = (0..<longest).map { position in
      known.reduce(0.0) { sum, one in
        sum + (position < one.counts.count ? Double(one.counts[position]) : 0)
      }
    }
    let whole = sums.reduce(0, +)
    guard whole > 0 else { return nil }
    var passed = 0.0
    return sums.map { count in
      passed += count
      return passed / whole
    }
  }
}
