import Phrases
import Profiles
import Signals

/// A junction whose cabinet is of another make than the reference map's.
struct Make {
  let site: Intersection
  let profile: CabinetProfile
  /// Where the profile is named.
  let field: Field

  /// `nil` for a cabinet that speaks the reference map.
  init?(_ site: Intersection, _ profile: CabinetProfile?, _ cabinet: Field?) {
    guard let profile, !profile.isReferenceMap,
      let field = cabinet?.table()?["profile"]
    else { return nil }
    self.site = site
    self.profile = profile
    self.field = field
  }

  /// The first point of the profile that holds `value`.
  func point(_ value: CabinetValue) -> CabinetProfile.Point? {
    profile.points.first { $0.value == value }
  }
}

/// What of a junction a make cannot do, or not safely.
let makeRules: [@Sendable (Make) -> Void] = [
  tellsEnough, takesOverInTime, holdsPlans, saysGreens, leaseInTime, tellsLoops,
]

/// Who decides must show, since a person at the cabinet is not to be fought; and which stage runs, since
/// nothing else tells where a plan is.
private func tellsEnough(_ make: Make) {
  for value in [CabinetValue.runningStage, .source] where make.point(value) == nil {
    make.field.report(
      "\(make.profile.name) has no point with value: \(value.rawValue), without which the daemon "
        + "cannot drive it; add the point, or leave this junction to its own plan",
      "\(make.profile.name) 没有 value: \(value.rawValue) 的点，守护进程无法据此控制；" + "请补上该点，或让此路口运行自身方案")
  }
}

private func takesOverInTime(_ make: Make) {
  let can = make.profile.capabilities.apply
  let moments = can.map(\.rawValue).joined(separator: ", ")
  switch make.site.control.pace {
  case .second:
    let pace = can.contains(.stage) ? "stage" : "cycle"
    make.field.report(
      "pace second needs to know how long the stage has run, which no profile tells; write pace: "
        + pace,
      "pace second 需要知道阶段已运行多久，而型号描述文件都不提供；请写 pace: \(pace)")
  case .stage where !can.contains(.stage):
    make.field.report(
      "pace stage needs plans that take over at a stage boundary, and \(make.profile.name) takes "
        + "them over at \(moments); write pace: cycle",
      "pace stage 要求方案在阶段边界生效，而 \(make.profile.name) 的生效时刻为 \(moments)；" + "请写 pace: cycle")
  case .cycle where !can.contains(.cycle):
    make.field.report(
      "pace cycle needs plans that take over at the start of a cycle, and \(make.profile.name) takes "
        + "them over at \(moments); write pace: stage",
      "pace cycle 要求方案在周期开始时生效，而 \(make.profile.name) 的生效时刻为 \(moments)；" + "请写 pace: stage")
  case .stage, .cycle: break
  }
}

/// The table has a row for each stage.
private func holdsPlans(_ make: Make) {
  guard make.point(.entry) == nil, let rows = make.point(.stage)?.count,
    rows < make.site.stages.count
  else { return }
  make.field.report(
    "the junction has \(make.site.stages.count) stages, and a plan of \(make.profile.name) "
      + "\(rows) entries; use another make, or fewer stages",
    "路口有 \(make.site.stages.count) 个相位阶段，而 \(make.profile.name) 的方案只有 \(rows) 项；" + "请换用其他型号，或减少阶段")
}

/// Greens can be said in the make's steps: at pace cycle they are as fine as the limits, at pace stage
/// tenths of a second.
private func saysGreens(_ make: Make) {
  guard let step = make.point(.green)?.step, step > 100 else { return }
  let text = Tenths(step / 100)
  if make.site.control.pace == .stage {
    make.field.report(
      "\(make.profile.name) counts greens in steps of \(text), and pace stage needs tenths of a "
        + "second; write pace: cycle",
      "\(make.profile.name) 的绿灯以 \(text) 为步长，而 pace stage 需要 0.1 s；" + "请写 pace: cycle")
  }
  for stage in make.site.stages {
    let times = [stage.minimumGreen, stage.maximumGreen, stage.pedestrian, stage.greenFlash]
    guard let odd = times.first(where: { $0.count * 100 % step != 0 }) else { continue }
    make.field.report(
      "\(make.profile.name) counts greens in steps of \(text), and stage \(shown(stage.name)) has "
        + "\(odd) among its green times; write whole steps",
      "\(make.profile.name) 的绿灯以 \(text) 为步长，而相位阶段 \(shown(stage.name)) " + "的绿灯时间含 \(odd)；请写步长的整数倍"
    )
  }
}

/// A plan must not stay longer than the site allows.
private func leaseInTime(_ make: Make) {
  let can = make.profile.capabilities
  guard can.lease != .heartbeat, make.site.control.lease < .seconds(can.leaseSeconds) else {
    return
  }
  make.field.report(
    "\(make.profile.name) returns to its own plan only after \(can.leaseSeconds) s, and control.lease "
      + "is \(make.site.control.lease); write lease: \(can.leaseSeconds) s if that is acceptable",
    "\(make.profile.name) 要过 \(can.leaseSeconds) s 才回到自身方案，而 control.lease 为 "
      + "\(make.site.control.lease)；如可接受，请写 lease: \(can.leaseSeconds) s")
}

extension Make {
  /// What is to be known of it although it is allowed, a sentence for each.
  var lacks: [Phrase] {
    let can = profile.capabilities
    var words = [
      Phrase(
        "limits are those of the site file alone: \(profile.name) tells none, so compare them with the "
          + "cabinet's by hand",
        "限值仅来自路口文件：\(profile.name) 不提供限值，请与信号机人工核对")
    ]
    if !can.fencing {
      words.append(
        Phrase(
          "no fencing: \(profile.name) obeys whoever wrote last, so only one daemon may be able to "
            + "reach it",
          "无任期号保护：\(profile.name) 服从最后写入者，因此只能有一个守护进程与其相连"))
    }
    if can.lease == .schedule {
      words.append(
        Phrase(
          "no lease: should counts or the daemon fail, the last plan stays until the cabinet's own "
            + "schedule switches, up to \(can.leaseSeconds) s",
          "无租约：计数或守护进程失效时，最后的方案一直运行到信号机自身时段切换，最长 \(can.leaseSeconds) s"))
    }
    if !can.readBack {
      words.append(
        Phrase(
          "no reading back: whether a plan runs is taken from its stages alone",
          "不能回读：方案是否在运行只能由相位阶段判断"))
    }
    return words
  }
}

/// Only the reference map has a block for the cabinet's own detectors.
private func tellsLoops(_ make: Make) {
  guard let detector = make.site.detectors.first(where: { !$0.loops.isEmpty }) else { return }
  make.field.report(
    "detector \(shown(detector.id)) names loops, which \(make.profile.name) cannot tell; leave loops "
      + "out",
    "检测器 \(shown(detector.id)) 写了线圈，而 \(make.profile.name) 不能提供线圈计数；请删去 loops")
}
