/// Signal groups that are green together (相位阶段), with the times the cabinet holds them to.
public struct Stage: Sendable, Equatable, Codable {
  /// Name in the site file, such as "A".
  public let name: String

  /// Positions of the signal groups shown green with right of way; sorted.
  public let green: [Int]

  /// Positions of the signal groups shown green that must give way; sorted.
  public let permissive: [Int]

  /// Shortest green (最小绿).
  public let minimumGreen: Tenths

  /// Longest green (最大绿).
  public let maximumGreen: Tenths

  /// Longest walk + clearance of the crossings that run in it; zero without pedestrians. The green
  /// is never shorter.
  public let pedestrian: Tenths

  /// Flashing green after the green (绿闪).
  public let greenFlash: Tenths

  /// Yellow for the groups that lose green (黄灯).
  public let yellow: Tenths

  /// All-red after yellow (全红).
  public let allRed: Tenths

  /// Whether it comes in every round even without demand, such as an exclusive pedestrian stage.
  public let recall: Bool

  /// A stage; positions refer to the intersection's `signalGroups`.
  public init(
    name: String, green: [Int], permissive: [Int] = [], minimumGreen: Tenths, maximumGreen: Tenths,
    pedestrian: Tenths = .zero, greenFlash: Tenths = .zero, yellow: Tenths, allRed: Tenths,
    recall: Bool = false
  ) {
    self.name = name
    self.green = green.sorted()
    self.permissive = permissive.sorted()
    self.minimumGreen = minimumGreen
    self.maximumGreen = maximumGreen
    self.pedestrian = pedestrian
    self.greenFlash = greenFlash
    self.yellow = yellow
    self.allRed = allRed
    self.recall = recall
  }

  /// The shortest green that also lets pedestrians across.
  public var shortestGreen: Tenths { max(minimumGreen, pedestrian) }

  /// Whether a signal group is green in it, with right of way or without.
  public func serves(_ signalGroup: Int) -> Bool {
    green.contains(signalGroup) || permissive.contains(signalGroup)
  }

  /// What a signal group shows while the stage is green.
  public func lamp(of signalGroup: Int) -> Lamp {
    if green.contains(signalGroup) { return .green }
    return permissive.contains(signalGroup) ? .permissiveGreen : .red
  }
}

/// Which stage may follow which, and the least time between them (绿间隔, 过渡约束).
public struct ChangeTable: Sendable, Equatable, Codable {
  /// Number of stages.
  public let stages: Int

  private let times: [Tenths?]

  /// A square table, row by row: the intergreen from each stage to each; `nil` forbids the change.
  public init(_ rows: [[Tenths?]]) {
    precondition(rows.allSatisfy { $0.count == rows.count }, "a change table is square")
    stages = rows.count
    times = rows.flatMap { $0 }
  }

  /// Whether it has a time for each pair: what was read from elsewhere may not.
  var isSquare: Bool { stages >= 0 && times.count == stages * stages }

  /// The least time from the end of the green (with its flash) of `from` to the start of `to`;
  /// `nil` if the change is forbidden.
  public func intergreen(from: Int, to: Int) -> Tenths? { times[from * stages + to] }
}
