import Counts
import Signals
import Testing

@Suite("Reading count records")
struct CountParserTests {
  @Test("The example of the specification is read field by field")
  func example() throws {
    let input = parse(specified)
    #expect(input.errors == [])
    let record = try #require(input.records.first)
    #expect(record.detector == "J017.N.2")
    #expect(record.start == morning)
    #expect(record.end == morning.advanced(bySeconds: 5))
    #expect(record.source == "cam-017-N")
    #expect(record.boot == "9f2c")
    #expect(record.sequence == 48211)
    #expect(record.count?.total == 3)
    #expect(record.count?.classes.map(\.name) == ["bike", "bus", "car", "moto", "truck"])
    #expect(record.count?.classes.map(\.vehicles) == [0, 0, 2, 1, 0])
    #expect(record.inView == 6)
    #expect(record.queue == 4)
    #expect(record.occupancy == 0.23)
    #expect(record.speedKmh == 28.4)
    #expect(record.quality == CountQuality(status: .ok, flags: [], confidence: 0.93))
    #expect(record.length == 5)
    #expect(!record.isHeartbeat)
  }

  @Test("Null and absence are not measured, zero is a measured zero")
  func nullIsNotZero() throws {
    let input = parse(
      """
      {"v":1,"det":"a","start":0,"end":5,"count":null,"in_view":0,"occ":null,"q":null,"src":null}
      {"v":1,"det":"a","start":0,"end":5,"count":0}
      {"v":1,"det":"a","start":0,"end":5,"count":{"car":0,"ped":null},"in_view":null}
      {"v":1,"det":"a","start":0,"end":5,"count":{"car":null}}
      """)
    try #require(input.records.count == 4)
    #expect(input.records[0].count == nil)
    #expect(input.records[0].inView == 0)
    #expect(input.records[0].occupancy == nil)
    #expect(input.records[0].source == nil)
    #expect(input.records[1].count == VehicleCount(total: 0))
    #expect(input.records[1].inView == nil)
    #expect(
      input.records[2].count == VehicleCount(classes: [.init(name: "car", vehicles: 0)]))
    #expect(input.records.map(\.isHeartbeat) == [false, false, false, true])
  }

  @Test("A queue without counts is a heartbeat still: it says nothing of arrivals")
  func heartbeat() {
    #expect(parse(#"{"v":1,"det":"a","start":0,"end":5}"#).records.map(\.isHeartbeat) == [true])
  }

  @Test("Fields of later versions are passed over, whatever they hold")
  func unknownFields() {
    let input = parse(
      #"{"v":1,"det":"a","start":0,"end":5,"mode":"interval","x":{"y":[1,{"z":null}]},"count":1}"#)
    #expect(input.errors == [])
    #expect(input.records.map(\.count) == [VehicleCount(total: 1)])
  }

  @Test("Blank lines, carriage returns and a missing last line feed do no harm")
  func lineEnds() {
    let line = #"{"v":1,"det":"a","start":0,"end":5}"#
    let input = parse("\r\n\(line)\r\n  \n\t\(line)  \n\(line)")
    #expect(input.errors == [])
    #expect(input.records.count == 3)
  }

  @Test("Good lines around a bad one are kept, and the error names the bad one")
  func goodLinesKept() {
    let good = #"{"v":1,"det":"a","start":0,"end":5}"#
    let input = parse("\(good)\n{\"v\":1,\n\n\(good)\n{\"v\":2}\n\(good)\n")
    #expect(input.records.count == 3)
    #expect(Set(input.errors.map(\.line)) == [2, 5])
    #expect(input.errors.filter { $0.line == 5 }.map(\.field) == ["v", "det", "start", "end"])
  }

  @Test("Two runs over the same bytes give the same records and errors")
  func deterministic() {
    let text = "\(specified)\n{\"v\":1,\"det\":3,\"count\":{\"z\":-1,\"a\":-1}}\nnonsense\n"
    #expect(parse(text) == parse(text))
  }

  @Test("A line as long as the limit is read, one byte more is refused by its length")
  func longLines() {
    let empty = #"{"v":1,"det":"a","start":0,"end":5,"x":""}"#
    let fill = String(repeating: "x", count: CountParser.lineLimit - empty.utf8.count)
    let longest = empty.dropLast(2) + fill + "\"}"
    #expect(parse(longest + "\n").records.count == 1)
    #expect(parse(longest + "\r\n").records.count == 1)
    let tooLong = parse(longest + " \n" + longest.dropLast(2) + "x\"}\n" + specified)
    #expect(tooLong.records.count == 2)
    #expect(tooLong.errors.map(\.line) == [2])
    let far = parse(String(repeating: "y", count: 3 * CountParser.lineLimit) + "\n" + specified)
    #expect(far.records.count == 1)
    #expect(far.errors.map(\.reason) == ["is longer than 65536 bytes; one record a line is due"])
  }

  @Test("Nesting is bounded, brackets in strings do not count")
  func nesting() {
    let record = #"{"v":1,"det":"a","start":0,"end":5,"x":"#
    let deep = String(repeating: "[", count: 20_000) + String(repeating: "]", count: 20_000)
    #expect(
      parse(record + deep + "}").errors.map(\.reason) == ["is nested deeper than 16 levels"])
    let quoted = "\"" + String(repeating: "[{", count: 100) + "\\\"\""
    #expect(parse(record + quoted + "}").records.count == 1)
  }
}

@Suite("Reading a JSON array")
struct CountArrayTests {
  private let good = #"{"v":1,"det":"a","start":0,"end":5}"#

  @Test("Every element is a record, on one line or on many")
  func elements() {
    #expect(parse("[\(good),\(good)]").records.count == 2)
    #expect(parse("\n [\n\(good)\n,\n\(good)\n]\n").records.count == 2)
    #expect(parse("[]").isEmpty)
    #expect(parse(" [ \n ] ").isEmpty)
  }

  @Test("An error names the line on which its element begins, and the element")
  func places() {
    let text = """
      [
        \(good),
        {"v":1,
         "det":"a", "start":0, "end":5000},
        \(good), {"v":1,"det":"a","start":0,"end":5,"occ":2},

        7
      ]
      """
    let input = parse(text)
    #expect(input.records.count == 2)
    #expect(input.errors.map(\.line) == [3, 5, 7])
    #expect(input.errors.map(\.element) == [2, 4, 5])
    #expect(input.errors.map(\.field) == ["end", "occ", nil])
    #expect(
      input.errors.map(\.description) == [
        "line 3, element 2: end: is 5000 s after start; an interval is 0.1 s to 900 s long",
        "line 5, element 4: occ: is 2; 0 to 1 as a share",
        "line 7, element 5: is not JSON after 1 bytes: '[' or '{' expected near '7'; "
          + "one JSON object is due",
      ])
  }

  @Test("An array that is cut off keeps its whole elements")
  func cutOff() {
    let input = parse("[\(good),\(good),{\"v\":1,\"de")
    #expect(input.records.count == 2)
    #expect(input.errors.map(\.element) == [3, nil])
    #expect(input.errors.last?.reason == "the array is not closed: ] is missing at its end")
  }

  @Test("Brackets and commas in strings separate nothing")
  func strings() {
    let tricky = #"{"v":1,"det":"],[{\"\\","start":0,"end":5}"#
    #expect(parse("[\(tricky),\(tricky)]").records.map(\.detector) == ["],[{\"\\", "],[{\"\\"])
  }

  @Test("Missing elements and anything after the array are errors")
  func leftovers() {
    #expect(parse("[\(good),]").errors.map(\.element) == [2])
    #expect(parse("[,\(good)]").errors.map(\.element) == [1])
    #expect(parse("[\(good)]\n\(good)").records.count == 1)
    #expect(
      parse("[\(good)]\n\(good)").errors.map(\.reason) == [
        "something follows the array's end; a body is one array or lines of objects"
      ])
  }
}
