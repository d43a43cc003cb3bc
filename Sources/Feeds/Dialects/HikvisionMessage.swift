import Counts
import Signals

/// Traffic statistics of a Hikvision camera (ISAPI `EventNotificationAlert`, event type TPS), in the
/// camera's own spelling, such as `aversgeSpeed`.
enum HikvisionMessage {
  /// The records of a message; of a heartbeat, one without figures for each lane. Lanes that the
  /// camera's map does not name are passed over.
  static func read(_ root: JSONValue, of camera: Camera) -> CountInput {
    do throws(Misread) {
      // The heartbeat of some models bears another event type.
      if root.field("eventState")?.text == "inactive" { return try heartbeat(root, of: camera) }
      let type = root.field("eventType")
      guard type?.text == "TPS" else {
        throw Misread(
          field: "eventType",
          reason: "is \(type?.shown ?? "missing"); traffic statistics (TPS) are read")
      }
      var input = CountInput()
      for target in try root.objects("Target", "Target") {
        try read(target.object("TargetInfo", "Target.TargetInfo"), of: camera, into: &input)
      }
      return input
    } catch {
      return CountInput(errors: [error.error])
    }
  }

  /// The numbers of the lanes that a message tells of.
  static func lanes(_ root: JSONValue) -> [String] {
    let targets = (try? root.objects("Target", "")) ?? []
    return targets.flatMap { target -> [String] in
      let info = target.field("TargetInfo")
      guard let info, info.kind == .object else { return [] }
      return ((try? info.objects("LaneInfo", "")) ?? []).compactMap { lane in
        (try? lane.figure("laneNo", "", in: 0...1000)).map { "\(Int($0))" }
      }
    }
  }

  private static func heartbeat(
    _ root: JSONValue, of camera: Camera
  ) throws(Misread) -> CountInput {
    let end = try root.time("dateTime", "dateTime", ahead: camera.offsetMinutes)
    guard end.milliseconds >= 1000 else {
      throw Misread(field: "dateTime", reason: "is before 1970")
    }
    return CountInput(
      records: camera.lanes.map {
        CountRecord(
          detector: $0.meant, start: end.advanced(bySeconds: -1), end: end, source: camera.name)
      })
  }

  private static func read(
    _ info: JSONValue, of camera: Camera, into input: inout CountInput
  ) throws(Misread) {
    let start = try info.time("startTime", "startTime", ahead: camera.offsetMinutes)
    guard let period = try info.figure("samplePeriod", "samplePeriod", in: 1...900) else {
      throw Misread(field: "samplePeriod", reason: "is missing; seconds from 1 to 900 are due")
    }
    let end = UTC(milliseconds: start.milliseconds + Int64(period * 1000))
    for lane in try info.objects("LaneInfo", "LaneInfo") {
      do throws(Misread) {
        guard let number = try lane.figure("laneNo", "LaneInfo.laneNo", in: 0...1000) else {
          throw Misread(field: "LaneInfo.laneNo", reason: "is missing")
        }
        guard let detector = camera.detector(of: "\(Int(number))") else { continue }
        input.records.append(try record(lane, detector, start, end, of: camera))
      } catch {
        input.errors.append(error.error)
      }
    }
  }

  private static func record(
    _ lane: JSONValue, _ detector: String, _ start: UTC, _ end: UTC, of camera: Camera
  ) throws(Misread) -> CountRecord {
    var sum = ClassSum()
    for word in ["smallCarNum", "midsizeCarNum", "heavyVehicleNum"] {
      let vehicles = try lane.figure(word, "LaneInfo.\(word)", in: 0...3000)
      if let vehicles { sum.add(vehicles, to: camera.className(of: word)) }
    }
    let percent = try lane.figure("timeOccupyRation", "LaneInfo.timeOccupyRation", in: 0...100)
    let speed = try lane.figure(
      "aversgeSpeed", "LaneInfo.aversgeSpeed", in: 0...CountRecord.speedLimit)
    let count = sum.count
    return CountRecord(
      detector: detector, start: start, end: end, source: camera.name, count: count,
      // Of nothing there is no mean: the camera writes 0 then.
      occupancy: percent.map { $0 / 100 }, speedKmh: count?.total == 0 ? nil : speed)
  }
}

/// Vehicles by class, where two words of a camera may mean one class.
struct ClassSum: Sendable, Hashable {
  private(set) var names: [String] = []
  private(set) var vehicles: [Double] = []

  mutating func add(_ number: Double, to name: String) {
    if let known = names.firstIndex(of: name) {
      vehicles[known] += number
    } else {
      names.append(name)
      vehicles.append(number)
    }
  }

  /// The sum as a record has it; `nil` if nothing was measured.
  var count: VehicleCount? {
    guard !names.isEmpty, vehicles.allSatisfy((0...CountRecord.vehicleLimit).contains) else {
      return nil
    }
    return VehicleCount(
      classes: zip(names, vehicles).map { VehicleCount.ClassCount(name: $0, vehicles: $1) })
  }
}
