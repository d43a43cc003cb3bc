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
  return (field?.listed() ?? []).map { field in
    guard let table = field.table() else {
      return CameraDraft(camera: nil, topic: nil)
    }
    if let name = table["name"]?.name() {
      if names.contains(name) {
        table["name"]?.report(
          "there is another camera of this name; give each a name of its own",
          "已有同名相机；每台应有各自的名称")
      }
      names.append(name)
    }
    let camera = readCamera(table)
    // Records of one detector follow each other: those of a second lane would be refused.
    for lane in camera?.lanes ?? [] where !detectors.insert(lane.meant).inserted {
      table["lanes"]?.report(
        "the detector \(lane.meant) is another lane already; give each lane a detector of its own",
        "检测器 \(lane.meant) 已用于另一车道；每条车道应有各自的检测器")
    }
    guard let camera, camera.dialect != .hikvision else {
      if http == nil, camera != nil {
        field.report(
          "is heard over HTTP; write http: too",
          "通过 HTTP 接收；请同时写 http:")
      }
      if camera != nil {
        table["topic"]?.report(
          "is for MQTT, which this dialect does not use",
          "只用于 MQTT，而此厂家格式不使用；请去掉")
      }
      return CameraDraft(camera: camera, topic: nil)
    }
    return CameraDraft(camera: camera, topic: readTopic(of: camera, table, brokers))
  }
}

private func readTopic(
  of camera: Camera, _ table: Table, _ brokers: [BrokerDraft]
) -> CameraDraft.Topic? {
  guard let field = table["topic"] else {
    table.field.report(
      "is heard over MQTT; write the topic that it publishes to",
      "通过 MQTT 接收；请写其发布的主题")
    return nil
  }
  let wanted = table["broker"].map { $0.name() } ?? brokers.first?.name ?? "broker"
  guard let topic = readTopic(field) else { return nil }
  guard let broker = brokers.firstIndex(where: { $0.name == wanted }) else {
    let wrong = table["broker"] ?? field
    if brokers.isEmpty {
      wrong.report(
        "is heard over MQTT; write mqtt: with its broker too", "通过 MQTT 接收；请同时写 mqtt: 及其服务器")
    } else {
      let names = brokers.compactMap(\.name).joined(separator: ", ")
      wrong.report(
        "there is no broker of this name; the brokers are \(names)", "没有此名称的服务器；现有服务器：\(names)")
    }
    return nil
  }
  return CameraDraft.Topic(broker: broker, topic: topic, camera: camera)
}

private func readCamera(_ table: Table) -> Camera? {
  let dialect = table["dialect"]?.choice(of: Dialect.self)
  if dialect == .native {
    table["dialect"]?.report(
      "native needs no camera here: count records name their detectors themselves; write hikvision, "
        + "axis or onvif",
      "native 无需在此写相机：计数记录自带检测器名称；请写 hikvision、" + "axis 或 onvif")
    return nil
  }
  let lanes = table["lanes"].flatMap { readWords($0, count: 1...256) }
  let classes = table.value("classes", or: []) { readWords($0, count: 1...32) }
  let zone = table["time_zone"].flatMap { $0.timeZone() }
  let every = table.value("every", or: 5.0) { $0.number() }
  let patience = table.value("patience", or: 60.0) { $0.number() }
  guard let name = table["name"]?.name(), let dialect, let lanes, let classes, let every,
    let patience
  else { return nil }
  guard dialect.isCumulative || table["every"] == nil && table["patience"] == nil else {
    (table["every"] ?? table["patience"])?.report(
      "is for cameras that tell totals; this one tells intervals of its own",
      "只用于报告累计值的相机；此相机自行报告时段，请去掉")
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
    field.report(
      "has \(entries.count) entries; 1 to \(count.upperBound) are needed",
      "有 \(entries.count) 项；需要 1 至 \(count.upperBound) 项")
    return nil
  }
  let words = entries.compactMap { entry -> Camera.Word? in
    guard let said = entry.name.text(), let meant = entry.value.name() else { return nil }
    return Camera.Word(said: said, meant: meant)
  }
  return words.count == entries.count ? words : nil
}
