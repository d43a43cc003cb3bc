import Signals

/// A page of measurements in Prometheus' text format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/). Names end in their unit; labels are
/// taken from site files and from fixed lists alone, so that their number is bounded.
public struct MetricsText: Sendable {
  /// What a measurement is.
  public enum Kind: String, Sendable {
    /// Goes up and down.
    case gauge
    /// Only goes up.
    case counter
  }

  /// The media type of the page.
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// The page so far.
  public private(set) var text = ""

  /// An empty page.
  public init() {}

  /// Adds one measurement without labels.
  public mutating func add(_ kind: Kind, _ name: String, _ help: String, _ value: Double) {
    add(kind, name, help, [([], value)])
  }

  /// Adds one measurement with its values, each with its labels; nothing without values.
  public mutating func add(
    _ kind: Kind, _ name: String, _ help: String,
    _ values: [(labels: [(name: String, value: String)], value: Double)]
  ) {
    guard !values.isEmpty else { return }
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    for (labels, value) in values {
      let words = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }
      text += name + (words.isEmpty ? "" : "{\(words.joined(separator: ","))}") + " \(value)\n"
    }
  }

  /// Adds how many junctions are in each mode and have each trouble, and what is seen of each at a
  /// glance.
  public mutating func add(_ rows: [JunctionRow]) {
    add(
      .gauge, "greensplit_junctions", "Junctions by control mode.",
      Mode.allCases.map { mode in
        ([("mode", mode.rawValue)], Double(rows.count { $0.mode == mode }))
      })
    add(
      .gauge, "greensplit_junctions_in_trouble", "Junctions by what is wrong with them.",
      TroubleKind.allCases.map { kind in
        let count = rows.count { row in row.troubles.contains { $0.kind == kind } }
        return ([("kind", kind.rawValue)], Double(count))
      })
    add(
      .gauge, "greensplit_junction_controlled",
      "Whether greensplit decides the greens of the junction (1) or not (0).",
      rows.map { ([("junction", $0.id)], $0.mode.isOurs ? 1 : 0) })
    add(
      .gauge, "greensplit_cabinet_up", "Whether the junction's cabinet answers (1) or not (0).",
      rows.map { ([("junction", $0.id)], $0.mode == .offline ? 0 : 1) })
    add(
      .gauge, "greensplit_junction_saturation_ratio",
      "Highest degree of saturation of the junction's lane groups over the last rounds.",
      rows.compactMap { row in
        row.saturation.map { ([("junction", row.id)], Double($0) / 100) }
      })
  }

  /// Backslashes, quotes and line feeds escaped.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
