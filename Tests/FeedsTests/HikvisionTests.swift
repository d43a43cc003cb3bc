import Counts
import Feeds
import Signals
import Testing

@Suite("Hikvision's traffic statistics")
struct HikvisionTests {
  private func read(_ change: (inout String) -> Void = { _ in }) -> CountInput {
    let (camera, message) = hikvision(change)
    var reader = CameraReader(camera)
    return reader.read(message, at: after(60))
  }

  @Test("become a record of each lane that was asked for, in the camera's own spelling")
  func lanes() throws {
    let input = read()
    #expect(input.errors == [])
    try #require(input.records.map(\.detector) == ["J.N.1", "J.N.2"])
    let first = input.records[0]
    #expect(first.start == eight)
    #expect(first.end == after(60))
    #expect(first.source == "cam")
    #expect(first.count?.classes.map(\.name) == ["car", "midsize", "truck"])
    #expect(first.count?.classes.map(\.vehicles) == [9, 1, 2])
    #expect(first.occupancy == 0.23)
    #expect(first.speedKmh == 28)
    #expect(first.inView == nil)
  }

  @Test("of an empty lane are a measured zero without a speed")
  func zero() throws {
    let record = try #require(read().records.last)
    #expect(record.total == 0)
    #expect(record.speedKmh == nil)
    #expect(record.occupancy == 0)
    #expect(!record.isHeartbeat)
  }

  @Test("with the state inactive are a heartbeat of every lane, whatever event they name")
  func heartbeat() {
    let input = read {
      $0 =
        #"{"eventType":"videoloss","eventState":"inactive","#
        + #""dateTime":"2026-11-23T08:01:00+08:00"}"#
    }
    #expect(input.errors == [])
    #expect(input.records.map(\.isHeartbeat) == [true, true])
    #expect(input.records.map(\.end) == [after(60), after(60)])
  }

  @Test("without an offset are in the time zone that the camera was given, or refused")
  func offset() {
    let local = hikvision { $0 = $0.replacing("00:00+08:00", with: "00:00.123") }
    var without = CameraReader(local.camera)
    let refused = without.read(local.message, at: eight)
    #expect(refused.records == [])
    #expect(refused.errors.map(\.field) == ["startTime"])
    #expect(refused.errors.first?.reason.hasSuffix("give the camera a time_zone") == true)
    var with = CameraReader(
      Camera(
        name: "cam", dialect: .hikvision, lanes: local.camera.lanes, offsetMinutes: 480))
    #expect(with.read(local.message, at: eight).records.first?.start == after(0.123))
  }

  @Test("name classes as the camera's map says, and two words of one class are added up")
  func classes() {
    let (camera, message) = hikvision()
    var reader = CameraReader(
      Camera(
        name: "cam", dialect: .hikvision, lanes: camera.lanes,
        classes: [.init(said: "midsizeCarNum", meant: "truck")]))
    let count = reader.read(message, at: eight).records.first?.count
    #expect(count?.classes.map(\.name) == ["car", "truck"])
    #expect(count?.classes.map(\.vehicles) == [9, 3])
  }

  /// A change to the message, the field at fault and what is said of it.
  static let wrong: [(from: String, to: String, field: String?, reason: String)] = [
    (
      #""TPS","eventState""#, #""TTD","eventState""#, "eventType",
      #"is "TTD"; traffic statistics (TPS) are read"#
    ),
    (#""Target":"#, #""Targets":"#, "Target", "is missing"),
    (
      #""samplePeriod":60"#, #""samplePeriod":0"#, "samplePeriod",
      "is 0; a number from 1.0 to 900.0 is due"
    ),
    (
      #""smallCarNum":9"#, #""smallCarNum":-9"#, "LaneInfo.smallCarNum",
      "is -9; a number from 0.0 to 3000.0 is due"
    ),
    (
      #""timeOccupyRation":23"#, #""timeOccupyRation":230"#, "LaneInfo.timeOccupyRation",
      "is 230; a number from 0.0 to 100.0 is due"
    ),
    (
      #"[{"recognitionType""#, #"[7,{"recognitionType""#, "Target",
      "is no list of at most 256 objects"
    ),
  ]

  @Test("that are wrong are refused with the field and what would be right", arguments: wrong)
  func refused(_ wrong: (from: String, to: String, field: String?, reason: String)) {
    let input = read { $0 = $0.replacing(wrong.from, with: wrong.to) }
    #expect(input.errors == [CountError(line: 1, field: wrong.field, reason: wrong.reason)])
  }

  @Test("of one wrong lane leave the others")
  func oneWrongLane() {
    let input = read { $0 = $0.replacing(#""smallCarNum":9"#, with: #""smallCarNum":"many""#) }
    #expect(input.records.map(\.detector) == ["J.N.2"])
    #expect(input.errors.map(\.field) == ["LaneInfo.smallCarNum"])
  }
}
