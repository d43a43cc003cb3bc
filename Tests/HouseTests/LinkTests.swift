import FoundationEssentials
import Testing

@Suite("What the documents point to is there")
struct LinkTests {
  /// README and CONTRIBUTING, and every page of `docs`, from the package's root.
  private static func documents() throws -> [String] {
    let pages = try FileManager.default.contentsOfDirectory(atPath: "\(Tree.root)/docs").sorted()
    return ["README.md", "CONTRIBUTING.md"]
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

  @Test("The README leads to every page of docs")
  func pages() throws {
    let readme = try String(contentsOfFile: "\(Tree.root)/README.md", encoding: .utf8)
    let linked = Self.targets(of: readme)
    for page in try Self.documents() where page.hasPrefix("docs/") {
      #expect(linked.contains(page), "README.md does not lead to \(page)")
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
