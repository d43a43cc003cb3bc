import Glibc
import Support
import Testing

@Suite("greensplit check")
struct CheckTests {
  let street: Street

  init() throws { street = try Street() }

  @Test("is content with every shipped file, and says in a line what each is")
  func shipped() async throws {
    let (status, output, errors) = try await Program.run("check", "\(Peers.root)/intersections")
    #expect(status == 0)
    #expect(errors == "")
    let lines = output.split(separator: "\n")
    for id in ["J001", "J002", "J003", "J004", "GS_cluster_357187_359543"] {
      #expect(lines.count { $0.contains("/intersections/\(id).yaml: \(id) ") } == 1)
    }
    let (profiles, sites) = (
      lines.filter { $0.contains("/cabinets/") }, lines.filter { !$0.contains("/cabinets/") }
    )
    #expect(sites.allSatisfy { $0.contains(" stages, ") && $0.contains(" lane groups, cycle ") })
    #expect(profiles.count == 3)
    #expect(profiles.allSatisfy { $0.contains(": profile ") && $0.contains(" points, ") })
  }

  @Test("says of a wrong file what is wrong even if another is right")
  func both() async throws {
    let (status, output, errors) = try await Program.run(
      "check", "\(Peers.root)/intersections/J004.yaml", street.path("none.yaml"))
    #expect(status == 1)
    #expect(output.contains("J004.yaml: J004 "))
    #expect(
      errors == "\(street.path("none.yaml")):1:1: error: file: cannot be read: "
        + "No such file or directory; check the path and its permissions\n")
  }

  @Test(
    "takes greensplit.yaml in a folder of site files for what it is, and tells what is wrong in it")
  func configurationAmongSites() async throws {
    street.folder.write(try Street.site("J001"), to: "J001.yaml")
    street.folder.write("version: 1\nsites: [J001.yaml]\n", to: "greensplit.yaml")
    let folder = String(street.path("greensplit.yaml").dropLast("/greensplit.yaml".count))
    let (status, output, errors) = try await Program.run("check", folder)
    #expect(status == 0, "\(errors)")
    #expect(output.contains("/J001.yaml: J001 "))
    #expect(output.contains("/greensplit.yaml: "))
    street.folder.write("version: 1\nsights: [J001.yaml]\n", to: "greensplit.yaml")
    let wrong = try await Program.run("check", folder)
    #expect(wrong.status == 1)
    #expect(wrong.errors.contains("/greensplit.yaml:2:1: error: sights: "), "\(wrong.errors)")
  }
}
