/// Differences from the fixed plan as bars on both sides of zero, each with its confidence interval
/// and the seeds it stands for.
struct DifferenceChart {
  struct Row {
    let label: String
    let difference: PairedDifference
    let values: [Double]
  }

  let rows: [Row]
  /// What lies left and right of zero.
  let less: String
  let more: String
  /// Words for "95 % interval" in the titles of the bars.
  let title: (Row) -> String

  private static let rowHeight = 20.0
  private static let top = 32.0

  func markup(label: String) -> Markup {
    let labelWidth = min(110, (rows.map { Drawing.width(of: $0.label) }.max() ?? 0) + 6)
    let left = labelWidth + 4
    let right = 46.0
    let ends = rows.flatMap { row in
      let half = row.difference.half ?? 0
      return row.values + [row.difference.mean - half, row.difference.mean + half]
    }
    let axis = Axis(ends)
    let width = Drawing.width - left - right
    func x(_ value: Double) -> Double { left + axis.share(value) * width }
    let height = Self.top + Double(rows.count) * Self.rowHeight + 6
    var drawing = Drawing(height: height)
    sides(&drawing, zero: x(0), from: left, to: Drawing.width - right)
    // Marks that would stand on each other are left out.
    let step = axis.step * (axis.step / (axis.upper - axis.lower) * width < 26 ? 2 : 1)
    for tick in axis.ticks {
      drawing.line(x(tick), Self.top - 4, x(tick), height - 4, tick == 0 ? "axis" : "grid")
      let isWhole = abs((tick / step).rounded() - tick / step) < 1e-6
      if isWhole {
        drawing.text(
          withMinus(number(tick, places: axis.step < 1 ? 1 : 0)), x(tick), Self.top - 7,
          anchor: "middle")
      }
    }
    for (position, row) in rows.enumerated() {
      let middle = Self.top + (Double(position) + 0.5) * Self.rowHeight
      drawing.text(
        row.label, labelWidth, middle + 3.5, anchor: "end", width: labelWidth - 2)
      let mean = row.difference.mean
      drawing.rect(
        min(x(0), x(mean)), middle - 5, abs(x(mean) - x(0)), 10, mean <= 0 ? "gain" : "loss",
        title: title(row))
      if let half = row.difference.half {
        whisker(&drawing, x(mean - half), x(mean + half), at: middle)
        for value in row.values { drawing.circle(x(value), middle, 1.7, "seed") }
      }
      drawing.text(signed(mean), Drawing.width - 2, middle + 3.5, anchor: "end", style: "t n")
    }
    return drawing.markup(label: label)
  }

  private func sides(_ drawing: inout Drawing, zero: Double, from left: Double, to right: Double) {
    // Where one side is too narrow for its word, its word is not needed.
    if zero - left > Drawing.width(of: less) + 8 {
      drawing.text("← \(less)", zero - 6, 9, anchor: "end", style: "t f")
    }
    if right + 40 - zero > Drawing.width(of: more) + 18 {
      drawing.text("\(more) →", zero + 6, 9, style: "t f")
    }
  }

  private func whisker(_ drawing: inout Drawing, _ low: Double, _ high: Double, at y: Double) {
    drawing.line(low, y, high, y, "whisker")
    drawing.line(low, y - 4, low, y + 4, "whisker")
    drawing.line(high, y - 4, high, y + 4, "whisker")
  }
}

/// A number with the minus that typesetters write.
private func withMinus(_ text: String) -> String {
  text.hasPrefix("-") ? "−\(text.dropFirst())" : text
}

/// A number with its sign, the minus as typesetters write it.
func signed(_ value: Double, places: Int = 1) -> String {
  let text = number(abs(value), places: places)
  let isZero = text.allSatisfy { "0.".contains($0) }
  return isZero ? text : (value < 0 ? "−\(text)" : "+\(text)")
}
