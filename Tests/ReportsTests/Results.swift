import FoundationEssentials
import Reports
import Signals
import Simulation
import Support

/// Results of short runs, and the same with something wrong.
enum Results {
  /// Ten minutes at one junction under the fixed plan and at the pace `cycle`.
  static func comparison(
    seed: UInt64, named name: String = "test",
    contenders: [Contender] = [.fixedPlan, .paced(.cycle)]
  ) throws -> Comparison {
    let scenario = try scenario(named: name)
    return Comparison(
      of: scenario, seed: seed, runs: contenders.compactMap { scenario.run($0, seed: seed) })
  }

  static func scenario(named name: String = "test") throws -> Scenario {
    Scenario(
      name: name, begin: 25_200, length: 600, warmUp: 180,
      network: try RoadNetwork([Sample.fourArm()]),
      demand: TrafficDemand(
        vehicles: (0..<8).map {
          VehicleDemand(
            junction: 0, laneGroup: $0, profile: FlowProfile(constant: $0 % 2 == 0 ? 500 : 120))
        },
        pedestrians: [
          PedestrianDemand(junction: 0, crossing: 0, profile: FlowProfile(constant: 200))
        ]))
  }

  /// Results of seeds 1 to 3, as files hold them.
  static let three: [[UInt8]] = (1...3).compactMap { seed in
    (try? comparison(seed: seed)).flatMap { try? bytes($0) }
  }

  static func bytes(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return Array(try encoder.encode(value))
  }

  /// A result of a plant: SUMO under `control`.
  static func plant(_ control: String, seed: Int, delay: Double, more: String = "") -> [UInt8] {
    Array(
      """
      {"format": "greensplit-plant-1", "name": "sumo", "control": "\(control)", "seed": \(seed),
       "begin": 0, "end": 3600, "intersections": ["J"], "junctions": [], "plans": 0, "refused": 0,
       "unusedRecords": 0, "digest": ""\(more),
       "plant": {"vehicles": 100, "completed": 99, "delay_s": \(delay), "safety": {"total": 0}}}
      """.utf8)
  }

  /// The page about `contents`, named "1.json" and so on.
  static func report(_ contents: [[UInt8]]) throws(ResultError) -> Report {
    try Report(contents.enumerated().map { ("\($0 + 1).json", $1) })
  }

  /// `bytes` with one piece of text replaced, which must be there.
  static func with(_ old: String, _ new: String, in bytes: [UInt8]) -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let range = text.firstRange(of: old) else { return [] }
    return Array(text.replacingCharacters(in: range, with: new).utf8)
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}
