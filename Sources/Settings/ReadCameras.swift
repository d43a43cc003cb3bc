import Feeds
import Sites

/// A camera while the file is read.
struct CameraDraft {
  /// What it publishes to, and at which of the brokers.
  struct Topic {
    let broker: Int
    let topic: String
    let camera: Camera
  }

  let camera: Camera?
  let topic: Topic?
}

/// The cameras, which need `http` or one of `brokers` to be heard.
func readCameras(_ field: Field?, http: Field?, brokers: [BrokerDraft]) -> [CameraDraft] {
  var names: [String] = []
  var detectors: Set<String> = []
  return (field?.list(count: 1...1000) ?? []).map { field in
    guard let table = field.table(FileKeys.camera) else {
      return CameraDraft(camera: nil, topic: nil)
    }
    if let name = table["name"]?.name() {
      if names.contains(name) {
        table["name"]?.report("there is another camera of this name; give each a name of its own")
      }
      names.append(name)
    }
    let camera = readCamera(table)
    // Records of one detector follow each other: those of a second lane would be refused.
    for lane in camera?.lanes ?? [] where !detectors.insert(lane.meant).inserted {
      table["lanes"]?.report(
        "the detector \(lane.meant) is another lane already; give each lane a detector of its own")
    }
    guard let camera, camera.dialect != .hikvision else {
      if http == nil, camera != nil { field.report("is heard over HTTP; write http: too") }
      if camera != nil { table["topic"]?.report("is for MQTT, which this dialect does not use") }
      return CameraDraft(camera: camera, topic: nil)
    }
    return CameraDraft(camera: camera, topic: readTopic(of: camera, table, brokers))
  }
}

private func readTopic(
  of camera: Camera, _ table: Table, _ brokers: [BrokerDraft]
) -> CameraDraft.Topic? {
  guard let field = table["topic"] else {
    table.field.report("is heard over MQTT; write the topic that it publishes to")
    return nil
  }
  let wanted = table["broker"].map { $0.name() } ?? brokers.first?.name ?? "broker"
  guard let topic = readTopic(field) else { return nil }
  guard let broker = brokers.firstIndex(where: { $0.name == wanted }) else {
    (table["broker"] ?? field).report(
      brokers.isEmpty
        ? "is heard over MQTT; write mqtt: with its broker too" : "there is no broker of this name")
    return nil
  }
  return CameraDraft.Topic(broker: broker, topic: topic, camera: camera)
}

private func readCamera(_ table: Table) -> Camera? {
  let dialect = table["dialect"]?.choice(of: Dialect.self)
  if dialect == .native {
    table["dialect"]?.report(
      "native needs no camera here: count records name their detectors themselves; write hikvision, "
        + "axis or onvif")
    return nil
  }
  let lanes = table["lanes"].flatMap { readWords($0, count: 1...256) }
  let classes = table.value("classes", or: []) { readWords($0, count: 1...32) }
  let zone = table["time_zone"].flatMap { $0.timeZone() }
  let every = table.value("every", or: 5.0) { $0.quantity(.second, in: 1...60) }
  let patience = table.value("patience", or: 60.0) { $0.quantity(.second, in: 1...900) }
  guard let name = table["name"]?.name(), let dialect, let lanes, let classes, let every,
    let patience
  else { return nil }
  guard dialect.isCumulative || table["every"] == nil && table["patience"] == nil else {
    (table["every"] ?? table["patience"])?.report(
      "is for cameras that tell totals; this one tells intervals of its own")
    return nil
  }
  return Camera(
    name: name, dialect: dialect, lanes: lanes, classes: classes, offsetMinutes: zone,
    interval: Int64(every * 1000), patience: Int64(max(patience, every) * 1000))
}

/// What words of the camera stand for.
private func readWords(_ field: Field, count: ClosedRange<Int>) -> [Camera.Word]? {
  guard let entries = field.entries() else { return nil }
  guard count.contains(entries.count) else {
    field.report("has \(entries.count) entries; 1 to \(count.upperBound) are needed")
    return nil
  }
  let words = entries.compactMap { entry -> Camera.Word? in
    guard let said = entry.name.text(), let meant = entry.value.name() else { return nil }
    return Camera.Word(said: said, meant: meant)
  }
  return words.count == entries.count ? words : nil
}
