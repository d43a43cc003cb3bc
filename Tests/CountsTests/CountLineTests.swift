import Counts
import Signals
import Testing

@Suite("Writing count records")
struct CountLineTests {
  @Test("The example of the specification is written in one canonical form")
  func example() throws {
    let record = try #require(parse(specified).records.first)
    #expect(
      record.line == #"""
        {"v":1,"det":"J017.N.2","start":"2026-11-23T08:00:00.000Z",\#
        "end":"2026-11-23T08:00:05.000Z","src":"cam-017-N","boot":"9f2c","seq":48211,\#
        "count":{"bike":0,"bus":0,"car":2,"moto":1,"truck":0},"in_view":6,"queue":4,"occ":0.23,\#
        "speed_kmh":28.4,"q":{"status":"ok","conf":0.93}}
        """#)
  }

  @Test("What was not measured is left out, simulated seconds become times of 1970")
  func leastFields() {
    let record = CountRecord(detector: "a", start: UTC(seconds: 25200), end: UTC(seconds: 25205))
    #expect(
      record.line == #"""
        {"v":1,"det":"a","start":"1970-01-01T07:00:00.000Z","end":"1970-01-01T07:00:05.000Z"}
        """#)
  }

  @Test("Order of fields, spelling of numbers and of times make no difference")
  func spelling() {
    let input = parse(
      """
      {"v":1,"det":"\\u0061","start":0,"end":5,"count":{"car":1,"bus":0},"occ":0.5}
      {"occ":5e-1,"count":{"bus":-0.0,"car":1.0},"end":"1970-01-01T00:00:05Z",\
      "start":"1970-01-01T08:00:00+08:00","det":"a","v":1.0,"q":{}}
      """)
    #expect(input.errors == [])
    #expect(input.records.count == 2)
    #expect(input.records.first == input.records.last)
    #expect(input.records.first?.line == input.records.last?.line)
  }

  @Test("What is written is read back as the same record", arguments: 1...4 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let record = randomRecord(using: &generator)
      let input = parse(record.line)
      #expect(input.errors == [])
      #expect(input.records == [record])
      #expect(input.records.first?.line == record.line)
    }
  }

  @Test("Lines and an array of the same records hold the same")
  func linesAndArray() {
    var generator = SeededGenerator(seed: 11)
    let lines = (0..<50).map { _ in randomRecord(using: &generator).line }
    let fromLines = parse(lines.joined(separator: "\n"))
    #expect(fromLines.records.count == 50)
    #expect(parse("[" + lines.joined(separator: ",\n ") + "]") == fromLines)
  }
}

@Suite("Input that was damaged")
struct DamagedInputTests {
  @Test(
    "Nothing traps, and every record that comes out is whole",
    arguments: 1...6 as ClosedRange<UInt64>)
  func mutations(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let tokens = [
      "{", "}", "[", "]", "\"", ",", ":", "\\", "null", "-", "1e308", "\n", "9999999999",
    ]
    for _ in 0..<400 {
      var bytes = Array(randomRecord(using: &generator).line.utf8)
      if Bool.random(using: &generator) { bytes = [91] + bytes + [44] + bytes + [93] }
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0...3, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: place)
        case 2:
          let token = tokens.randomElement(using: &generator) ?? ","
          bytes.insert(contentsOf: token.utf8, at: place)
        default: bytes = Array(bytes[..<max(1, place)])
        }
        if bytes.isEmpty { bytes = [123] }
      }
      let input = CountParser.parse(body: bytes)
      for record in input.records {
        #expect(parse(record.line).records == [record])
      }
      for error in input.errors { #expect(error.line >= 1 && !error.reason.isEmpty) }
    }
  }

  @Test("Every cut of a record is an error, never a record")
  func cuts() {
    let bytes = Array(specified.utf8)
    for length in 1..<bytes.count {
      let input = CountParser.parse(body: Array(bytes[..<length]))
      #expect(input.records == [])
      #expect(input.errors.count == 1)
    }
  }

  @Test(
    "Lines cut into pieces anywhere hold the same as in one piece",
    arguments: 1...4 as ClosedRange<UInt64>)
  func pieces(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let lines = (0..<40).map { number in
      number % 7 == 3 ? "nonsense" : randomRecord(using: &generator).line
    }
    let bytes = Array(lines.joined(separator: "\n").utf8)
    var reader = CountLineReader()
    var input = CountInput()
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Int.random(in: 1...400, using: &generator))
      rest = rest.dropFirst(piece.count)
      let part = reader.consume(piece)
      input.records += part.records
      input.errors += part.errors
    }
    let last = reader.finish()
    input.records += last.records
    input.errors += last.errors
    #expect(input == CountParser.parse(body: bytes))
    #expect(reader.lines == 40)
  }
}

@Suite("Passenger car units")
struct PassengerCarUnitsTests {
  @Test("Classes are weighted, unknown ones count as cars, people on foot not at all")
  func weights() {
    let count = VehicleCount(classes: [
      .init(name: "car", vehicles: 10), .init(name: "bus", vehicles: 2),
      .init(name: "truck", vehicles: 2), .init(name: "moto", vehicles: 10),
      .init(name: "tractor", vehicles: 1), .init(name: "ped", vehicles: 30),
    ])
    #expect(count.total == 25)
    #expect(abs(PassengerCarUnits.standard.pcu(count) - 23) < 1e-12)
  }

  @Test("A camera that tells no classes apart counts cars; a site may weigh otherwise")
  func ownTable() {
    #expect(PassengerCarUnits.standard.pcu(VehicleCount(total: 7)) == 7)
    let table = PassengerCarUnits([.init(name: "car", units: 1.2)])
    #expect(table.pcu(VehicleCount(classes: [.init(name: "car", vehicles: 5)])) == 6)
  }
}
