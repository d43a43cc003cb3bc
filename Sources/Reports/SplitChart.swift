/// Green of each stage as a share of time, one column for each interval.
struct SplitChart {
  let begin: Double
  let interval: Double
  let length: Double
  /// Names of the stages.
  let stages: [String]
  /// Element [interval][stage].
  let shares: [[Double]]

  private static let left = 34.0
  private static let top = 6.0
  private static let height = 140.0
  private static let bottom = 20.0

  func markup(label: String) -> Markup {
    var drawing = Drawing(height: Self.height)
    let plotWidth = Drawing.width - Self.left - 8
    let plotHeight = Self.height - Self.top - Self.bottom
    func y(_ share: Double) -> Double { Self.top + (1 - share) * plotHeight }
    for share in [0, 0.5, 1] {
      drawing.line(Self.left, y(share), Drawing.width - 8, y(share), "grid")
      drawing.text(
        "\(number(share * 100, places: 0)) %", Self.left - 3, y(share) + 3.5, anchor: "end")
    }
    let column = plotWidth / (length / interval)
    for (position, interval) in shares.enumerated() {
      let x = Self.left + Double(position) * column
      let width = min(column, Drawing.width - 8 - x) - 1
      var base = 0.0
      for (stage, share) in interval.enumerated() where share > 0 {
        drawing.rect(
          x, y(base + share), width, share * plotHeight, "stage s\(stage % 8)",
          title: "\(stages[stage]) \(number(share * 100, places: 0)) %")
        let hasRoom = share * plotHeight >= 11 && width >= Drawing.width(of: stages[stage], size: 9)
        if hasRoom {
          drawing.text(
            stages[stage], x + width / 2, y(base + share / 2) + 3.2, anchor: "middle", style: "t on"
          )
        }
        base += share
      }
    }
    for position in Swift.stride(from: 0, to: shares.count, by: max(1, (shares.count + 4) / 5)) {
      let x = Self.left + Double(position) * column
      drawing.text(clock(begin + Double(position) * interval), x, Self.height - 6)
    }
    return drawing.markup(label: label)
  }
}
