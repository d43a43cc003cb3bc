import FoundationEssentials
import Phrases
import Signals
import Support
import Testing

@testable import Console

/// `json` as values; an error if it is none.
private func object(_ json: String) throws -> JSONValue {
  try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8))
}

/// Any JSON.
private indirect enum JSONValue: Decodable, Equatable {
  case text(String), number(Double), flag(Bool), list([JSONValue]), table([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let flag = try? value.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([JSONValue].self) {
      self = .list(list)
    } else {
      self = .table(try value.decode([String: JSONValue].self))
    }
  }

  subscript(key: String) -> JSONValue? {
    if case .table(let table) = self { return table[key] }
    return nil
  }
}

private let evil = "</script><script>alert(1)</script>\"\\\n\u{0} & 人民路"

@Suite("What the console is told, as JSON")
struct JSONTests {
  @Test("A row holds what is seen at a glance, and any name stays text")
  func row() throws {
    var scene = Scene(Sample.fourArm(id: evil))
    scene.blind = [0]
    scene.play(stage: 0, for: 1)
    let row = JunctionRow(scene.site, scene.watch.picture, lostSince: nil)
    let json = try object(row.json)
    #expect(json["id"] == .text(evil))
    #expect(json["mode"] == .text("isolated"))
    #expect(json["cause"] == .text("no neighbours"))
    #expect(json["since"] == .text("2026-11-24T00:00:00Z"))
    #expect(
      json["troubles"]
        == .list([
          .table([
            "kind": .text("no_counts"), "place": .text("N.T"),
            "since": .text("2026-11-24T00:00:00Z"),
          ])
        ]))
    #expect(json["saturation"] == nil)
  }

  @Test("A row changes when something happens, not with each second")
  func steady() {
    var scene = Scene()
    scene.rounds(6, greens: [30, 15, 30, 15])
    let before = JunctionRow(scene.site, scene.watch.picture, lostSince: nil)
    for second in 0..<20 { scene.play(stage: 0, for: Double(second)) }
    #expect(JunctionRow(scene.site, scene.watch.picture, lostSince: nil) == before)
    scene.blind = [3]
    scene.play(stage: 0, for: 21)
    #expect(JunctionRow(scene.site, scene.watch.picture, lostSince: nil) != before)
  }

  @Test("The detail holds stages, times, queues, the plan and its why")
  func detail() throws {
    var scene = Scene()
    scene.plan = TimingPlan(
      entries: [PlanEntry(stage: 0, green: .seconds(30)), PlanEntry(stage: 2, green: Tenths(255))],
      cycle: .seconds(90), offset: .seconds(12))
    scene.play(stage: 0, for: 4)
    let row = JunctionRow(scene.site, scene.watch.picture, lostSince: nil)
    let detail = JunctionDetail(
      row, scene.site, scene.watch.picture, order: (9, scene.site.plans[0].plan))
    let json = try object(detail.json(at: scene.now.utc, health: "{\"x\":1}"))
    let running = try #require(json["running"])
    #expect(running["stage"] == .text("A") && running["state"] == .text("green"))
    #expect(running["least_left_s"] == .number(3) && running["most_left_s"] == .number(9))
    #expect(running["next_stage"] == .text("B") && running["age_s"] == .number(1))
    #expect(json["plan"]?["sequence"] == .number(7) && json["plan"]?["offset_s"] == .number(12))
    guard case .list(let greens)? = json["plan"]?["greens"] else {
      Issue.record("no greens")
      return
    }
    #expect(greens[1] == .table(["stage": .text("C"), "green_s": .number(25.5)]))
    #expect(json["order"]?["sequence"] == .number(9))
    #expect(json["why"]?["text"] == .text("A is held"))
    #expect(json["health"]?["x"] == .number(1))
    guard case .list(let groups)? = json["lane_groups"] else {
      Issue.record("no lane groups")
      return
    }
    #expect(groups.count == 8)
    #expect(groups[0]["queue_pcu"] == .number(5) && groups[0]["green"] == .flag(true))
    #expect(groups[2]["green"] == .flag(false))
  }

  @Test("A junction of which nothing is known yet is told too")
  func unknown() throws {
    let site = Sample.fourArm()
    let lost = UTC(milliseconds: 1_795_478_400_000)
    let row = JunctionRow(site, nil, lostSince: lost)
    #expect(row.mode == .offline && row.since == lost)
    let json = try object(JunctionDetail(row, site, nil, order: nil).json(at: lost))
    #expect(json["running"] == nil && json["mode_words"]?["zh"] == .text("通信中断"))
    #expect(
      try object(JunctionList.json(rows: [row.json], sequence: 3, at: lost))["sequence"]
        == .number(3))
    #expect(
      try object(JunctionList.changes(rows: [], removed: [evil], sequence: 4, at: lost))["removed"]
        == .list([.text(evil)]))
  }

  @Test(
    "Times are those of the calendar",
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"),
      (951_782_400, "2000-02-29T00:00:00Z"), (1_795_478_400, "2026-11-24T00:00:00Z"),
      (4_102_444_800, "2100-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
    ])
  func times(_ seconds: Int, _ text: String) {
    #expect(timestamp(UTC(milliseconds: Int64(seconds) * 1000)) == text)
  }

  @Test("Numbers are rounded, and what is no number is not told")
  func numbers() {
    #expect(decimal(1.005, places: 0) == "1" && decimal(-0.4, places: 0) == "0")
    #expect(decimal(0.95, places: 1) == "1.0" && decimal(-2.25, places: 1) == "-2.3")
    #expect(decimal(3.04, places: 2) == "3.04" && decimal(.nan, places: 2) == "–")
    var object = JSONObject()
    object.add("a", .infinity)
    object.add("b", nil as Double?)
    #expect(object.closed == "{}")
  }
}

@Suite("Modes, alarms and the day")
struct GlanceTests {
  @Test("The mode says who controls: the cabinet before the rung, the link before both")
  func modes() {
    #expect(Mode(level: .isolated, source: .central, isLinked: true, isAdvised: false) == .isolated)
    #expect(
      Mode(level: .coordinated, source: .central, isLinked: true, isAdvised: false) == .coordinated)
    #expect(Mode(level: .isolated, source: .timeOfDay, isLinked: true, isAdvised: false) == .local)
    #expect(Mode(level: .isolated, source: .manual, isLinked: true, isAdvised: false) == .manual)
    #expect(Mode(level: .isolated, source: .flash, isLinked: true, isAdvised: false) == .flash)
    #expect(
      Mode(level: .coordinated, source: .central, isLinked: false, isAdvised: false) == .offline)
    #expect(Mode(level: .local, source: .central, isLinked: true, isAdvised: false) == .local)
    #expect(Mode(level: .isolated, source: nil, isLinked: true, isAdvised: false) == .local)
    #expect(
      Mode(level: .isolated, source: .timeOfDay, isLinked: true, isAdvised: true) == .advisory)
    #expect(Mode(level: .local, source: .manual, isLinked: true, isAdvised: true) == .manual)
    #expect(Mode(level: .isolated, source: .central, isLinked: true, isAdvised: true) == .isolated)
    for mode in Mode.allCases {
      #expect(mode.name.text(.english) != mode.name.text(.chinese))
    }
  }

  @Test("An alarm is raised once, ends once, and the book is bounded")
  func alarms() {
    var scene = Scene()
    func row(_ lost: UTC? = nil) -> JunctionRow {
      JunctionRow(scene.site, scene.watch.picture, lostSince: lost)
    }
    var book = AlarmBook()
    scene.play(stage: 0, for: 1)
    let good = row()
    book.compare(nil, good, at: scene.now.utc)
    #expect(book.alarms == [])
    let lost = row(scene.now.utc)
    book.compare(good, lost, at: scene.now.utc)
    book.compare(lost, lost, at: scene.now.utc)
    #expect(book.alarms.map(\.kind) == ["offline"])
    #expect(book.alarms[0].words.text(.chinese).hasPrefix("通信中断"))
    let later = scene.now.advanced(bySeconds: 9).utc
    book.compare(lost, good, at: later)
    #expect(book.alarms.map(\.until) == [later])
    for _ in 0..<3000 {
      book.compare(good, lost, at: later)
      book.compare(lost, good, at: later)
    }
    #expect(book.alarms.count == AlarmBook.limit && book.count == 3001)
    book.compare(good, lost, at: later)
    book.compare(lost, nil, at: later)
    #expect(
      book.alarms.allSatisfy { $0.until != nil }, "of a junction that is gone nothing stays open")
  }

  @Test("What is only advised on is no alarm; what is wrong there is one all the same")
  func advised() {
    var scene = Scene()
    scene.source = .timeOfDay
    scene.play(stage: 0, for: 1)
    func row(_ isAdvised: Bool, lost: UTC? = nil) -> JunctionRow {
      JunctionRow(scene.site, scene.watch.picture, lostSince: lost, isAdvised: isAdvised)
    }
    var book = AlarmBook()
    book.compare(nil, row(true), at: scene.now.utc)
    #expect(book.alarms == [])
    book.compare(row(true), row(true, lost: scene.now.utc), at: scene.now.utc)
    book.compare(nil, row(false), at: scene.now.utc)
    #expect(book.alarms.map(\.kind) == ["offline", "local"])
  }

  @Test(
    "The day is kept by quarters, a day of them, and a clock that goes back loses what it repeats")
  func day() {
    var scene = Scene()
    for _ in 0..<110 {
      scene.play(stage: 0, for: 1)
      scene.now = scene.now.advanced(bySeconds: 899)
    }
    let pieces = scene.watch.course.pieces
    #expect(pieces.count == DayCourse.pieces)
    #expect(pieces.allSatisfy { $0.flow == 1600 && $0.queue == 40 })
    scene.now = scene.now.advanced(bySeconds: -4 * 900)
    scene.play(stage: 0, for: 1)
    let begins = scene.watch.course.pieces.map(\.begin)
    #expect(begins == begins.sorted() && Set(begins).count == begins.count)
    #expect(begins.count == DayCourse.pieces - 3)
  }
}

@Suite("The page")
struct ConsolePageTests {
  private let html = ConsolePage.html(nonce: "n0nce")

  @Test("Style and script bear the nonce, the policy names it, and nothing comes from elsewhere")
  func policy() {
    #expect(html.ranges(of: "nonce=\"n0nce\"").count == 2)
    #expect(!html.contains("NONCE") && !html.contains(">STYLE<") && !html.contains("\nSCRIPT\n"))
    let policy = ConsolePage.policy(nonce: "n0nce")
    #expect(policy.contains("default-src 'none'") && policy.contains("script-src 'nonce-n0nce';"))
    #expect(!policy.contains("unsafe"))
    for word in ["http://", "https://", "//cdn", "@import", "url("] {
      #expect(!html.replacing("http://www.w3.org/2000/svg", with: "").contains(word), "\(word)")
    }
  }

  @Test("Nothing in the script turns text into markup")
  func inert() {
    for word in [
      "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(",
    ] {
      #expect(!html.contains(word), "\(word)")
    }
  }

  @Test("Every word that the page asks for is there, in both languages")
  func words() {
    let asked =
      html.matches(of: /data-(?:t|label)="([a-zA-Z]+)"/).map { String($0.output.1) }
      + html.matches(of: /[^a-zA-Z.]t\("([a-zA-Z]+)"/).map { String($0.output.1) }
    #expect(asked.count > 60)
    for key in asked { #expect(html.contains(" \(key): ["), "\(key)") }
  }
}

@Suite("Measurements for Prometheus")
struct MetricsTextTests {
  @Test("Each measurement has its help and type once, and labels are escaped")
  func format() {
    var text = MetricsText()
    text.add(.counter, "greensplit_x_total", "How many.", 3)
    text.add(.gauge, "greensplit_y", "Which.", [([("junction", "a\"b\\c\nd")], 0.5)])
    text.add(.gauge, "greensplit_none", "Nothing.", [])
    #expect(
      text.text == """
        # HELP greensplit_x_total How many.
        # TYPE greensplit_x_total counter
        greensplit_x_total 3.0
        # HELP greensplit_y Which.
        # TYPE greensplit_y gauge
        greensplit_y{junction="a\\"b\\\\c\\nd"} 0.5

        """)
  }

  @Test("Junctions are counted in every mode and every trouble, those with none too")
  func rows() {
    var scene = Scene()
    scene.blind = [0]
    scene.play(stage: 0, for: 1)
    let row = JunctionRow(scene.site, scene.watch.picture, lostSince: nil)
    var text = MetricsText()
    text.add([row, row])
    #expect(text.text.contains("greensplit_junctions{mode=\"isolated\"} 2.0\n"))
    #expect(text.text.contains("greensplit_junctions{mode=\"offline\"} 0.0\n"))
    #expect(text.text.contains("greensplit_junctions_in_trouble{kind=\"no_counts\"} 2.0\n"))
    #expect(text.text.contains("greensplit_cabinet_up{junction=\"J001\"} 1.0\n"))
    #expect(!text.text.contains("saturation_ratio"), "nothing is known of it yet")
  }
}
