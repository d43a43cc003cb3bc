import Counts
import Feeds
import Signals
import Testing

@Suite("Totals of counters")
struct CounterTests {
  /// A street, second by second: messages, each of which comes 0.3 s after its time.
  private func records(
    of camera: Camera, _ messages: [(Double, String)], until end: Double
  ) -> (records: [CountRecord], errors: [CountError]) {
    var reader = CameraReader(camera)
    var records: [CountRecord] = []
    var errors: [CountError] = []
    var rest = messages[...]
    for tick in 0...Int(end) {
      while let next = rest.first, next.0 + 0.3 <= Double(tick) {
        errors += reader.read(next.1, at: after(next.0 + 0.3)).errors
        rest = rest.dropFirst()
      }
      records += reader.records(until: after(Double(tick)))
    }
    return (records, errors)
  }

  private func axis(
    _ messages: [(at: Double, cars: Int)], until end: Double, patience: Int64 = 60_000
  ) -> [CountRecord] {
    let all = messages.map { ($0.at, axisMessage($0.at, cars: $0.cars)) }
    let (records, errors) = records(of: axisCamera(patience: patience), all, until: end)
    #expect(errors == [])
    return records
  }

  @Test("become intervals that follow each other, silence between them being a measured zero")
  func intervals() {
    let records = axis([(1, 100), (6, 101), (7.5, 103), (21, 104)], until: 32)
    #expect(records.map(\.begins) == [5, 10, 15, 20, 25])
    #expect(records.map(\.total) == [3, 0, 0, 1, 0])
    #expect(records.allSatisfy { $0.length == 5 && $0.detector == "J.N.1" && $0.source == "axis" })
    #expect(records[0].count?.classes.first { $0.name == "car" }?.vehicles == 3)
  }

  @Test("say nothing of the interval in which counting began, nor of what lies before")
  func first() {
    #expect(axis([(1, 4711), (2, 4712), (3, 4713)], until: 6) == [])
  }

  @Test("are missing, not zero, when the camera has said nothing for as long as its patience")
  func silence() {
    let records = axis([(1, 1), (6, 2), (41, 3)], until: 60, patience: 15_000)
    #expect(records.map(\.begins) == [5, 10, 15, 40, 45, 50])
    #expect(records.map(\.total) == [1, 0, 0, 1, 0, 0])
  }

  @Test("keep every lane of a camera alive with one")
  func otherLane() {
    let messages: [(Double, String)] = [
      (1, axisMessage(1, cars: 5)), (1.5, axisMessage(1.5, scenario: 2, cars: 7)),
      (8, axisMessage(8, scenario: 2, cars: 9)), (9, axisMessage(9, scenario: 7, cars: 9)),
    ]
    let (records, errors) = records(of: axisCamera(), messages, until: 11)
    #expect(errors == [])
    #expect(records.map(\.detector) == ["J.N.1", "J.N.2"])
    #expect(records.map(\.total) == [0, 2])
  }

  @Test("that fall, or whose start is another, are counted from anew, and the interval is left out")
  func resets() {
    #expect(axis([(1, 90), (6, 91), (12, 2), (17, 5)], until: 22).map(\.begins) == [5, 15])
    #expect(axis([(1, 90), (6, 91), (12, 2), (17, 5)], until: 22).map(\.total) == [1, 3])
    let messages: [(Double, String)] = [
      (1, axisMessage(1, cars: 90)),
      (6, axisMessage(6, cars: 95, began: "2026-11-23T08:00:05+0800")),
      (12, axisMessage(12, cars: 96, began: "2026-11-23T08:00:05+0800")),
    ]
    let (records, _) = records(of: axisCamera(), messages, until: 16)
    #expect(records.map(\.begins) == [10])
    #expect(records.map(\.total) == [1])
  }

  @Test("that come twice, or overtaken by later ones, change nothing")
  func repeated() {
    let once = axis([(1, 10), (6, 11), (7, 12), (8, 13)], until: 16)
    let often = axis([(1, 10), (6, 11), (6, 11), (8, 13), (7, 12), (8, 13)], until: 16)
    #expect(once == often)
    #expect(once.first?.total == 3)
  }

  @Test("two of one millisecond are both counted")
  func together() {
    #expect(axis([(1, 10), (6, 11), (6, 12)], until: 11).map(\.total) == [2])
  }

  @Test("of classes are counted class by class")
  func classes() {
    let messages: [(Double, String)] = [
      (1, axisMessage(1, cars: 10, trucks: 3)), (7, axisMessage(7, cars: 10, trucks: 5)),
    ]
    let count = records(of: axisCamera(), messages, until: 12).records.first?.count
    #expect(count?.classes.map(\.name) == ["bus", "car", "moto", "ped", "truck", "unknown"])
    #expect(count?.total == 2)
  }

  @Test("of ONVIF are read by rule, with microseconds in their time")
  func onvif() {
    let camera = Camera(
      name: "onvif", dialect: .onvif, lanes: [.init(said: "Counter_1", meant: "J.E.1")])
    let messages = [(1.0, 7), (6.0, 9), (7.0, 9)].map { ($0, onvifMessage($0, count: $1)) }
    let (records, errors) = records(of: camera, messages, until: 11)
    #expect(errors == [])
    #expect(records.map(\.detector) == ["J.E.1"])
    #expect(records.map(\.total) == [2])
    #expect(records.first?.count?.classes == [])
  }

  @Test("from a clock that is ahead, or that come when their interval was told, are refused")
  func clocks() {
    var reader = CameraReader(axisCamera())
    _ = reader.read(axisMessage(1, cars: 1), at: after(1))
    let ahead = reader.read(axisMessage(20, cars: 2), at: after(3))
    #expect(ahead.errors.map(\.reason) == ["is 17.0 s in the future; set the camera's clock (NTP)"])
    _ = reader.records(until: after(30))
    let late = reader.read(axisMessage(12, cars: 2), at: after(31))
    #expect(
      late.errors.map(\.reason) == ["is 19.0 s late; its interval is told, its vehicles are lost"])
    #expect(reader.records(until: after(36)).map(\.total) == [0, 0])
  }

  @Test("after a lost connection begin anew")
  func interrupted() {
    var reader = CameraReader(axisCamera())
    _ = reader.read(axisMessage(1, cars: 1), at: after(1))
    reader.interrupt()
    #expect(reader.records(until: after(20)) == [])
    _ = reader.read(axisMessage(21, cars: 400), at: after(21))
    _ = reader.read(axisMessage(27, cars: 401), at: after(27))
    #expect(reader.records(until: after(31)).map(\.total) == [1])
  }

  @Test("neither a clock that leaps a year nor one that is set back makes us count for ever")
  func leaps() {
    var reader = CameraReader(axisCamera())
    _ = reader.read(axisMessage(1, cars: 1), at: after(1))
    _ = reader.read(axisMessage(6, cars: 2), at: after(6))
    #expect(reader.records(until: after(31_536_000)).count < 40)
    _ = reader.read(axisMessage(100, cars: 3), at: after(100))
    _ = reader.read(axisMessage(106, cars: 4), at: after(106))
    #expect(reader.records(until: after(112)).map(\.total) == [1])
  }

  @Test("that are no counter's are told of by their field")
  func wrong() {
    var axis = CameraReader(axisCamera())
    func field(_ text: String) -> String? { axis.read(text, at: eight).errors.first?.field }
    #expect(field(#"{"topic":"a/b"}"#) == "timestamp")
    #expect(field(axisMessage(1, cars: 1).replacing("total", with: "sum")) == "message.data.total")
    #expect(field(axisMessage(1, cars: 1).replacing(#""1""#, with: #""one""#)) != nil)
    #expect(field(#"{"timestamp":1}"#) == "topic")
    var onvif = CameraReader(Camera(name: "c", dialect: .onvif, lanes: []))
    #expect(
      onvif.read(#"{"Source":{},"Data":{}}"#, at: eight).errors.map(\.field) == ["Source.Rule"])
  }
}
