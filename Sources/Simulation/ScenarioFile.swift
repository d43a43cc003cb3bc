public import Signals
public import Sites

/// Scenario files: YAML, as strict as site files.
public enum ScenarioFile {
  /// Reads the scenario at `path`.
  ///
  /// - Parameters:
  ///   - path: The file; errors repeat it as it is given.
  ///   - site: Reads a site file; paths in the scenario are relative to the scenario's directory.
  /// - Returns: The scenario, or every error of the file by position.
  public static func read(
    _ path: String, site: @escaping (String) -> Result<Intersection, SiteErrors> = readSite
  ) -> Result<Scenario, SiteErrors> {
    let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    return YAMLFile.read(path) { file in
      ScenarioReader { site($0.hasPrefix("/") ? $0 : directory + $0) }.scenario(file)
    }
  }

  /// Reads a scenario's `bytes`, as `read(_:site:)` does; errors call it `name`, and `site` gets
  /// paths as they stand in it.
  public static func read(
    _ bytes: [UInt8], named name: String,
    site: @escaping (String) -> Result<Intersection, SiteErrors>
  ) -> Result<Scenario, SiteErrors> {
    YAMLFile.read(bytes, named: name) { ScenarioReader(site: site).scenario($0) }
  }
}

/// Makes a scenario of a file, reporting all that is wrong with it.
private struct ScenarioReader {
  let site: (String) -> Result<Intersection, SiteErrors>

  private static let keys: [Key] = [
    .required("name", "morning peak"), .required("begin", "07:00"),
    .required("length", "3600 s"), .optional("warm_up", "300 s"), .optional("step", "1 s"),
    .optional("seed", "1"), .optional("camera_interval", "1 s"),
    .required("sites", "[../intersections/J001.yaml]"),
    .optional(
      "roads",
      "[{from: {junction: J001, lane_group: W.T}, to: {junction: J002, lane_group: W.T}, "
        + "share: 0.8, travel_time: 25 s}]"),
    .required("demand", "{J001: {N.T: [{at: 07:00, flow: 400 veh/h}]}}"),
    .optional("platoons", "{J001: {N.T: 3}}"),
    .optional("pedestrians", "{J001: {N: [{at: 07:00, flow: 100 ped/h}]}}"),
    .optional("faults", "{miss_rate: 0.05}"),
  ]

  func scenario(_ file: Field) -> Scenario? {
    guard let table = file.table(Self.keys) else { return nil }
    let name = table["name"]?.name()
    let frame = frame(table)
    let network = table["sites"].flatMap {
      ScenarioNetwork(site: site).network($0, roads: table["roads"])
    }
    let interval = table["camera_interval"].map { $0.duration(in: .seconds(1)...(.seconds(900))) }
    let seed = table["seed"].map { $0.integer(in: 0...Int.max) }
    // Lane groups cannot be looked up without their junctions.
    guard let network else { return nil }
    let demand = demand(table, in: network)
    let faults = table["faults"].map { self.faults($0, of: network) } ?? CountFaults()
    guard let name, let frame, let demand, let faults else { return nil }
    return Scenario(
      name: name, begin: frame.begin, length: frame.length, warmUp: frame.warmUp,
      step: frame.step, seed: UInt64((seed ?? 1) ?? 1),
      cameraInterval: (interval ?? .seconds(1)) ?? .seconds(1), network: network, demand: demand,
      faults: faults)
  }

  private func frame(
    _ table: Table
  ) -> (begin: Double, length: Double, warmUp: Double, step: Tenths)? {
    let begin = table["begin"]?.secondOfDay()
    let length = table["length"]?.duration(in: .seconds(60)...(.seconds(86_400)))
    let warmUp = table["warm_up"].map { $0.duration(in: .zero...(.seconds(7200))) } ?? .zero
    let step = table["step"].map { $0.duration(in: Tenths(1)...(.seconds(1))) } ?? .seconds(1)
    // Each check for itself: one mistake must not hide another.
    if let warmUp, let length, warmUp >= length {
      table["warm_up"]?.report(
        "\(warmUp) leaves nothing of \(length); it must be shorter",
        "\(warmUp) 不短于 \(length)，没有剩余；必须更短")
    }
    // A second must be a whole number of steps: cameras and signals are asked once a second.
    if let step, 10 % step.count != 0 {
      table["step"]?.report(
        "\(step) does not divide a second; write 0.1 s, 0.2 s, 0.5 s or 1 s",
        "\(step) 不能整除一秒；请写 0.1 s、0.2 s、0.5 s 或 1 s")
      return nil
    }
    guard let begin, let length, let warmUp, let step, warmUp < length else { return nil }
    return (begin, length.seconds, warmUp.seconds, step)
  }

  private func demand(_ table: Table, in network: RoadNetwork) -> TrafficDemand? {
    let laneGroups = network.junctions.map { junction in
      Names(of: .laneGroup, junction.laneGroups.map(\.name))
    }
    let crossings = network.junctions.map { junction in
      Names(of: .crossing, junction.crossings.map(\.name))
    }
    let platoons = table["platoons"].map { field in
      places(field, laneGroups, in: network) { $0.integer(in: 1...50) }
    }
    let vehicles = table["demand"].map { field in
      places(field, laneGroups, in: network) { $0.profile(.vehiclePerHour) }
    }
    let people = table["pedestrians"].map { field in
      places(field, crossings, in: network) { $0.profile(.personPerHour) }
    }
    guard let vehicles else { return nil }
    return TrafficDemand(
      vehicles: vehicles.map { place in
        let platoon = platoons?.first {
          $0.junction == place.junction && $0.position == place.position
        }
        return VehicleDemand(
          junction: place.junction, laneGroup: place.position, profile: place.value,
          platoon: platoon?.value ?? 1)
      },
      pedestrians: (people ?? []).map {
        PedestrianDemand(junction: $0.junction, crossing: $0.position, profile: $0.value)
      })
  }

  /// The values of a map of junctions of maps of names.
  private func places<Value>(
    _ field: Field, _ names: [Names], in network: RoadNetwork, _ read: (Field) -> Value?
  ) -> [(junction: Int, position: Int, value: Value)] {
    let junctions = Names(of: .junction, network.junctions.map(\.id))
    return (field.entries() ?? []).flatMap { entry in
      guard let junction = entry.name.reference(to: junctions) else {
        return [(junction: Int, position: Int, value: Value)]()
      }
      return (entry.value.entries() ?? []).compactMap { inner in
        // Both are read, so that errors of both are found.
        let position = inner.name.reference(to: names[junction])
        let value = read(inner.value)
        guard let position, let value else { return nil }
        return (junction: junction, position: position, value: value)
      }
    }
  }

  private func faults(_ field: Field, of network: RoadNetwork) -> CountFaults? {
    let keys: [Key] = [
      .optional("miss_rate", "0.05"), .optional("double_rate", "0.01"),
      .optional("outages", "[{detector: J001.N.T, from: 07:10, until: 07:30, kind: frozen}]"),
    ]
    guard let table = field.table(keys) else { return nil }
    let miss = table["miss_rate"].map { $0.number(in: 0...1) } ?? 0
    let double = table["double_rate"].map { $0.number(in: 0...1) } ?? 0
    let detectors = Names(
      of: .detector, network.junctions.flatMap { $0.detectors.map(\.id) })
    let outages = table["outages"]?.list()?.compactMap { outage($0, of: detectors) }
    guard let miss, let double else { return nil }
    return CountFaults(missRate: miss, doubleRate: double, outages: outages ?? [])
  }

  private func outage(_ field: Field, of detectors: Names) -> CountFaults.Outage? {
    let keys: [Key] = [
      .required("detector", "J001.N.T"), .optional("from", "07:10"), .optional("until", "07:30"),
      .optional("kind", "frozen"), .optional("ahead", "-60 s"),
    ]
    guard let table = field.table(keys) else { return nil }
    let detector = table["detector"]?.reference(to: detectors)
    let from = table["from"].map { $0.secondOfDay() } ?? -.infinity
    let until = table["until"].map { $0.secondOfDay() } ?? .infinity
    let kind = kind(table)
    guard let detector, let from, let until, let kind, let id = detectors.all[detector] else {
      return nil
    }
    guard from < until else {
      field.report(
        "ends before it begins; `until` must be later than `from`",
        "在开始之前结束；until 必须晚于 from")
      return nil
    }
    return CountFaults.Outage(detector: id, from: from, until: until, kind: kind)
  }

  /// How a camera fails, by name; `ahead` is for the one whose clock is wrong.
  private func kind(_ table: Table) -> CountFaults.Outage.Kind? {
    enum Name: String, CaseIterable { case silent, frozen, stuck, blind, shifted }
    let name = table["kind"].map { $0.choice(of: Name.self) } ?? .silent
    let ahead = table["ahead"].map { $0.quantity(.second, in: -900...900) } ?? 0
    guard let name, let ahead else { return nil }
    if (name == .shifted) != (table["ahead"] != nil) {
      table.field.report(
        "`ahead` goes with kind: shifted; write, say, kind: shifted, ahead: -60 s",
        "ahead 须与 kind: shifted 同用；例如写 kind: shifted, ahead: -60 s")
      return nil
    }
    switch name {
    case .silent: return .silent
    case .frozen: return .frozen
    case .stuck: return .stuck
    case .blind: return .blind
    case .shifted: return .shifted(ahead)
    }
  }
}
