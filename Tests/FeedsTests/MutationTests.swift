import Counts
import Feeds
import Signals
import Support
import Testing

@Suite("Messages of cameras with pieces changed at random")
struct MutationTests {
  private static let samples: [(Camera, [String])] = {
    let (camera, message) = hikvision()
    let onvif = Camera(
      name: "onvif", dialect: .onvif, lanes: [.init(said: "Counter_1", meant: "J.E.1")],
      offsetMinutes: 480)
    return [
      (camera, [message]),
      (axisCamera(), (1...6).map { axisMessage(Double($0), cars: 10 * $0, trucks: $0) }),
      (onvif, (1...6).map { onvifMessage(Double($0), count: 3 * $0) }),
    ]
  }()

  private func mutate(_ text: String, using generator: inout SeededGenerator) -> [UInt8] {
    var bytes = Array(text.utf8)
    let pieces = [
      "null", "-1", "1e308", "9223372036854775807", "18446744073709551615", "\"\"", "[]", "{}",
      "\"9999-12-31T23:59:59Z\"", "\"0000-01-01T00:00:00\"", "\\u0000", "\"", "}", "0.1",
      "253402300799000",
    ].map { Array($0.utf8) }
    for _ in 0..<Int.random(in: 0...3, using: &generator) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      let end = min(bytes.count, place + Int.random(in: 0...8, using: &generator))
      switch Int.random(in: 0...3, using: &generator) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes.removeSubrange(place..<end)
      case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
      default:
        bytes.replaceSubrange(place..<end, with: pieces.randomElement(using: &generator) ?? [])
      }
    }
    return bytes
  }

  @Test(
    "give records that history can read back, or errors, and never an end of the program",
    arguments: [1, 2, 3] as [UInt64])
  func survive(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var (good, bad) = (0, 0)
    for (camera, texts) in Self.samples {
      var reader = CameraReader(camera)
      for round in 0..<1500 {
        let text = texts[round % texts.count]
        let bytes = mutate(text, using: &generator)
        let now = after(Double.random(in: -10...20, using: &generator))
        let input = reader.read(bytes[...], at: now)
        let records = input.records + reader.records(until: now)
        good += records.count
        bad += input.errors.count
        for record in records {
          let line = Array(record.line.utf8)
          #expect(CountParser.parse(line: line[...]).records == [record])
        }
        _ = CameraReader.outline(of: bytes[...], in: camera.dialect)
      }
    }
    // Neither side may be trivial.
    #expect(good > 500)
    #expect(bad > 500)
  }
}
