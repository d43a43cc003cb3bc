import Signals
import Support
import Testing

@testable import Counts

@Suite("Lines that were written are read back fast")
struct CanonicalLineTests {
  /// A record of which anything may be missing, unusual or out of the ordinary.
  private func record(_ random: inout SeededGenerator) -> CountRecord {
    func maybe<Value>(_ value: Value) -> Value? { Bool.random(using: &random) ? value : nil }
    func vehicles() -> Double {
      let whole = Double(Int.random(in: 0...10_000, using: &random))
      return Int.random(in: 0...5, using: &random) == 0 ? whole / 7 : whole
    }
    let start = UTC(milliseconds: .random(in: 0...4_000_000_000_000, using: &random))
    let names = ["J001.N.T", "a", "路口.N", "\"", "\\", "a long name of a detector"]
    let view = min(10_000, vehicles())
    let classes = VehicleCount(classes: [.init(name: "bus", vehicles: 2)])
    let isPlain = Int.random(in: 0...3, using: &random) > 0
    return CountRecord(
      detector: names.randomElement(using: &random) ?? "",
      start: start,
      end: UTC(
        milliseconds: start.milliseconds + .random(in: 100...900_000, using: &random)),
      source: maybe(names[Int.random(in: 0...5, using: &random)]), boot: maybe("b1"),
      sequence: maybe(.random(in: 0...CountRecord.sequenceLimit, using: &random)),
      count: maybe(isPlain ? VehicleCount(total: min(10_000, vehicles())) : classes),
      inView: maybe(view), queue: maybe(min(view, vehicles())),
      occupancy: isPlain ? nil : 0.25, speedKmh: isPlain ? nil : 50.5,
      quality: isPlain ? CountQuality() : CountQuality(status: .degraded, flags: ["rain"]))
  }

  @Test("to the very records, usual or not", arguments: 1...10)
  func roundTrip(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var reader = CanonicalLineReader()
    for _ in 0..<500 {
      let record = record(&random)
      #expect(reader.record(in: Array(record.line.utf8)) == record)
    }
  }

  @Test("Whatever else is in the line, both readers agree")
  func agreement() {
    var random = SeededGenerator(seed: 4)
    var reader = CanonicalLineReader()
    var read = 0
    let alphabet = Array("0123456789-:.TZ\"{},eE \\count".utf8)
    for _ in 0..<20_000 {
      var line = Array(record(&random).line.utf8)
      for _ in 0..<Int.random(in: 0...2, using: &random) {
        let place = line.indices.randomElement(using: &random) ?? 0
        switch Int.random(in: 0...2, using: &random) {
        case 0: line[place] = alphabet.randomElement(using: &random) ?? 0
        case 1: line.remove(at: place)
        default: line.insert(alphabet.randomElement(using: &random) ?? 0, at: place)
        }
      }
      // What the parser refuses was never written.
      guard let slow = CountParser.parse(line: line[...]).records.first else { continue }
      read += 1
      #expect(
        reader.record(in: line) == slow, "\(String(decoding: line, as: UTF8.self))")
    }
    #expect(read > 3000)
  }
}
