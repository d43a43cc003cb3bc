import FoundationEssentials
import Signals
import Support
import Testing

@Suite("What a junction has worked out once")
struct TablesTests {
  @Test("is what its stages say, for random stages, conflicts of none, and forbidden changes")
  func tables() {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<200 {
      let junction = junction(&random)
      for from in junction.stages.indices {
        let stage = junction.stages[from]
        for group in junction.signalGroups.indices {
          #expect(junction.serves(group, in: from) == stage.serves(group))
        }
        for to in junction.stages.indices {
          let loses = junction.signalGroups.indices.contains { group in
            stage.serves(group) && !junction.stages[to].serves(group)
          }
          #expect(junction.losesGreen(from: from, to: to) == loses)
          let intergreen = junction.changes.intergreen(from: from, to: to)
          let cleared = stage.greenFlash + max(stage.yellow + stage.allRed, intergreen ?? .zero)
          let expected = from == to || loses ? intergreen.map { _ in cleared } : intergreen
          #expect(junction.changeTime(from: from, to: to) == expected)
        }
      }
    }
  }

  @Test("tells who is ever served or held, and the configured shares of each lane group")
  func service() {
    var random = SeededGenerator(seed: 9)
    for _ in 0..<50 {
      let junction = junction(&random)
      for group in junction.signalGroups.indices {
        #expect(
          junction.isEverServed(group) == junction.stages.contains { $0.serves(group) })
      }
      for (position, laneGroup) in junction.laneGroups.enumerated() {
        #expect(
          junction.isSignalled(laneGroup: position)
            == laneGroup.movements.contains { $0.signalGroup != nil })
        #expect(junction.configuredShares[position] == laneGroup.movements.map(\.share))
      }
    }
  }

  @Test("is not written down, and is there again in what was read back")
  func coded() throws {
    var random = SeededGenerator(seed: 8)
    let junction = junction(&random)
    let text = try JSONEncoder().encode(junction)
    let read = try JSONDecoder().decode(Intersection.self, from: text)
    #expect(read == junction)
    #expect(read.changeTime(from: 0, to: 1) == junction.changeTime(from: 0, to: 1))
  }

  @Test("Every property of a junction but the tables is written down")
  func complete() throws {
    let sample = Sample.fourArm()
    let junction = Intersection(
      id: sample.id, name: sample.name, timeZoneMinutes: sample.timeZoneMinutes,
      approaches: sample.approaches, signalGroups: sample.signalGroups,
      laneGroups: sample.laneGroups, crossings: sample.crossings, stages: sample.stages,
      changes: sample.changes, detectors: sample.detectors, limits: sample.limits,
      plans: sample.plans, schedule: sample.schedule, control: sample.control,
      cabinet: CabinetAddress(host: "127.0.0.1", port: 502, unit: 1), health: HealthLimits())
    let text = String(decoding: try JSONEncoder().encode(junction), as: UTF8.self)
    for (name, _) in Mirror(reflecting: junction).children where name != "tables" {
      #expect(text.contains("\"\(name ?? "")\":"), "\(name ?? "") is lost in the history")
    }
    #expect(!text.contains("tables"))
    #expect(try JSONDecoder().decode(Intersection.self, from: Data(text.utf8)) == junction)
  }

  @Test(
    "What was written by somebody else and is no junction is an error",
    arguments: [
      ("\"stages\":[{", "\"stages\":[],\"were\":[{"),
      ("\"plans\":[{", "\"plans\":[],\"were\":[{"),
      ("\"times\":[", "\"times\":[0,"), ("\"stages\":4", "\"stages\":3"),
      ("\"stages\":4", "\"stages\":-4"),
    ])
  func refused(old: String, new: String) throws {
    let text = String(decoding: try JSONEncoder().encode(Sample.fourArm()), as: UTF8.self)
    #expect(text.contains(old))
    let broken = Data(text.replacing(old, with: new).utf8)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Intersection.self, from: broken)
    }
  }

  /// The sample junction with other stages: any groups green, some of them permissive.
  private func junction(_ random: inout SeededGenerator) -> Intersection {
    let sample = Sample.fourArm()
    let stages = (0..<Int.random(in: 2...6, using: &random)).map { number in
      let groups = sample.signalGroups.indices.filter { _ in Bool.random(using: &random) }
      let cut = Int.random(in: 0...groups.count, using: &random)
      return Stage(
        name: "\(number)", green: Array(groups[..<cut]), permissive: Array(groups[cut...]),
        minimumGreen: .seconds(5), maximumGreen: .seconds(50),
        greenFlash: Tenths(Int.random(in: 0...30, using: &random)),
        yellow: Tenths(Int.random(in: 30...50, using: &random)),
        allRed: Tenths(Int.random(in: 0...30, using: &random)))
    }
    let changes = stages.map { _ in
      stages.map { _ -> Tenths? in
        Int.random(in: 0...4, using: &random) == 0
          ? nil : Tenths(Int.random(in: 0...90, using: &random))
      }
    }
    return Intersection(
      id: "X", name: "X", timeZoneMinutes: 0, approaches: sample.approaches,
      signalGroups: sample.signalGroups, laneGroups: sample.laneGroups, crossings: [],
      stages: stages, changes: ChangeTable(changes), detectors: [], limits: sample.limits,
      plans: sample.plans, schedule: sample.schedule, control: sample.control)
  }
}
