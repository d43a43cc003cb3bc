/// Values over time, one line for each control.
struct LineChart {
  /// One line: `style` is the position of its control.
  struct Line {
    let name: String
    let style: Int
    let values: [Double?]
  }

  /// When the first interval begins, s since midnight, and how long each is, s.
  let begin: Double
  let interval: Double
  /// How much of the whole is not scored, s.
  let warmUp: Double
  let length: Double
  let axis: Axis
  let lines: [Line]

  private static let left = 34.0
  private static let right = 8.0
  private static let top = 8.0
  private static let bottom = 20.0
  private static let height = 150.0

  private var plotWidth: Double { Drawing.width - Self.left - Self.right }
  private var plotHeight: Double { Self.height - Self.top - Self.bottom }

  private func x(_ seconds: Double) -> Double { Self.left + seconds / length * plotWidth }

  private func y(_ value: Double) -> Double { Self.top + (1 - axis.share(value)) * plotHeight }

  func markup(label: String, notScored: String) -> Markup {
    var drawing = Drawing(height: Self.height)
    if warmUp > 0 {
      drawing.rect(
        x(0), Self.top, x(warmUp) - x(0), plotHeight, "unscored", title: notScored)
    }
    for tick in axis.ticks {
      drawing.line(Self.left, y(tick), Drawing.width - Self.right, y(tick), "grid")
      drawing.text(
        number(tick, places: axis.step < 1 ? 1 : 0), Self.left - 4, y(tick) + 3.5, anchor: "end")
    }
    timeMarks(&drawing)
    for line in lines {
      let points = line.values.enumerated().map { position, value in
        value.map { value in
          let from = Double(position) * interval
          let middle = (from + min(length, from + interval)) / 2
          return (x: x(middle), y: y(value))
        }
      }
      drawing.path(points, "line c\(line.style % 6)", title: line.name)
      for point in points.compactMap(\.self) { mark(point, line.style, &drawing) }
    }
    return drawing.markup(label: label)
  }

  private func timeMarks(_ drawing: inout Drawing) {
    let steps = [1.0, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440, 2880, 5760, 14_400]
    let step = (steps.first { length / 60 / $0 <= 6 } ?? 14_400) * 60
    var time = (begin / step - 1e-9).rounded(.up) * step
    while time <= begin + length + 1e-6 {
      let position = x(time - begin)
      drawing.line(position, Self.top + plotHeight, position, Self.top + plotHeight + 3, "axis")
      // Half of "07:10" must find room on either side.
      if position > Self.left - 6, position < Drawing.width - 13 {
        drawing.text(clock(time), position, Self.height - 6, anchor: "middle")
      }
      time += step
    }
    drawing.line(
      Self.left, Self.top + plotHeight, Drawing.width - Self.right, Self.top + plotHeight, "axis")
  }

  private func mark(_ point: (x: Double, y: Double), _ style: Int, _ drawing: inout Drawing) {
    marker(at: point.x, point.y, style, &drawing)
  }
}

/// The mark of a control, which tells it apart where colours do not.
func marker(at x: Double, _ y: Double, _ style: Int, _ drawing: inout Drawing) {
  let color = "mark f\(style % 6)"
  switch style % 6 {
  case 0: drawing.circle(x, y, 1.6, color)
  case 1: drawing.rect(x - 2.2, y - 2.2, 4.4, 4.4, color)
  case 2:
    drawing.add(
      .element(
        "path",
        [
          "d": "M\(place(x)) \(place(y - 3))L\(place(x + 3)) \(place(y + 2.2))"
            + "L\(place(x - 3)) \(place(y + 2.2))Z", "class": color,
        ]))
  case 3:
    drawing.add(
      .element(
        "path",
        [
          "d": "M\(place(x)) \(place(y - 3.2))L\(place(x + 3.2)) \(place(y))"
            + "L\(place(x)) \(place(y + 3.2))L\(place(x - 3.2)) \(place(y))Z", "class": color,
        ]))
  case 4: drawing.circle(x, y, 2.4, "ring r4")
  default: drawing.rect(x - 2.2, y - 2.2, 4.4, 4.4, "ring r5")
  }
}
