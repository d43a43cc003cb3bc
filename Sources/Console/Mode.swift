public import Phrases
public import Signals

/// How a junction is controlled at this moment, in one word: by whom, and on which rung.
public enum Mode: String, Sendable, CaseIterable {
  /// Adaptive, in step with the neighbours.
  case coordinated
  /// Adaptive for itself.
  case isolated
  /// Adaptive, with history in place of failed detectors.
  case onHistory = "on_history"
  /// The site file's time-of-day plan, sent by us.
  case timeOfDay = "time_of_day"
  /// The cabinet's own plan, since what we decide is only advised.
  case advisory
  /// The cabinet's own plan.
  case local
  /// A person at the cabinet.
  case manual
  /// A priority vehicle or a railway.
  case preempt
  /// Flashing yellow.
  case flash
  /// The cabinet does not answer.
  case offline

  /// What is so of a junction on the rung `level` whose cabinet says `source`; `isAdvised` where nothing
  /// is written to it.
  public init(level: DegradeLevel, source: ControlSource?, isLinked: Bool, isAdvised: Bool) {
    guard isLinked else {
      self = .offline
      return
    }
    switch (source, level) {
    case (.manual, _): self = .manual
    case (.flash, _): self = .flash
    case (.preempt, _): self = .preempt
    case (.timeOfDay, _), (nil, _): self = isAdvised ? .advisory : .local
    case (_, .local): self = .local
    case (_, .coordinated): self = .coordinated
    case (_, .isolated): self = .isolated
    case (_, .onHistory): self = .onHistory
    case (_, .timeOfDay): self = .timeOfDay
    }
  }

  /// Whether greensplit decides the greens, from counts or from its plan.
  public var isOurs: Bool {
    switch self {
    case .coordinated, .isolated, .onHistory, .timeOfDay: true
    case .advisory, .local, .manual, .preempt, .flash, .offline: false
    }
  }

  /// Its name, in the words of GA/T 1049.2 where it has one.
  public var name: Phrase {
    switch self {
    case .coordinated: Phrase("coordinated adaptive", "协调自适应")
    case .isolated: Phrase("isolated adaptive", "单点自适应")
    case .onHistory: Phrase("adaptive on history", "部分检测器失效")
    case .timeOfDay: Phrase("time-of-day plan", "单点定时")
    case .advisory: Phrase("advisory", "建议模式")
    case .local: Phrase("cabinet's own plan", "本地控制")
    case .manual: Phrase("manual at the cabinet", "本地手控")
    case .preempt: Phrase("priority", "优先")
    case .flash: Phrase("flashing yellow", "黄闪")
    case .offline: Phrase("no answer", "通信中断")
    }
  }
}
