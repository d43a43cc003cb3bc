import Support
import Testing

@testable import Sites

@Suite("The reference of the site file")
struct DocumentationTests {
  private static let schemas: [(prefix: String, keys: [Key])] = [
    ("", Schema.site), ("", Schema.approach), ("", Schema.signalGroup), ("", Schema.laneGroup),
    ("movements[].", Schema.movement), ("upstream[].", Schema.upstream), ("", Schema.crossing),
    ("", Schema.stage), ("", Schema.changes), ("intergreens[].", Schema.intergreen),
    ("", Schema.limits), ("", Schema.detector), ("", Schema.plan), ("greens[].", Schema.planGreen),
    ("", Schema.scheduled), ("", Schema.control), ("", Schema.cabinet),
    ("", Schema.health), ("", Schema.conflictPoint), ("", Schema.acceptance),
  ]

  private func reference() throws -> String {
    let path = shippedDirectory.pieces(around: "/intersections")[0] + "/docs/site-file.md"
    return String(decoding: try YAMLFile.contents(of: path).get(), as: UTF8.self)
  }

  @Test("Has a row for each key, which says whether it must be there")
  func everyKey() throws {
    let rows = try reference().pieces(around: "\n").filter { $0.hasPrefix("| `") }
    for schema in Self.schemas {
      for key in schema.keys {
        let named = rows.filter { $0.hasPrefix("| `\(schema.prefix)\(key.name)` |") }
        #expect(!named.isEmpty, "\(schema.prefix)\(key.name) has no row")
        #expect(
          named.contains { $0.hasPrefix("| `\(schema.prefix)\(key.name)` | –") == key.isRequired }
            || key.name == "share", "\(schema.prefix)\(key.name): default")
      }
    }
  }

  @Test("Has no row for a key that does not exist")
  func noOther() throws {
    let known = Self.schemas.flatMap { schema in schema.keys.map { schema.prefix + $0.name } }
    for row in try reference().pieces(around: "\n") where row.hasPrefix("| `") {
      let key = String(row.dropFirst(3).prefix { $0 != "`" })
      #expect(known.contains(key), "\(key) is no key")
    }
  }
}
