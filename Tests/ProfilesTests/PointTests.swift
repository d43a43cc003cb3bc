import Cabinets
import Signals
import Testing

@testable import Profiles

@Suite("A point of a profile")
struct PointTests {
  private func point(
    _ kind: CabinetProfile.Point.Kind, highFirst: Bool = true, count: Int = 1, stride: Int = 1,
    step: Int = 1000, unit: String = "", meanings: [CabinetProfile.Point.Meaning] = []
  ) -> CabinetProfile.Point {
    CabinetProfile.Point(
      name: "p", address: 10, kind: kind, isHighWordFirst: highFirst, count: count, stride: stride,
      step: step, unit: unit, meanings: meanings)
  }

  @Test("of 32 bits has its words in the order that the make wants, and comes back the same")
  func wordOrder() throws {
    #expect(try point(.u32).words(0x1_1170) == [1, 0x1170])
    #expect(try point(.u32, highFirst: false).words(0x1_1170) == [0x1170, 1])
    var random = SeededGenerator(seed: 3)
    for _ in 0..<500 {
      let value = Int(UInt32.random(in: 0 ... .max, using: &random))
      for point in [point(.u32), point(.u32, highFirst: false)] {
        #expect(point.raw(try point.words(value)[...]) == value)
      }
    }
  }

  @Test("says a duration in its own steps, or says that it cannot")
  func durations() throws {
    #expect(try point(.u16, step: 100, unit: "s").raw(Tenths(305)) == 305)
    #expect(try point(.u16, step: 1000, unit: "s").raw(.seconds(30)) == 30)
    #expect(try point(.u32, step: 1, unit: "s").raw(Tenths(305)) == 30_500)
    #expect(point(.u32, step: 1, unit: "s").time(30_500) == Tenths(305))
    #expect(throws: PointError.self) { try point(.u16, step: 1000, unit: "s").raw(Tenths(305)) }
    #expect(throws: PointError.self) { try point(.u16, step: 100, unit: "m").raw(Tenths(305)) }
    #expect(throws: PointError.self) { try point(.u16).words(65_536) }
    #expect(throws: PointError.self) { try point(.u16).words(-1) }
  }

  @Test("reads as people say it: with meaning, unit, bits, text and parts of registers")
  func text() {
    let source = point(.u16, meanings: [.init(value: 2, words: "manual")])
    #expect(source.text([2]) == "2 manual")
    #expect(source.text([9]) == "9")
    #expect(point(.u16, step: 100, unit: "s").text([305]) == "30.5 s")
    #expect(point(.u16, count: 2, stride: 3).text([1, 0, 0, 2]) == "1, 2")
    #expect(point(.u32, highFirst: false).text([1, 0]) == "1")
    let faults = point(.bits, meanings: [.init(value: 0, words: "conflict")])
    #expect(faults.text([0]) == "none")
    #expect(faults.text([5]) == "conflict, bit 2")
    #expect(point(.text, count: 3).text([0x5453, 0x4300, 0x5858]) == "TSC")
    #expect(point(.text, count: 1).text([0x41FF]) == "A?")
    #expect(point(.bytes, count: 3).text([0x0102, 0x0300]) == "1, 2, 3")
    #expect(point(.nibbles, count: 5).text([0x1234, 0x5000]) == "1, 2, 3, 4, 5")
  }
}
