import FoundationEssentials
public import Optimisation
import Signals

/// A split problem of Tests/oracle/split-instances.jsonl, with the answers of solvers that share no
/// code with ours; Tests/oracle/instances.py tells the format.
public struct SplitInstance: Sendable, Decodable {
  /// The problem.
  public let problem: SplitProblem

  /// The least objective by SciPy and by Clarabel, veh·s/h.
  public let answers: [Double]

  private enum Key: String, CodingKey {
    case cycle, stages, groups, answers
  }

  /// A line of the file.
  public init(from decoder: any Decoder) throws {
    let row = try decoder.container(keyedBy: Key.self)
    let cycle = Tenths(try row.decode(Int.self, forKey: .cycle))
    let stages = try row.decode([[Int]].self, forKey: .stages).map {
      SplitStage(
        minimumGreen: Tenths($0[0]), maximumGreen: Tenths($0[1]), change: Tenths($0[2]))
    }
    let groups = try row.decode([Group].self, forKey: .groups)
    problem = SplitProblem(stages: stages, demands: groups.map(\.demand), cycle: cycle...cycle)
    answers = try row.decode([Double].self, forKey: .answers)
  }

  /// All instances of the file at `path`.
  public static func read(_ path: String) throws -> [SplitInstance] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let decoder = JSONDecoder()
    return try text.split(separator: "\n").map {
      try decoder.decode(SplitInstance.self, from: Data($0.utf8))
    }
  }
}

/// Flow, saturation flow, weight, initial queue, shares.
private struct Group: Decodable {
  let demand: SplitDemand

  init(from decoder: any Decoder) throws {
    var row = try decoder.unkeyedContainer()
    let flow = try row.decode(Double.self)
    let saturationFlow = try row.decode(Double.self)
    let weight = try row.decode(Double.self)
    let queue = try row.decode(Double.self)
    demand = SplitDemand(
      flow: flow, saturationFlow: saturationFlow, service: try row.decode([Double].self),
      weight: weight, initialQueue: queue)
  }
}
