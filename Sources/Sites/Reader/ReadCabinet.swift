import Phrases
import Profiles
import Signals

/// Where the cabinet is reached, and the profile of its make if it has one; `nil` if it cannot be read.
func readCabinet(_ field: Field) -> (address: CabinetAddress, profile: CabinetProfile?)? {
  guard let table = field.table() else { return nil }
  let make = table["profile"].map(readMake)
  // What a wrong profile would mean for the rest is not known.
  if case .some(.none) = make { return nil }
  let profile = make ?? nil
  guard let address = readAddress(table, profile) else { return nil }
  return (address, profile?.profile)
}

private typealias NamedProfile = (path: String, profile: CabinetProfile)

/// The profile at the path that `field` names, from the folder of the site file on.
private func readMake(_ field: Field) -> NamedProfile? {
  guard let text = field.text() else { return nil }
  let folder = field.problems.file.lastIndex(of: "/").map { field.problems.file[...$0] } ?? ""
  let path = text.hasPrefix("/") ? text : folder + text
  switch readProfile(path) {
  case .success(let profile): return (path, profile)
  case .failure(let errors):
    let count = errors.errors.count
    let first = errors.errors[0]
    guard count > 1 else {
      return field.refuse("cannot be used: \(first)", "无法使用：\(first.text(.chinese))")
    }
    return field.refuse(
      "cannot be used: \(first), and \(count - 1) more; see greensplit check \(path)",
      "无法使用：\(first.text(.chinese))，另有 \(count - 1) 处；见 greensplit check \(path)")
  }
}

private func readAddress(_ table: Table, _ make: NamedProfile?) -> CabinetAddress? {
  if let connect = table["connect"] {
    if let serial = table["serial"] {
      return serial.refuse(
        "stands beside connect; keep the one that leads to the cabinet",
        "与 connect 并存；请保留通向信号机的那一个")
    }
    return readNetwork(connect, table, make)
  }
  guard let serial = table["serial"] else {
    return table.field.refuse(
      "leads nowhere; write connect: \"127.0.0.1:1502\" for Modbus TCP, or serial: /dev/ttyS1",
      "没有写明如何连接；Modbus TCP 请写 connect: \"127.0.0.1:1502\"，串行线路请写 serial: /dev/ttyS1")
  }
  return readSerial(serial, table, make)
}

private func readNetwork(_ connect: Field, _ table: Table, _ make: NamedProfile?) -> CabinetAddress?
{
  for key in ["baud", "parity", "stop_bits", "turnaround"] {
    table[key]?.report(
      "is for serial lines, and this cabinet has connect; leave it out",
      "只用于串行线路，而此信号机用 connect；请去掉")
  }
  let address = connect.address()
  let unit = table.value("unit", or: Int(make?.profile.unit ?? 1)) { field -> Int? in
    guard let unit = field.integer() else { return nil }
    guard (1...247).contains(unit) || unit == 255 else {
      return field.refuse(
        "unit \(unit) is no cabinet's own (0 is every unit of a bus); write 1 to 247, or 255",
        "单元号 \(unit) 不属于任何一台信号机（0 指总线上全部单元）；请写 1 至 247，或 255")
    }
    return unit
  }
  guard let address, let unit else { return nil }
  return CabinetAddress(
    way: .network(host: address.host, port: address.port), unit: UInt8(unit), profile: make?.path)
}

private func readSerial(_ serial: Field, _ table: Table, _ make: NamedProfile?) -> CabinetAddress? {
  let device = serial.device()
  let baud = table.value("baud", or: 19_200) { $0.baud() }
  let parity = table.value("parity", or: SerialLine.Parity.even) {
    $0.choice(of: SerialLine.Parity.self)
  }
  let stopBits = table["stop_bits"].map { $0.integer() }
  let turnaround = table.value("turnaround", or: 0.05) { $0.number() }
  var unit: Int?
  if let field = table["unit"] {
    unit = field.lineUnit()
  } else {
    table.field.report(
      "needs a unit, since others share the line; write, say, unit: 1",
      "线路由多台信号机共用，必须写单元号；例如写 unit: 1")
  }
  guard let device, let baud, let parity, let turnaround, let unit, stopBits != .some(nil) else {
    return nil
  }
  let line = SerialLine(device: device, baud: baud, parity: parity, stopBits: stopBits ?? nil)
  return CabinetAddress(
    way: .serial(line, turnaround: turnaround), unit: UInt8(unit), profile: make?.path)
}

extension Field {
  fileprivate func device() -> String? {
    guard let text = text() else { return nil }
    guard text.hasPrefix("/dev/"), text.utf8.count <= 255 else {
      return refuse(
        "\(shown(text)) is no device; write its path, such as /dev/ttyS1",
        "\(shown(text)) 不是设备；请写其路径，例如 /dev/ttyS1")
    }
    return text
  }

  fileprivate func baud() -> Int? {
    guard case .oneOf(let bauds) = shape else { preconditionFailure("\(key) has no speeds") }
    guard let baud = integer(in: 1...1_000_000) else { return nil }
    guard bauds.contains(baud) else {
      let right = bauds.map(String.init)
      return refuse(
        "no line has \(baud) baud; write \(Sites.choice(right))",
        "没有 \(baud) 波特的线路；请写 \(Sites.choice(right, .chinese))")
    }
    return baud
  }

  fileprivate func lineUnit() -> Int? {
    guard let unit = integer() else { return nil }
    guard (1...247).contains(unit) else {
      return refuse(
        "unit \(unit) is no cabinet's own on a serial line; write 1 to 247",
        "单元号 \(unit) 不属于串行线路上的信号机；请写 1 至 247")
    }
    return unit
  }
}
