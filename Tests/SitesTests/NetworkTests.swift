import Phrases
import Glibc
import Signals
import Support
import Testing

@testable import Sites

/// A directory that is gone after the test.
final class Scratch {
  let path: String

  init() throws {
    var template = Array("/tmp/sites-XXXXXX".utf8CString)
    path = try #require(mkdtemp(&template).map { String(cString: $0) })
  }

  func write(_ name: String, _ text: String) throws {
    let descriptor = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    #expect(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
  }

  func remove(_ name: String) { unlink("\(path)/\(name)") }

  /// The errors of the whole directory, with its path left out.
  func errors() -> [String] {
    SiteSet.read([path]).errors.map { error in
      error.description.pieces(around: path + "/").joined()
    }
  }

  deinit {
    for name in ["a.yaml", "b.yaml", "c.yml", "notes.txt", ".hidden.yaml"] { remove(name) }
    rmdir("\(path)/cabinets")
    rmdir(path)
  }
}

@Suite("A set of site files is checked as one network")
struct NetworkTests {
  /// The small junction under the id `id`, with `links` upstream of its lane group W.
  private func junction(_ id: String, detectors: String? = nil, links: String = "") -> String {
    Mini.text.pieces(around: "id: M1\n").joined(separator: "id: \(id)\n")
      .pieces(around: "id: M1.").joined(separator: "id: \(detectors ?? id).")
      .pieces(around: "    length: 80 m\n").joined(
        separator: links.isEmpty
          ? "    length: 80 m\n" : "    length: 80 m\n    upstream: [\(links)]\n")
  }

  @Test("All *.yaml files of a directory are read by name; what lies deeper is not")
  func directory() throws {
    let scratch = try Scratch()
    #expect(mkdir("\(scratch.path)/cabinets", 0o700) == 0)
    try scratch.write("b.yaml", junction("B"))
    try scratch.write("a.yaml", junction("A"))
    try scratch.write("notes.txt", "nothing")
    try scratch.write(".hidden.yaml", "nothing")
    let set = SiteSet.read([scratch.path, "\(scratch.path)/a.yaml"])
    #expect(set.errors == [])
    #expect(set.files.map(\.intersection.id) == ["A", "B"])
    #expect(
      set.files[0].summary.text(.english)
        == "\(scratch.path)/a.yaml: A Mini: 2 stages, 2 lane groups, cycle 70 s")
    #expect(try readSites([scratch.path]).get().map(\.id) == ["A", "B"])
  }

  @Test("A directory without site files, or with some that would be overlooked, is said")
  func overlooked() throws {
    let scratch = try Scratch()
    #expect(
      SiteSet.read([scratch.path]).errors.map(\.description) == [
        "\(scratch.path):1:1: error: file: has no site file in it; name a directory with *.yaml "
          + "files, or a file"
      ])
    try scratch.write("a.yaml", junction("A"))
    try scratch.write("c.yml", junction("C"))
    #expect(
      scratch.errors() == [
        "c.yml:1:1: error: file: is not read, as site files end in .yaml; rename it to c.yaml"
      ])
  }

  @Test("No two files have the same junction or detector")
  func unique() throws {
    let scratch = try Scratch()
    try scratch.write("a.yaml", junction("A"))
    try scratch.write("b.yaml", junction("A", detectors: "B"))
    #expect(
      scratch.errors() == [
        #"b.yaml:2:5: error: id: junction "A" is described in a.yaml too; "#
          + "give each junction its own id"
      ])
    try scratch.write("b.yaml", junction("B", detectors: "A"))
    #expect(
      scratch.errors() == [
        #"b.yaml:36:10: error: detectors[A.N].id: detector "A.N" stands in a.yaml too; "#
          + "give each detector its own id",
        #"b.yaml:37:10: error: detectors[A.W].id: detector "A.W" stands in a.yaml too; "#
          + "give each detector its own id",
      ])
  }

  @Test("Upstream links lead to what is there, and none of the traffic arrives twice")
  func upstream() throws {
    let scratch = try Scratch()
    func link(_ junction: String, _ laneGroup: String, _ share: Double) -> String {
      "{junction: \(junction), lane_group: \(laneGroup), share: \(share), travel_time: 20 s}"
    }
    let links = [link("AA", "W", 0.5), link("A", "X.T", 0.5), link("A", "W", 0.5)]
    try scratch.write("b.yaml", junction("B", links: links.joined(separator: ", ")))
    #expect(scratch.errors() == [])
    try scratch.write("a.yaml", junction("A"))
    #expect(
      scratch.errors() == [
        #"b.yaml:23:16: error: lane_groups[W].upstream[#1]: there is no junction "AA" among the "#
          + #"files; did you mean "A"?"#,
        #"b.yaml:23:78: error: lane_groups[W].upstream[#2]: junction "A" has no lane group "#
          + #""X.T"; did you mean "N.T"?"#,
      ])
    try scratch.write("b.yaml", junction("B", links: link("A", "W", 0.5)))
    #expect(scratch.errors() == [])
    let twice = [link("A", "W", 0.5), link("A", "W", 0.6)]
    try scratch.write("b.yaml", junction("B", links: twice.joined(separator: ", ")))
    #expect(
      scratch.errors() == [
        "b.yaml:23:77: error: lane_groups[W].upstream[#2]: with this one, 1.1 of the departures of "
          + #"lane group "W" of junction "A" arrive downstream; the shares add up to 1 at most"#
      ])
  }

  @Test("A neighbour is missed only where every file could be read")
  func unreadNeighbour() throws {
    let scratch = try Scratch()
    let link = "{junction: C, lane_group: W, share: 0.5, travel_time: 20 s}"
    try scratch.write("a.yaml", junction("A"))
    try scratch.write("b.yaml", junction("B", links: link))
    #expect(scratch.errors().count == 1)
    try scratch.write("c.yaml", junction("C") + "\nfoo: 1\n")
    #expect(scratch.errors().map { $0.prefix(7) } == ["c.yaml:"])
  }

  @Test("One bad file does not hide the others, nor their errors")
  func partial() throws {
    let scratch = try Scratch()
    try scratch.write("a.yaml", "version: [\n")
    try scratch.write("b.yaml", junction("B"))
    let set = SiteSet.read([scratch.path])
    #expect(set.files.map(\.intersection.id) == ["B"])
    #expect(set.errors.count == 1)
    guard case .failure(let errors) = readSites([scratch.path, "/nowhere.yaml"]) else {
      Issue.record("a bad file among the sites")
      return
    }
    #expect(errors.errors.map(\.key) == ["yaml", "file"])
  }
}
