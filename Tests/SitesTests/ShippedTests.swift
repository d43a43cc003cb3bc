import Phrases
import Glibc
import Safety
import Signals
import Support
import Testing

@testable import Sites

/// The directory of the shipped site files, found from where this file is.
let shippedDirectory: String = {
  let parts = #filePath.split(separator: "/").dropLast(3)
  return "/" + parts.joined(separator: "/") + "/intersections"
}()

@Suite("Every shipped site file")
struct ShippedTests {
  private func shipped() throws -> [Intersection] { try readSites([shippedDirectory]).get() }

  @Test("Loads, together with its neighbours")
  func loads() throws {
    let set = SiteSet.read([shippedDirectory])
    #expect(set.errors.map(\.description) == [])
    #expect(
      set.files.map(\.intersection.id)
        == ["GS_cluster_357187_359543", "J001", "J002", "J003", "J004"])
    #expect(
      set.files.dropFirst().first?.summary.text(.english)
        == "\(shippedDirectory)/J001.yaml: J001 人民路 - 解放路: 4 stages, 12 lane groups, "
        + "cycle 128 s, 150 s or 100 s")
  }

  @Test("Has fixed plans that Safety lets pass")
  func safety() throws {
    for junction in try shipped() {
      for named in junction.plans {
        let checked = try check(
          named.plan, at: junction, under: .start(of: named.plan, at: junction))
        #expect(checked.plan == named.plan)
      }
    }
  }

  @Test("Never shows conflicting green with right of way, in any stage or change")
  func conflicts() throws {
    for junction in try shipped() {
      for stage in junction.stages {
        for (group, other) in pairs(stage.green) {
          #expect(!junction.signalGroups[group].conflicts.contains(other))
        }
      }
    }
  }

  private func pairs(_ values: [Int]) -> [(Int, Int)] {
    values.flatMap { value in values.filter { $0 > value }.map { (value, $0) } }
  }

  @Test(
    "Has what the whole project promises: T-junction, overlap, single approach, permissive left")
  func variety() throws {
    let junctions = try shipped()
    func junction(_ id: String) throws -> Intersection {
      try #require(junctions.first { $0.id == id })
    }
    #expect(try junction("J002").approaches.count == 3)
    let overlapping = try junction("J003")
    #expect(overlapping.lamp(of: 0, from: 0, to: 1, in: .yellow) == .green)
    #expect(overlapping.changes.intergreen(from: 0, to: 2) == nil)
    #expect(overlapping.changes.intergreen(from: 2, to: 3) == .seconds(6))
    let shared = try #require(overlapping.laneGroups.firstIndex { $0.name == "E.TL" })
    #expect(overlapping.service(of: shared, in: 3) == .permissive)
    let single = try junction("J004")
    #expect(single.stages[4].recall && single.stages[4].pedestrian == .seconds(20))
    #expect(single.laneGroups.allSatisfy { $0.movements.count >= 3 })
    let plain = try junction("J001")
    #expect(plain.laneGroups[2].movements[0].signalGroup == nil)
    #expect(plain.laneGroups[3].upstream.map(\.intersection) == ["J002", "J002"])
    #expect(plain.cabinet == CabinetAddress(host: "127.0.0.1", port: 1502, unit: 1))
  }

  @Test("The Cologne junction shows the lamps of its net's own program")
  func cologne() throws {
    let junction = try #require(try shipped().first)
    let states = junction.stages.map { stage in
      String(junction.signalGroups.indices.map { stage.lamp(of: $0).rawValue })
    }
    #expect(
      states == [
        "rrrrrGGGggrrrrrGGGgg", "rrrrrrrrGGrrrrrrrrGG", "GGGggrrrrrGGGggrrrrr",
        "rrrGGrrrrrrrrGGrrrrr",
      ])
    #expect(junction.detectors.map(\.id).contains("-32038056#3_1"))
  }
}
