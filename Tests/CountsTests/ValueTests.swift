import Signals
import Testing

@testable import Counts

@Suite("Values that our own code makes")
struct RecordValueTests {
  @Test("An interval that no record can have stops the program, not the traffic")
  func badInterval() async {
    await #expect(processExitsWith: .failure) {
      _ = CountRecord(detector: "a", start: UTC(seconds: 0), end: UTC(seconds: 901))
    }
    await #expect(processExitsWith: .failure) {
      _ = CountRecord(detector: "a", start: UTC(seconds: 5), end: UTC(seconds: 5))
    }
  }

  @Test("Figures that no camera can report stop it too")
  func badFigures() async {
    await #expect(processExitsWith: .failure) { _ = VehicleCount(total: -1) }
    await #expect(processExitsWith: .failure) { _ = VehicleCount(total: .nan) }
    await #expect(processExitsWith: .failure) { _ = VehicleCount(classes: []) }
    await #expect(processExitsWith: .failure) { _ = CountQuality(confidence: 1.5) }
    await #expect(processExitsWith: .failure) {
      _ = CountRecord(
        detector: "a", start: UTC(seconds: 0), end: UTC(seconds: 5), occupancy: .infinity)
    }
  }

  @Test("A ledger of two detectors of one name is a mistake of ours")
  func doubleDetector() async {
    await #expect(processExitsWith: .failure) {
      _ = CountLedger(detectors: ["a", "a"])
    }
  }

  @Test("Flags are sorted and stand once, classes are sorted, so equal bodies are equal")
  func order() {
    #expect(CountQuality(flags: ["rain", "fog", "rain"]).flags == ["fog", "rain"])
    let car = VehicleCount.ClassCount(name: "car", vehicles: 1)
    let bus = VehicleCount.ClassCount(name: "bus", vehicles: 2)
    #expect(VehicleCount(classes: [car, bus]) == VehicleCount(classes: [bus, car]))
  }
}

@Suite("What people read")
struct WordingTests {
  @Test("An error names line, element and field as far as there are any")
  func errors() {
    #expect(CountError(line: 3, field: nil, reason: "why").description == "line 3: why")
    #expect(CountError(line: 3, field: "end", reason: "why").description == "line 3: end: why")
    #expect(
      CountError(line: 3, element: 7, field: "end", reason: "why").description
        == "line 3, element 7: end: why")
  }

  @Test("As JSON, an error has the same parts, and a field or null")
  func errorJSON() {
    #expect(
      CountError(line: 3, field: nil, reason: "a \"b\"\n").json
        == #"{"line":3,"field":null,"reason":"a \"b\"\u000a"}"#)
    #expect(
      CountError(line: 3, element: 1, field: "count.\u{e9}", reason: "x").json
        == #"{"line":3,"element":1,"field":"count.é","reason":"x"}"#)
  }

  @Test(
    "Each verdict says what to do about it",
    arguments: [
      (.accepted, "accepted"), (.heartbeat, "heartbeat"), (.duplicate, "repeated, ignored"),
      (.replaced, "accepted in place of an earlier record of the same interval"),
      (.late(seconds: 120.5), "120.5 s late, kept for history alone"),
      (
        .overlap(start: UTC(seconds: 0), end: UTC(seconds: 5)),
        "overlaps the record from 1970-01-01T00:00:00.000Z to 1970-01-01T00:00:05.000Z; "
          + "intervals of one detector follow each other"
      ),
      (.clockFault(seconds: 3), "ends 3.0 s in the future; set the camera's clock (NTP)"),
      (.unknownDetector, "names a detector that no site file has"),
    ] as [(Verdict, String)])
  func verdicts(_ verdict: Verdict, _ words: String) { #expect(verdict.description == words) }

  @Test(
    "Control characters and long texts from outside never reach a log as they are",
    arguments: [
      ("a\u{1B}[31mb", "\"a?[31mb\""), ("a\nb", "\"a?b\""), ("路口", "\"路口\""),
      (String(repeating: "x", count: 41), "\"" + String(repeating: "x", count: 40) + "…\""),
    ])
  func quoting(_ text: String, _ shown: String) { #expect(quoted(text) == shown) }

  @Test(
    "Numbers are written in the fewest digits that read back as the same",
    arguments: [
      (0, "0"), (-0.0, "0"), (3, "3"), (0.23, "0.23"), (1e-7, "1e-07"),
      (9_007_199_254_740_991, "9007199254740991"),
      (0.1 + 0.2, "0.30000000000000004"),
    ] as [(Double, String)])
  func numbers(_ number: Double, _ text: String) {
    #expect(plain(number) == text)
    #expect(Double(text) == number)
  }
}

@Suite("Where the elements of an array lie")
struct JSONOutlineTests {
  private func outline(_ text: String) -> [String] {
    JSONOutline(array: Array(text.utf8)[...]).elements.map {
      "\($0.line):" + String(decoding: $0.bytes, as: UTF8.self)
    }
  }

  @Test(
    "Elements, their lines, and nothing else",
    arguments: [
      ("[]", []), ("[ \n ]", []), ("[1]", ["1:1"]), ("[1,2 , 3]", ["1:1", "1:2", "1:3"]),
      ("[\n1,\n\n2\n]", ["2:1", "4:2"]), ("[[1,2],{\"a\":[3,4]}]", ["1:[1,2]", "1:{\"a\":[3,4]}"]),
      ("[\"a,]\",\"\\\"]\"]", ["1:\"a,]\"", "1:\"\\\"]\""]), ("[,]", ["1:", "1:"]),
      ("[{\n},\n{\n}]", ["1:{\n}", "3:{\n}"]), ("[1", ["1:1"]), ("[1,", ["1:1", "1:"]),
    ])
  func elements(_ text: String, _ expected: [String]) { #expect(outline(text) == expected) }

  @Test(
    "The array's own faults",
    arguments: [("[1", true), ("[ ", true), ("[[]", true), ("[1] 2", true), ("[1]\n ", false)])
  func faults(_ text: String, _ isFaulty: Bool) {
    #expect((JSONOutline(array: Array(text.utf8)[...]).fault != nil) == isFaulty)
  }

  @Test(
    "Depth counts brackets outside strings",
    arguments: [("", 0), ("{}", 1), ("[{\"[[[\":[]}]", 3), ("]]][", 0), ("{}{}", 1)])
  func depth(_ text: String, _ depth: Int) {
    #expect(JSONOutline.depth(of: Array(text.utf8)[...]) == depth)
  }
}

@Suite("What is remembered of a detector")
struct DetectorTrackTests {
  private func kept(_ start: Double, _ length: Double) -> DetectorTrack.Kept {
    let begin = UTC(seconds: start)
    return DetectorTrack.Kept(
      CountRecord(detector: "a", start: begin, end: begin.advanced(bySeconds: length)))
  }

  @Test(
    "A clash is found wherever it lies, against a search through all",
    arguments: 1...5 as ClosedRange<UInt64>)
  func clash(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var track = DetectorTrack()
    for _ in 0..<300 {
      let new = kept(
        Double(Int.random(in: 0...2000, using: &generator)),
        Double(Int.random(in: 1...20, using: &generator)))
      let expected = track.kept.firstIndex { $0.overlaps(new) }
      #expect(track.clash(with: new)?.position == expected)
      if expected == nil { track.insert(new) }
    }
    #expect(zip(track.kept, track.kept.dropFirst()).allSatisfy { $0.end <= $1.start })
  }

  @Test("Memory is bounded, and what was forgotten is remembered as a limit")
  func bounded() {
    var track = DetectorTrack()
    for number in 0..<(DetectorTrack.limit + 10) { track.insert(kept(Double(number), 1)) }
    #expect(track.kept.count == DetectorTrack.limit)
    #expect(track.forgotten?.end == UTC(seconds: 10))
  }

  @Test("Fingerprints are those of FNV-1a")
  func fingerprints() {
    // Test vectors of the authors (isthe.com/chongo/tech/comp/fnv).
    #expect(fingerprint("") == 0xCBF2_9CE4_8422_2325)
    #expect(fingerprint("a") == 0xAF63_DC4C_8601_EC8C)
    #expect(fingerprint("foobar") == 0x8594_4171_F739_67E8)
  }
}
