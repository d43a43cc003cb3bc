import Counts
import Feeds
import Signals
import Support
import Testing

@Suite("Tables of counts")
struct CountTableTests {
  private func read(_ text: String) -> CountInput { CountTable.read(Array(text.utf8)) }

  @Test("are read by the names of their first line; what is empty was not measured")
  func table() throws {
    let input = read(
      "\u{FEFF}det,start,end,count.car,count.bus,occ,src\r\n"
        + "7,2026-11-23T08:00:00+08:00,2026-11-23T08:15:00+08:00,120,,0.25,\"loop, \"\"east\"\"\"\r\n"
        + "\r\n8,0,900,,,,\r\n")
    #expect(input.errors == [])
    try #require(input.records.count == 2)
    #expect(input.records[0].detector == "7")
    #expect(input.records[0].start == eight)
    #expect(input.records[0].length == 900)
    #expect(input.records[0].count?.classes == [.init(name: "car", vehicles: 120)])
    #expect(input.records[0].occupancy == 0.25)
    #expect(input.records[0].source == "loop, \"east\"")
    #expect(input.records[1].isHeartbeat)
  }

  @Test("are as strict as records, and tell the line and the field")
  func strict() {
    let input = read(
      "det,start,end,count\na,0,900,12\nb,0,901,12\nc,0,900,-3\nd,0,900\n\"e,0,900,1\nf,0,900,007\n"
    )
    #expect(input.records.map(\.detector) == ["a"])
    #expect(input.errors.map(\.line) == [3, 4, 5, 6, 7])
    #expect(input.errors.map(\.field) == ["end", "count", nil, nil, "count"])
  }

  @Test("are cut at every comma, and keep every character of a name")
  func bytes() {
    let accents = read("det,start,end,count\na,\u{301}b,0,900,12\nJ\u{301},0,900,12\n")
    #expect(accents.records.map(\.detector) == ["J\u{301}"])
    #expect(accents.errors.map(\.line) == [2])
    // A name with a control character is refused or kept as any record's would be, never changed.
    let control = read("det,start,end,count\n1\u{17},0,900,12\n")
    let record = CountParser.parse(
      line: Array(#"{"v":1,"det":"1\u0017","start":0,"end":900,"count":12}"#.utf8)[...])
    #expect(control.records == record.records)
    #expect(control.errors.map(\.field) == record.errors.map(\.field))
  }

  @Test(
    "with a first line that is none are refused as a whole",
    arguments: [
      "", "a,0,900,12\n", "det,det,start,end\n", "start,end,count\n", "det,start,end,flow\n",
      "det,start,end,count,count.car\n",
    ])
  func header(_ text: String) {
    let input = read(text + "a,0,900,1\n")
    #expect(input.records == [])
    #expect(input.errors.map(\.line) == [1])
  }

  @Test("with bytes changed at random give records or errors, and never an end of the program")
  func mutations() {
    var generator = SeededGenerator(seed: 11)
    let table = Array("det,start,end,count.car,src\na,0,900,12,\"x\"\"y\"\nb,900,1800,3,z\n".utf8)
    for _ in 0..<3000 {
      var bytes = table
      for _ in 0...Int.random(in: 0...3, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[place] =
          [34, 44, 10, 0, 255, UInt8.random(in: 0...255, using: &generator)]
          .randomElement(using: &generator) ?? 0
      }
      let input = CountTable.read(bytes)
      #expect(input.records.count <= 2)
      #expect(!input.isEmpty)
    }
  }
}
