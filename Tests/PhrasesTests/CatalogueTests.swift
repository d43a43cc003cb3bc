import Glibc
import Support
import Testing

@testable import Phrases

/// Sentences that are recorded in English, and read in Chinese.
@Suite("What the core writes can be read in Chinese")
struct CatalogueTests {
  /// The files whose sentences reach a person by way of the catalogue.
  static let sources = [
    "Control/DegradeLadder", "Control/IntersectionController", "Control/CycleChoice",
    "Control/DayPlans", "Control/HorizonChooser", "Control/OverrideRound", "Control/PlanChooser",
    "Control/Override",
    "Control/SeenInWords", "Counts/HealthChecks", "Counts/Verdict", "Optimisation/SplitClash",
    "Optimisation/SplitStage", "Safety/ChangeRules", "Safety/EntryRules", "Safety/LongestRed",
    "Cabinets/ExchangeTypes", "Cabinets/ResultBlock", "Cabinets/RegisterError",
    "Profiles/OrderRegisters", "Profiles/PointCodec", "Modbus/LinkFailure",
    "Modbus/ModbusException", "greensplit/Daemon/EventWords", "History/HistoryError",
    "History/HistoryReport",
    "Modbus/ModbusReply", "Modbus/RTUReply", "Modbus/ModbusFrame", "Modbus/ModbusServer",
    "Modbus/DescriptorLimit", "Modbus/SerialPort", "Feeds/FeedError", "Feeds/MQTTSettings",
    "Feeds/SocketFeed", "Feeds/FollowFeed",
    "Counts/RecordReader", "Counts/CountParser", "Counts/TimeText", "Counts/JSONValue",
    "Counts/JSONOutline", "Feeds/Dialects/CameraText",
    "Feeds/Dialects/CameraReader", "Feeds/Dialects/CounterGrid", "Feeds/Dialects/CounterMessage",
    "Feeds/Dialects/HikvisionMessage",
    "Profiles/Conformance", "Profiles/ConformanceHands", "Profiles/ConformanceLease",
    "Profiles/ConformanceLive", "Profiles/ConformanceOrders", "Profiles/ConformanceReading",
    "Simulation/PlantProcess",
    "Replay/Difference", "Replay/SessionReplay", "Replay/Bytes", "Replay/ReportFields",
    "Web/HTTPSettings", "Web/SecretFile", "Web/TLSIdentity",
  ]

  /// The pieces of a file's text literals between what is put into them, where they are words.
  private func words(in source: String) throws -> [String] {
    let path = "\(Peers.root)/Sources/\(source).swift"
    let file = try #require(fopen(path, "r"), "\(path)")
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF { bytes.append(UInt8(byte)) }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
      $0.drop { $0 == " " }
    }
    // What stops the program is for us, and is in English.
    let told = lines.filter { !$0.hasPrefix("//") && !$0.contains("precondition") }
    return told.flatMap { pieces(of: $0) }.filter { $0.split(separator: " ").count > 1 }
  }

  /// The words of the literals of a line, cut where values stand.
  private func pieces(of line: Substring) -> [String] {
    var pieces: [String] = []
    var piece = ""
    // Each open literal, and how many parentheses are open in the value that interrupts it.
    var open: [Int] = []
    var rest = line
    while let letter = rest.popFirst() {
      if letter == "\"" {
        if let depth = open.last, depth == 0 { open.removeLast() } else { open.append(0) }
        pieces.append(piece)
        piece = ""
      } else if let depth = open.last, depth > 0 {
        if letter == "(" { open[open.count - 1] += 1 }
        if letter == ")" { open[open.count - 1] -= 1 }
      } else if letter == "\\", rest.first == "(", !open.isEmpty {
        rest.removeFirst()
        open[open.count - 1] = 1
        pieces.append(piece)
        piece = ""
      } else if !open.isEmpty {
        piece.append(letter)
      }
    }
    return pieces
  }

  @Test(
    "Every literal of more than one word is part of a sentence of the catalogue", arguments: sources
  )
  func complete(source: String) throws {
    let known = Catalogue.sentences.map(\.english)
    for words in try words(in: source) {
      // Marks at the ends belong to the sentence around.
      let marks = words.split { " :;,.".contains($0) }
      let wanted = words[marks[0].startIndex..<marks[marks.count - 1].endIndex]
      let isKnown = known.contains { $0.contains(wanted) } || Catalogue.chinese(of: wanted) != nil
      // A list of sentences.
      let areKnown = wanted.split(separator: "; ").allSatisfy { one in
        known.contains { $0.contains(one) } || Catalogue.chinese(of: one) != nil
      }
      #expect(isKnown || areKnown, "\(source): \(words)")
    }
  }

  @Test("A sentence says in Chinese all that it says in English, and has Chinese in it")
  func whole() {
    for sentence in Catalogue.sentences {
      func places(_ text: String) -> [String] {
        Sentence.pieces(of: text).compactMap { piece in
          switch piece {
          case .words: nil
          case .name(let key): key
          case .sentence(let key): key + "*"
          }
        }.sorted()
      }
      #expect(places(sentence.english) == places(sentence.chinese), "\(sentence.english)")
      #expect(flaw(ofEnglish: sentence.english, chinese: sentence.chinese) == nil)
      // Filled with words that are no sentences, or with none, it finds itself again.
      let said = Sentence.pieces(of: sentence.english).map { piece in
        switch piece {
        case .words(let words): words
        case .name(let key): "x\(key)"
        case .sentence: "no record"
        }
      }.joined()
      #expect(flaw(of: Phrase(recorded: said)) == nil, "\(said)")
    }
  }

  @Test(
    "Sentences stand within sentences, and in lists",
    arguments: [
      (
        "Nothing is sent: 60 % of the lane groups without counts: 2 of 3 detectors on history: "
          + "J001.N.T (camera cam-1) no record, J001.N.L frozen: the same figures.",
        "不下发方案：60% 的车道组没有计数：3 个检测器中 2 个采用历史数据："
          + "J001.N.T（相机 cam-1）无记录，J001.N.L 冻结：数值始终相同。"
      ),
      (
        "Cycle of 90 s: A 30 s, B 20.5 s; highest degree of saturation 0.83. The longest green of A "
          + "binds: a second of it costs 12 vehicle seconds an hour. Waiting: N.T 23, W.L 7.",
        "周期 90 s：A 30 s, B 20.5 s；最高饱和度 0.83。A 的最大绿起约束作用：每秒使每小时多延误 12 车秒。"
          + "排队：N.T 23, W.L 7。"
      ),
      (
        "link lost: no connection: Connection refused; next attempt in 2.0 s",
        "通信中断：无法连接：Connection refused；2.0 s 后重试"
      ),
      (
        "minimum green: stage B: 4 s, at least 6 s; cycle range: 200 s, 60 s to 160 s",
        "最小绿：阶段 B：4 s，至少 6 s；周期范围：200 s，应为 60 s 至 160 s"
      ),
      (
        "history: /var/h.db: no space is left (SQLite: full, code 13); free space on this file system; "
          + "it is tried again; attempt 2, 40 records wait, next attempt in 200 ms",
        "历史数据库：/var/h.db：磁盘已满（SQLite: full, code 13）；请在此文件系统上腾出空间；将重试；"
          + "第 2 次尝试，40 条记录等待，200 ms 后重试"
      ),
      (
        "Back to time-of-day plan day: Override 7-3 by wang (visit; of 2 lanes).",
        "恢复时段方案 day：人工干预 7-3，wang（visit; of 2 lanes）。"
      ),
    ])
  func nested(english: String, chinese: String) {
    #expect(Phrase(recorded: english) == Phrase(english, chinese))
  }

  @Test("Words of others, and text made to keep it busy, stay as they are")
  func others() {
    for text in ["", "no camera at all", "路口", String(repeating: "no record; ", count: 300) + "x"] {
      #expect(Phrase(recorded: text) == Phrase(name: text))
    }
    let tangled =
      String(repeating: "Nothing is sent: ", count: 20)
      + String(repeating: "The time-of-day plan runs: no record, ", count: 15) + "x."
    // What begins with a sentence of any kind could begin anywhere.
    let texts = [
      tangled, String(repeating: "x (y)", count: 200),
      String(repeating: "is x, entry 1 ", count: 70),
      String(repeating: "a has b where c is due ", count: 43),
      String(repeating: "x is right; y, sequence z", count: 40),
      String(repeating: "no record (x), lease left 1 s ", count: 33),
    ]
    for text in texts {
      let time = ContinuousClock().measure { _ = Phrase(recorded: text) }
      #expect(time < .seconds(2), "\(text.prefix(40))")
    }
  }
}
