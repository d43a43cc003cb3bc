import FoundationEssentials
import Testing

@Suite("What the documents point to is there")
struct LinkTests {
  /// The READMEs and CONTRIBUTING, and every page of `docs` and of the handbook, from the package's
  /// root.
  private static func documents() throws -> [String] {
    let pages = try FileManager.default.subpathsOfDirectory(atPath: "\(Tree.root)/docs").sorted()
    return ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"]
      + pages.filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }
  }

  /// The targets of the links of `text` that lead to files, without their fragments.
  static func targets(of text: String) -> [String] {
    text.matches(of: /\]\(([^)\s]+)\)/).map { String($0.output.1) }
      .filter { $0.firstRange(of: /^[a-z]+:/) == nil && !$0.hasPrefix("#") }
      .map { String($0.prefix { $0 != "#" }) }
  }

  @Test("Every relative link of the README, CONTRIBUTING and docs leads to a file")
  func links() throws {
    for document in try Self.documents() {
      let text = try String(contentsOfFile: "\(Tree.root)/\(document)", encoding: .utf8)
      let folder = document.split(separator: "/").dropLast().map { "/\($0)" }.joined()
      for target in Self.targets(of: text) {
        #expect(
          FileManager.default.fileExists(atPath: "\(Tree.root)\(folder)/\(target)"),
          "\(document) links to \(target), which is not there")
      }
    }
  }

  @Test("A link is found wherever it stands, and what leads elsewhere is none of ours")
  func parsing() {
    let text = """
      - [one](docs/a.md): see [two](b.md#part), [here](#part), [web](https://example.org/c.md).
      A [third](../d.md)[fourth](e/) and no link: f(g.md), [h] (i.md).
      """
    #expect(Self.targets(of: text) == ["docs/a.md", "b.md", "../d.md", "e/"])
  }

  @Test("The README leads to every page of docs, the handbook's first page to all of its own")
  func pages() throws {
    for (start, folder) in [
      ("README.md", "docs/"), ("docs/handbook/en/README.md", "docs/handbook/en/"),
      ("docs/handbook/zh/README.md", "docs/handbook/zh/"),
    ] {
      let text = try String(contentsOfFile: "\(Tree.root)/\(start)", encoding: .utf8)
      let base = start == "README.md" ? "" : folder
      let linked = Self.targets(of: text).map { base + $0 }
      for page in try Self.documents() where page.hasPrefix(folder) && page != start {
        guard !page.dropFirst(folder.count).contains("/") else { continue }
        #expect(linked.contains(page), "\(start) does not lead to \(page)")
      }
    }
  }

  @Test("The operator's page describes every event that the daemon logs")
  func events() throws {
    let page = try String(contentsOfFile: "\(Tree.root)/docs/running.md", encoding: .utf8)
    let written = /(?:Log\.write\([^"]*|event = )"([^"\\]+)"/
    let events = try Tree.sources(of: "greensplit/Daemon").flatMap { source in
      source.text.matches(of: written).map { String($0.output.1) }
    }
    #expect(events.count > 10)
    for event in events {
      #expect(page.contains("`\(event)`"), "docs/running.md does not describe the event \(event)")
    }
  }
}
