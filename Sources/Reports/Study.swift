import Phrases
import Simulation

/// Runs of one scenario under several controls with several seeds, as a report compares them.
struct Study {
  /// Where the traffic was.
  enum Source {
    /// The built-in model: everything is known of every lane group.
    case model
    /// An attached simulator: its own summary, and what the loop estimated from counts.
    case plant
  }

  /// One run.
  struct Run {
    /// Mean delay of all vehicles, s; `nil` if the plant did not tell.
    var delay: Double?
    var delay95: Double?
    var vehicles: Double?
    var completed: Double?
    /// Whether all who were due have arrived: a run may end with that.
    var isOver: Bool { completed != nil && completed == vehicles }
    var neverEntered: Double?
    var stops: Double?
    var plans: Int?
    var refused: Int?
    /// Safety findings from outside; `nil` if nobody watched.
    var safety: Double?
    /// Why it ended before its time.
    var failure: String?
    var score: Score?
    var courses: [JunctionCourse]?
    var estimates: [JunctionEstimates]?
  }

  /// The name under which the plans of the site files run.
  static let fixedPlan = "fixed plan"

  let source: Source
  let title: String
  /// When it began, seconds since midnight, and how long it ran, s.
  let begin: Double
  let length: Double
  let warmUp: Double
  let junctions: [JunctionOutline]
  /// `nil` where a result does not tell its seed.
  private(set) var seeds: [UInt64?] = []
  private(set) var controls: [String] = []
  /// Element [control][seed]; `nil` where there is no such run.
  private(set) var runs: [[Run?]] = []

  /// Puts the results of `files` together.
  init(_ files: [ResultFile]) throws(ResultError) {
    let first = files[0]
    switch first.content {
    case .comparison(let comparison):
      source = .model
      title = comparison.scenario
      (begin, length, warmUp) = (comparison.begin, comparison.length, comparison.warmUp)
      junctions = comparison.junctions
    case .plant(let result):
      source = .plant
      title = result.name
      // A run that ended before its time tells less of when it was meant to end.
      let ends = files.map { file -> Double in
        if case .plant(let other) = file.content { other.end } else { result.end }
      }
      (begin, length, warmUp) = (result.begin, (ends.max() ?? result.end) - result.begin, 0)
      junctions = Self.outline(among: files)
    }
    for file in files {
      if let difference = difference(of: file, from: first) {
        throw ResultError(
          file: file.name, place: difference.place,
          reason: Phrase(
            "\(difference.reason.text(.english)); one report takes results of one scenario",
            "\(difference.reason.text(.chinese))；一份报告只能包含同一场景的结果"))
      }
      switch file.content {
      case .comparison(let comparison):
        for run in comparison.runs {
          try add(Run(run), control: run.contender, seed: comparison.seed, of: file.name)
        }
      case .plant(let result):
        try add(Run(result), control: result.control, seed: result.seed, of: file.name)
      }
    }
    putFixedPlanFirst()
  }

  /// The junctions of the first result that has met any.
  private static func outline(among files: [ResultFile]) -> [JunctionOutline] {
    for file in files {
      if case .plant(let result) = file.content, !result.junctions.isEmpty {
        return result.junctions
      }
    }
    return []
  }

  /// In what `file` is about something else than `first`.
  private func difference(of file: ResultFile, from first: ResultFile) -> Wrong? {
    switch (file.content, first.content) {
    case (.comparison(let one), .comparison(let other)):
      if one.scenario != other.scenario {
        return Wrong(
          "scenario", "is \"\(one.scenario)\", but \"\(other.scenario)\" in \(first.name)",
          "为 \"\(one.scenario)\"，而 \(first.name) 中为 \"\(other.scenario)\"")
      }
      if (one.begin, one.length, one.warmUp) != (other.begin, other.length, other.warmUp) {
        return Wrong(
          "length", "begin, length or warmUp differ from \(first.name)",
          "begin、length 或 warmUp 与 \(first.name) 不同")
      }
      if one.junctions != other.junctions {
        return Wrong("junctions", "differ from \(first.name)", "与 \(first.name) 不同")
      }
    case (.plant(let one), .plant(let other)):
      if one.name != other.name {
        return Wrong(
          "name", "is \"\(one.name)\", but \"\(other.name)\" in \(first.name)",
          "为 \"\(one.name)\"，而 \(first.name) 中为 \"\(other.name)\"")
      }
      if one.begin != other.begin {
        return Wrong("begin", "differs from \(first.name)", "与 \(first.name) 不同")
      }
      if one.intersections != other.intersections {
        return Wrong("intersections", "differ from \(first.name)", "与 \(first.name) 不同")
      }
      if !one.junctions.isEmpty, one.junctions != junctions {
        return Wrong(
          "junctions", "differ from those of the other results", "与其他结果中的不同")
      }
      if one.failure == nil, one.end < begin + length, !Run(one).isOver {
        return Wrong("end", "is before that of the other results", "早于其他结果的结束时刻")
      }
    case (.comparison, .plant), (.plant, .comparison):
      return Wrong("format", "differs from \(first.name)", "与 \(first.name) 不同")
    }
    return nil
  }

  private mutating func add(
    _ run: Run, control: String, seed: UInt64?, of file: String
  ) throws(ResultError) {
    if !controls.contains(control) {
      controls.append(control)
      runs.append(Array(repeating: nil, count: seeds.count))
    }
    if !seeds.contains(seed) {
      seeds.append(seed)
      for position in runs.indices { runs[position].append(nil) }
    }
    guard let row = controls.firstIndex(of: control), let column = seeds.firstIndex(of: seed) else {
      return
    }
    guard runs[row][column] == nil else {
      let named =
        seed.map { Phrase("seed \($0)", "随机种子 \($0)") }
        ?? Phrase("a seed that is not told (--seed)", "未给出的随机种子（--seed）")
      throw ResultError(
        file: file, place: "seed",
        reason: Phrase(
          "a run of \"\(control)\" with \(named.text(.english)) is there already",
          "\"\(control)\" 在\(named.text(.chinese))下的运行已存在"))
    }
    runs[row][column] = run
  }

  private mutating func putFixedPlanFirst() {
    guard let position = controls.firstIndex(of: Self.fixedPlan) else { return }
    controls.insert(controls.remove(at: position), at: 0)
    runs.insert(runs.remove(at: position), at: 0)
  }
}

extension Study.Run {
  /// A run of the built-in model.
  init(_ result: RunResult) {
    let performance = result.score.performance
    delay = performance.delay
    delay95 = performance.delay95
    vehicles = Double(performance.due)
    completed = Double(performance.completed)
    neverEntered = Double(performance.neverEntered)
    stops = performance.stops
    plans = result.plans
    refused = result.refused
    score = result.score
    courses = result.courses
  }

  /// A run of a plant; what its summary does not tell stays unknown.
  init(_ result: PlantResult) {
    estimates = result.estimates
    failure = result.failure
    // Who ran its own plans sent none.
    if result.estimates != nil { (plans, refused) = (result.plans, result.refused) }
    guard case .object(let summary)? = result.plant else { return }
    func number(_ name: String) -> Double? {
      guard case .number(let value)? = summary[name], value.isFinite else { return nil }
      return value
    }
    delay = number("delay_s")
    delay95 = number("delay_p95_s")
    vehicles = number("vehicles")
    completed = number("completed")
    neverEntered = number("never_inserted")
    stops = number("stops")
    if case .object(let findings)? = summary["safety"], case .number(let total)? = findings["total"]
    {
      safety = total
    }
  }
}
