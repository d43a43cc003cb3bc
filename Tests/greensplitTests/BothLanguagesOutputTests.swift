import Glibc
import Signals
import Sites
import Support
import Testing

@testable import greensplit

/// Holds each line that says something in words to its counterpart.
private func expectBoth(_ english: String, _ chinese: String) throws {
  let lines = (english.split(separator: "\n"), chinese.split(separator: "\n"))
  try #require(lines.0.count == lines.1.count, "\(english)\n\(chinese)")
  for (one, other) in zip(lines.0, lines.1) where one.contains(/[a-z]{2,} +[a-z]{2,}/) {
    #expect(flaw(ofEnglish: String(one), chinese: String(other)) == nil, "\(one)")
  }
}

@Suite("What commands print, in both languages")
struct BothLanguagesOutputTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Messages that are no count records, each wrong in its own way.
  static let messages: [(dialect: String, lines: [String])] = [
    (
      "native",
      [
        #"{broken}"#, #"[3]"#, #"{"v":2}"#, #"{"v":1,"det":"","start":"x","end":true}"#,
        #"{"v":1,"det":"D","start":"2026-13-01T00:00:00Z","end":"2026-02-30T00:00:00Z"}"#,
        #"{"v":1,"det":"D","start":"2026-11-23T08:00:00","end":"2026-11-23T08:00:01.12345Z"}"#,
        #"{"v":1,"det":"D","start":"2026-11-23T08:00:00Zx","end":"1969-11-23T08:00:00Z"}"#,
        #"{"v":1,"det":"D","start":"2026-11-23T08:00:00+99:00","end":99999999999999}"#,
        #"{"v":1,"det":"D","start":1,"end":5000,"count":-1,"occ":2,"speed_kmh":"a","seq":-1,"q":3}"#,
        #"{"v":1,"det":"D","start":1,"end":2,"count":{},"queue":5,"in_view":2}"#,
        #"{"v":1,"det":"D","start":1,"end":2,"count":{"":1},"q":{"status":"x","flags":3,"conf":[]}}"#,
        #"{"v":1,"det":"D","start":1,"end":2,"v":1}"#,
        #"{"v":[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}"#,
      ]
    ),
    ("native", ["[", #"{"v":1},,"#]), ("native", ["[]", "x"]),
    (
      "hikvision",
      [
        #"{}"#, #"{"eventType":"VMD"}"#, #"{"eventState":"inactive"}"#, #"{"eventType":"TPS"}"#,
        #"{"eventType":"TPS","Target":3}"#, #"{"eventType":"TPS","Target":[3]}"#,
        #"{"eventType":"TPS","Target":[{"TargetInfo":[]}]}"#,
        #"{"eventType":"TPS","Target":[{"TargetInfo":{"startTime":3}}]}"#,
        #"{"eventType":"TPS","Target":[{"TargetInfo":{"startTime":"soon"}}]}"#,
        #"{"eventType":"TPS","Target":[{"TargetInfo":{"startTime":"2026-11-23T08:00:00"}}]}"#,
        #"{"eventType":"TPS","Target":[{"TargetInfo":{"startTime":"1969-11-23T08:00:00Z"}}]}"#,
        #"{"eventType":"TPS","Target":[{"TargetInfo":{"startTime":"2026-11-23T08:00:00Z"}}]}"#,
        #"{"eventType":"TPS","Target":[{"TargetInfo":{"startTime":"2026-11-23T08:00:00Z","samplePeriod":0}}]}"#,
        #"{"eventType":"TPS","Target":[{"TargetInfo":{"startTime":"2026-11-23T08:00:00Z","samplePeriod":60,"LaneInfo":[{}]}}]}"#,
      ]
    ),
    (
      "axis",
      [
        #"{}"#, #"{"topic":"a/S1"}"#, #"{"topic":"a/S1","timestamp":"x"}"#,
        #"{"topic":"a/S1","timestamp":1,"message":{"data":{}}}"#,
        #"{"topic":"a/S1","timestamp":1,"message":{"data":{"total":-1}}}"#,
      ]
    ),
    (
      "onvif",
      [
        #"{}"#, #"{"Source":{}}"#, #"{"Source":{"Rule":"r"},"UtcTime":"2026-11-23T08:00:00"}"#,
        #"{"Source":{"Rule":"r"},"UtcTime":"2026-11-23T08:00:00Z","Data":{}}"#,
        #"{"Source":{"Rule":"r"},"UtcTime":"2026-11-23T08:00:00Z","Data":{"Count":"x"}}"#,
      ]
    ),
  ]

  @Test("Messages that are no count records", arguments: messages.indices)
  func noRecords(index: Int) async throws {
    let (dialect, lines) = Self.messages[index]
    folder.write(lines.joined(separator: "\n") + "\n", to: "messages")
    let (english, chinese) = try await BothLanguagesTests.run([
      "feed-test", folder.path + "/messages", "--dialect", dialect,
    ])
    #expect(english.status == 1 && chinese.status == 1)
    #expect(
      english.errors.split(separator: "\n").count >= (lines[0].hasPrefix("[") ? 1 : lines.count))
    try expectBoth(english.errors, chinese.errors)
    for line in chinese.errors.split(separator: "\n") {
      #expect(!line.contains(#/(?:^|[，；：])(?:is|has|names|write) /#), "\(line)")
    }
  }

  @Test(
    "Tables of counts that cannot be imported",
    arguments: [
      "det,start,x\n", "det,start,end,count,count.car\n", "start\n",
      "det,start,end,count\nX,1\nX,1,2,3\nX,a,2,3\nJ004.X,1,2,-3\n",
    ])
  func tables(table: String) async throws {
    folder.write(table, to: "counts.csv")
    let (english, chinese) = try await BothLanguagesTests.run([
      "import", folder.path + "/counts.csv", "--history", folder.path + "/h.db", "--sites",
      "\(Peers.root)/intersections/J004.yaml",
    ])
    #expect(english.status == 1 && chinese.status == 1)
    try expectBoth(english.errors, chinese.errors)
  }

  @Test("The checks and the registers of a cabinet; the file of the checks is the same in each")
  func cabinet() async throws {
    let junction = try readSite("\(Peers.root)/intersections/J001.yaml").get()
    let map = ["--profile", "\(Peers.root)/intersections/cabinets/tsc-mb.yaml", "--connect"]
    var outputs: [(checks: String, registers: String)] = []
    for language in ["en", "zh"] {
      let cabinet = try CabinetAtHand(of: junction, clock: .real)
      let line = map + [cabinet.address, "--lang", language]
      let read = try await Program.run(["cabinet-read"] + line)
      let test = try await Program.run(
        ["cabinet-test", "--json", "\(folder.path)/\(language)"] + line)
      #expect(read.status == 0 && test.status == 0, "\(read.errors)\(test.output)")
      outputs.append((test.output, read.output))
    }
    try expectBoth(outputs[0].checks, outputs[1].checks)
    #expect(folder.read("en") == folder.read("zh"))
    #expect(outputs[1].registers.contains("可在阶段边界生效"))
    #expect(outputs[1].registers.contains(/live\.source +703|703 +live\.source +1 本地控制/))
    let silent = try await BothLanguagesTests.run(["cabinet-read"] + map + ["127.0.0.1:1"])
    try expectBoth(silent.english.output, silent.chinese.output)
  }

  @Test("What a scenario comes to, and its replay; files are the same in each")
  func simulation() async throws {
    let text = try Street.shipped("simulations/rush-hour.yaml")
      .replacing("../intersections", with: "\(Peers.root)/intersections")
      .replacing("length: 4200 s", with: "length: 300 s")
      .replacing("warm_up: 600 s", with: "warm_up: 60 s")
    folder.write(text, to: "short.yaml")
    var outputs: [[String]] = []
    for language in ["en", "zh"] {
      let history = "\(folder.path)/\(language).db"
      let run = try await Program.run(
        "simulate", "\(folder.path)/short.yaml", "--pace", "stage", "--history", history, "--json",
        "\(folder.path)/\(language).json", "--lang", language, within: 300)
      #expect(run.status == 0, "\(run.errors)")
      let same = try await Program.run("replay", history, "--lang", language, within: 300)
      #expect(same.status == 0, "\(same.errors)")
      let other = try await Program.run(
        "replay", history, "--pace", "cycle", "--json", "\(folder.path)/\(language).replay",
        "--lang", language, within: 300)
      #expect(other.status == 1, "\(other.errors)")
      let none = try await Program.run("replay", history, "--from", "23:00", "--lang", language)
      #expect(none.status == 2)
      outputs.append([run.output, same.output, other.output, none.errors])
    }
    for (english, chinese) in zip(outputs[0], outputs[1]) {
      try expectBoth(english, chinese.replacing("zh.db", with: "en.db"))
    }
    #expect(folder.read("en.json") == folder.read("zh.json"))
    #expect(folder.read("en.replay") == folder.read("zh.replay"))
  }

  @Test("What went wrong with an attached simulator")
  func plant() async throws {
    for command in [
      "true", "echo hi", #"echo '{"plant":2}'"#,
      #"echo '{"plant":2,"name":"x","begin":0,"end":9,"step":1,"intersections":["J004"]}'"#,
      #"echo '{"plant":1,"name":"x","begin":9,"end":9,"step":1,"intersections":["J004"]}'"#,
      #"echo '{"plant":1,"name":"x","begin":0,"end":9,"step":1,"intersections":["J999"]}'"#,
      #"echo '{"plant":1,"name":"x","begin":0,"end":9,"step":1,"intersections":["J004"]}'; echo 3"#,
      #"echo '{"plant":1,"name":"x","begin":0,"end":9,"step":1,"intersections":["J004"]}'; echo '{}'"#,
      #"echo '{"plant":1,"name":"x","begin":0,"end":9,"step":1,"intersections":["J004"]}'; echo '{"t":99}'"#,
    ] {
      let (english, chinese) = try await BothLanguagesTests.run([
        "simulate", "--plant", command, "--sites", "\(Peers.root)/intersections/J004.yaml",
      ])
      #expect(english.status == 3 && chinese.status == 3)
      try expectBoth(english.output + english.errors, chinese.output + chinese.errors)
    }
  }

  @Test("The switch of writes, whoever set it", arguments: [[], ["--reason", "works"]])
  func writes(reason: [String]) async throws {
    let state = ["--state", folder.path]
    for words in [["stop"] + reason, ["show"], ["allow"], ["show"]] {
      let (english, chinese) = try await BothLanguagesTests.run(["writes"] + words + state)
      #expect(english.status == 0 && chinese.status == 0, "\(english.errors)")
      #expect(words[0] == "stop" || english.output != chinese.output)
      try expectBoth(english.output, chinese.output)
      #expect(!chinese.output.contains("by "))
    }
  }

  @Test("Time-of-day plans: the same in each, under comments in its language")
  func plans() async throws {
    let site = "\(Peers.root)/intersections/J001.yaml"
    let groups = try readSite(site).get().laneGroups.map(\.name)
    let rows = (0..<24).flatMap { hour in
      groups.map { "\(hour),\"\($0)\",\(hour < 6 ? 20 : 90)\n" }
    }
    folder.write("hour,lane_group,flow\n" + rows.joined(), to: "flows.csv")
    let (english, chinese) = try await BothLanguagesTests.run([
      "plan", site, "--flows", "\(folder.path)/flows.csv",
    ])
    #expect(english.status == 0 && chinese.status == 0, "\(english.errors)")
    let plans = [english, chinese].map { said in
      said.output.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("#") }
    }
    #expect(plans[0] == plans[1] && !plans[0].isEmpty)
    try expectBoth(english.output, chinese.output)
  }
}
