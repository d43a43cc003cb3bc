import Signals

/// A site file that is read but not yet checked: what cannot be read is `nil`, and reported. Rules
/// pass over it, so that one slip does not bring up errors that are not there.
struct Draft {
  let root: Table
  let approaches: [ApproachDraft]
  let signalGroups: [SignalGroupDraft]
  let laneGroups: [LaneGroupDraft]
  let crossings: [CrossingDraft]
  let stages: [StageDraft]
  let changes: ChangeTable?
  let limits: LimitsDraft?
  let detectors: [DetectorDraft]
  let plans: [PlanDraft]
  let schedule: [ScheduleDraft]?
  let control: ControlDraft?

  /// What was measured on site.
  let survey: SiteSurvey?

  /// Stages and changes alone, once they can be read: what the arithmetic of plans needs.
  let timing: Intersection?
}

struct ApproachDraft {
  let row: Row
  let heading: Double?
  let speed: Double?
}

struct SignalGroupDraft {
  let row: Row
  let kind: SignalGroup.Kind?
  let givesWayTo: [Reference]?
  /// Symmetrical, sorted; as far as it can be read.
  let conflicts: [Int]
  /// Whether all conflicts of the junction can be read.
  let knowsAllConflicts: Bool

  var title: String { row.title }
}

struct LaneGroupDraft {
  let row: Row
  let approach: Int?
  let lanes: Int?
  let length: Double?
  let saturationFlow: Double?
  let movements: [MovementDraft]?
  let weight: Double?
  let upstream: [LinkDraft]?

  /// Positions of the signal groups that hold its streams.
  var signals: [Int] { (movements ?? []).compactMap(\.signalGroup) }
}

struct MovementDraft {
  let field: Field
  let signalField: Field?
  let turn: Turn?
  /// What holds it: a group, nothing, or `nil` if that cannot be read.
  let signal: Signal?
  let share: Double?

  enum Signal: Equatable {
    case group(Int)
    case unheld
  }

  var signalGroup: Int? {
    guard case .group(let position) = signal else { return nil }
    return position
  }
}

struct LinkDraft {
  let field: Field
  let link: UpstreamLink?
}

struct CrossingDraft {
  let row: Row
  let signal: Reference?
  let length: Double?
  let walk: Tenths?
  let clearance: Tenths?

  var pedestrian: Tenths? {
    guard let walk, let clearance else { return nil }
    return walk + clearance
  }
}

struct StageDraft {
  let row: Row
  let green: [Reference]?
  let permissive: [Reference]?
  let minimumGreen: Tenths?
  let maximumGreen: Tenths?
  let greenFlash: Tenths?
  let yellow: Tenths?
  let allRed: Tenths?
  let recall: Bool?

  /// Everything that is green in it, as far as it can be read.
  var served: [Reference] { (green ?? []) + (permissive ?? []) }

  func serves(_ signalGroup: Int) -> Bool { served.contains { $0.position == signalGroup } }

  func isPermissive(_ signalGroup: Int) -> Bool {
    (permissive ?? []).contains { $0.position == signalGroup }
  }
}

struct LimitsDraft {
  let table: Table
  let minimumCycle: Tenths?
  let maximumCycle: Tenths?
  let longestRed: Tenths?
  let largestChange: Tenths?
  let planInterval: Tenths?
  let notice: Tenths?
}

struct DetectorDraft {
  let row: Row
  let laneGroup: Int?
  let lanes: Int?
  let view: Double?
  /// Numbers of loops and where each stands.
  let loops: [(number: Int?, field: Field)]
}

struct PlanDraft {
  let row: Row
  let cycle: Tenths?
  let offset: Tenths?
  let greens: [GreenDraft]?

  /// Its entries once all of them can be read.
  var entries: [PlanEntry]? {
    guard let greens else { return nil }
    let entries = greens.compactMap(\.entry)
    return entries.count == greens.count ? entries : nil
  }
}

struct GreenDraft {
  let field: Field
  let stage: Reference?
  let greenField: Field?
  let green: Tenths?

  var entry: PlanEntry? {
    guard let stage, let green else { return nil }
    return PlanEntry(stage: stage.position, green: green)
  }
}

struct ScheduleDraft {
  let field: Field
  let fromMinute: Int?
  let plan: Int?
}

struct ControlDraft {
  let table: Table
  let pace: Pace?
  let sequence: Sequence?
  let lease: Tenths?
  let usedYellow: Tenths?
  /// `nil` where it is left out or cannot be read.
  let longestWait: Tenths?
}
