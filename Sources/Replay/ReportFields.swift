import Signals

/// A cabinet's report as a row of numbers, and what the next one is expected to say: mostly time has
/// passed and nothing else, so that only what differs needs to be kept.
struct ReportFields: Equatable {
  /// The numbers; what is unknown is -1. Those that differ most often come first. Not an array, which would
  /// need memory of its own at every tick.
  private(set) var numbers: SIMD16<Int64>
  var lamps: String
  var plan: TimingPlan?

  /// Positions in `numbers`.
  private enum Field: Int, CaseIterable {
    case timeInState, timeInCycle, leaseLeft, leastLeft, mostLeft, subState, stage, nextStage
    case cycleNumber, activeSequence, source, criticalFaults, otherFaults
  }

  /// How many numbers.
  static let count = Field.allCases.count

  /// What a cabinet is expected to say before it has said anything.
  static let nothing = ReportFields(
    numbers: .zero, lamps: "", plan: nil)

  private init(numbers: SIMD16<Int64>, lamps: String, plan: TimingPlan?) {
    self.numbers = numbers
    self.lamps = lamps
    self.plan = plan
  }

  init(_ report: CabinetReport) {
    numbers = .zero
    lamps = String(report.lamps.map(\.rawValue))
    plan = report.plan
    self[.timeInState] = Int64(report.timeInState.count)
    self[.timeInCycle] = Int64(report.timeInCycle.count)
    self[.leaseLeft] = Int64(report.leaseLeft)
    self[.leastLeft] = report.leastLeft.map { Int64($0.count) } ?? -1
    self[.mostLeft] = report.mostLeft.map { Int64($0.count) } ?? -1
    self[.subState] = Int64(report.subState.rawValue)
    self[.stage] = Int64(report.stage)
    self[.nextStage] = report.nextStage.map(Int64.init) ?? -1
    self[.cycleNumber] = Int64(report.cycleNumber)
    self[.activeSequence] = Int64(report.activeSequence)
    self[.source] = Int64(report.source.rawValue)
    self[.criticalFaults] = Int64(report.criticalFaults)
    self[.otherFaults] = Int64(report.otherFaults)
  }

  /// What a report `milliseconds` later says if nothing has changed.
  func expected(after milliseconds: Int64) -> ReportFields {
    var next = self
    let tenths = (milliseconds + 50) / 100
    next[.timeInState] += tenths
    next[.timeInCycle] += tenths
    for field in [Field.leastLeft, .mostLeft] where next[field] > 0 {
      next[field] = max(0, next[field] - tenths)
    }
    if next[.leaseLeft] > 0 { next[.leaseLeft] = max(0, next[.leaseLeft] - (tenths + 5) / 10) }
    return next
  }

  subscript(position: Int) -> Int64 {
    get { numbers[position] }
    set { numbers[position] = newValue }
  }

  private subscript(field: Field) -> Int64 {
    get { numbers[field.rawValue] }
    set { numbers[field.rawValue] = newValue }
  }

  /// The report, for a junction of so many stages. `known` are the lamps if they have been read before.
  func report(
    at moment: Moment, stages: Int, known: [Lamp]? = nil
  ) throws(ReadingsError) -> CabinetReport {
    guard let lamps = known ?? self.readLamps else {
      throw ReadingsError(reason: "a report makes no sense")
    }
    guard let source = UInt16(exactly: self[.source]).flatMap(ControlSource.init),
      let subState = UInt16(exactly: self[.subState]).flatMap(SubState.init),
      let cycle = UInt32(exactly: self[.cycleNumber]),
      let sequence = UInt32(exactly: self[.activeSequence]),
      let critical = UInt16(exactly: self[.criticalFaults]),
      let other = UInt16(exactly: self[.otherFaults]),
      (0..<Int64(stages)).contains(self[.stage]), self[.nextStage] < Int64(stages),
      plan?.entries.allSatisfy({ (0..<stages).contains($0.stage) }) ?? true
    else { throw ReadingsError(reason: "a report makes no sense") }
    return CabinetReport(
      at: moment, source: source, stage: Int(self[.stage]), subState: subState,
      timeInState: Tenths(Int(self[.timeInState])), leastLeft: tenths(.leastLeft),
      mostLeft: tenths(.mostLeft), nextStage: self[.nextStage] < 0 ? nil : Int(self[.nextStage]),
      cycleNumber: cycle, timeInCycle: Tenths(Int(self[.timeInCycle])), activeSequence: sequence,
      leaseLeft: Int(self[.leaseLeft]), criticalFaults: critical, otherFaults: other,
      lamps: lamps, plan: plan)
  }

  /// What the text of the lamps says; `nil` if one of them is none.
  private var readLamps: [Lamp]? {
    let read = lamps.map(Lamp.init(rawValue:))
    return read.contains(nil) ? nil : read.compactMap(\.self)
  }

  private func tenths(_ field: Field) -> Tenths? {
    self[field] < 0 ? nil : Tenths(Int(self[field]))
  }
}
