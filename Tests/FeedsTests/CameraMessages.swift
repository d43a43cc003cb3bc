import Counts
import Feeds
import Signals

/// 2026-11-23T08:00:00+08:00, when the messages of these tests begin.
let eight = UTC(milliseconds: 1_795_392_000_000)

/// `seconds` after `eight`.
func after(_ seconds: Double) -> UTC { eight.advanced(bySeconds: seconds) }

/// A Hikvision camera with two lanes that somebody asked for.
func hikvision(_ change: (inout String) -> Void = { _ in }) -> (camera: Camera, message: String) {
  var message = """
    {"ipAddress":"172.6.64.7","ipv6Address":"","portNo":80,"protocol":"HTTP",
     "macAddress":"01:17:24:45:D9:F4","channelID":1,"dateTime":"2026-11-23T08:01:00+08:00",
     "activePostCount":1,"eventType":"TPS","eventState":"active",
     "eventDescription":"traffic statistics","deviceID":"test0123",
     "Target":[{"recognitionType":"vehicle","TargetInfo":{"recognition":"TPS",
       "startTime":"2026-11-23T08:00:00+08:00","samplePeriod":60,"totalLaneNum":3,
       "LaneInfo":[
        {"laneNo":1,"aversgeSpeed":28,"smallCarNum":9,"midsizeCarNum":1,"heavyVehicleNum":2,
         "headTimeInterval":3,"headInterval":20,"averageQueueLen":40,"spaceOccupyRation":30,
         "timeOccupyRation":23,"channelizationLaneNo":1},
        {"laneNo":2,"aversgeSpeed":0,"smallCarNum":0,"midsizeCarNum":0,"heavyVehicleNum":0,
         "timeOccupyRation":0},
        {"laneNo":3,"aversgeSpeed":31,"smallCarNum":4,"midsizeCarNum":0,"heavyVehicleNum":0}
       ]}}]}
    """
  change(&message)
  let camera = Camera(
    name: "cam", dialect: .hikvision,
    lanes: [.init(said: "1", meant: "J.N.1"), .init(said: "2", meant: "J.N.2")])
  return (camera, message)
}

/// A camera with AXIS Object Analytics, two scenarios of which are lanes.
func axisCamera(every interval: Int64 = 5000, patience: Int64 = 60_000) -> Camera {
  Camera(
    name: "axis", dialect: .axis,
    lanes: [
      .init(said: "Device1Scenario1", meant: "J.N.1"),
      .init(said: "Device1Scenario2", meant: "J.N.2"),
    ], interval: interval, patience: patience)
}

/// A message of scenario `scenario` at `seconds` after `eight`; totals are texts, as the camera writes
/// them.
func axisMessage(
  _ seconds: Double, scenario: Int = 1, cars: Int, trucks: Int = 0,
  began: String = "2026-11-23T00:00:00+0800"
) -> String {
  """
  {"topic":"axis:CameraApplicationPlatform/ObjectAnalytics/Device1Scenario\(scenario)",\
  "timestamp":\(after(seconds).milliseconds),"serial":"B8A44F000000","message":{"source":{},\
  "key":{},"data":{"startTime":"\(began)","reason":"car","total":"\(cars + trucks)",\
  "totalCar":"\(cars)","totalTruck":"\(trucks)","totalBus":"0","totalHuman":"0",\
  "totalMotorcycle/bicycle":"0","totalUnknown":"0"}}}
  """
}

/// A message of an ONVIF counter.
func onvifMessage(_ seconds: Double, rule: String = "Counter_1", count: Int) -> String {
  let time = after(seconds).rfc3339.dropLast() + "417Z"
  return """
    {"UtcTime":"\(time)","Source":{"VideoSource":"1","Rule":"\(rule)"},"Data":{"Count":\(count)}}
    """
}

extension CameraReader {
  /// What `text` holds, which came at `now`.
  mutating func read(_ text: String, at now: UTC) -> CountInput {
    read(Array(text.utf8)[...], at: now)
  }
}

extension CountRecord {
  /// Seconds from `eight` to the start of the interval.
  var begins: Double { start.seconds(since: eight) }

  /// Vehicles.
  var total: Double? { count?.total }
}
