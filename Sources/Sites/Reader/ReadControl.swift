import Glibc
import Signals

extension LimitsDraft {
  init?(_ field: Field?) {
    guard let table = field?.table() else { return nil }
    self.table = table
    minimumCycle = table["min_cycle"]?.duration()
    maximumCycle = table["max_cycle"]?.duration()
    longestRed = table["longest_red"]?.duration()
    largestChange = table.value("largest_change", or: .zero) { $0.duration() }
    planInterval = table.value("plan_interval", or: .zero) { $0.duration() }
    notice = table.value("notice", or: .zero) { $0.duration() }
  }
}

extension PlanDraft {
  init(_ row: Row, stages: Names) {
    self.row = row
    cycle = row.table?["cycle"]?.duration()
    offset = row.table?.value("offset", or: .zero) { $0.duration() }
    greens = row.table?["greens"]?.listed()?.map { field in
      let table = field.table()
      let stage = table?["stage"]
      return GreenDraft(
        field: field,
        stage: stage.flatMap { field in
          field.reference(to: stages).map { Reference(position: $0, field: field) }
        },
        greenField: table?["green"],
        green: table?["green"]?.duration())
    }
  }
}

extension ScheduleDraft {
  init(_ field: Field, plans: Names) {
    self.field = field
    let table = field.table()
    fromMinute = table?["from"]?.timeOfDay()
    plan = table?["plan"]?.reference(to: plans)
  }
}

extension ControlDraft {
  init?(_ field: Field?) {
    guard let table = field?.table() else { return nil }
    self.table = table
    pace = table["pace"]?.choice(of: Pace.self)
    sequence = table["sequence"]?.choice(of: Sequence.self)
    lease = table["lease"]?.duration()
    usedYellow = table.value("used_yellow", or: ControlSettings.usualYellow) { $0.duration() }
    longestWait = table["longest_wait"]?.duration()
  }
}

extension Field {
  /// Minutes since midnight of a time such as "06:30".
  public func timeOfDay() -> Int? {
    guard let text = text() else { return nil }
    guard let minutes = minutes(text[...]), minutes < 1440 else {
      return refuse(
        "\(shown(text)) is not a time of day; write \"00:00\" to \"23:59\"",
        "\(shown(text)) 不是时刻；请写 \"00:00\" 至 \"23:59\"")
    }
    return minutes
  }

  /// Minutes east of Greenwich of an offset such as "+08:00".
  public func timeZone() -> Int? {
    guard let text = text() else { return nil }
    let sign = text.first == "+" ? 1 : text.first == "-" ? -1 : 0
    guard sign != 0, let minutes = minutes(text.dropFirst()),
      (-12 * 60...14 * 60).contains(sign * minutes)
    else {
      return refuse(
        "\(shown(text)) is not an offset from UTC; write \"-12:00\" to \"+14:00\", "
          + "such as \"+08:00\" for China",
        "\(shown(text)) 不是与 UTC 的时差；请写 \"-12:00\" 至 \"+14:00\"，" + "中国为 \"+08:00\"")
    }
    return sign * minutes
  }

  /// Minutes of "hh:mm".
  private func minutes(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2,
      parts.allSatisfy({ part in part.count == 2 && part.allSatisfy { "0"..."9" ~= $0 } }),
      let hours = Int(parts[0]), let minutes = Int(parts[1]), minutes < 60
    else { return nil }
    return hours * 60 + minutes
  }

  /// A numeric address with a port, such as "127.0.0.1:1502" or "[::1]:1502".
  public func address() -> (host: String, port: UInt16)? {
    guard let text = text() else { return nil }
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
      port > 0
    else {
      return refuse(
        "\(shown(text)) has no port from 1 to 65535; write, say, 127.0.0.1:1502",
        "\(shown(text)) 没有 1 至 65535 的端口；例如写 127.0.0.1:1502")
    }
    let host = text[..<colon]
    let isBracketed = host.first == "[" && host.last == "]"
    let bare = String(isBracketed ? host.dropFirst().dropLast() : host)
    var storage = in6_addr()
    guard inet_pton(isBracketed ? AF_INET6 : AF_INET, bare, &storage) == 1 else {
      return refuse(
        "\(shown(String(host))) is not a numeric address, and a name server must not be able to "
          + "stop control; write, say, 127.0.0.1:1502 or [::1]:1502",
        "\(shown(String(host))) 不是数字地址，而控制不能依赖域名服务器；" + "例如写 127.0.0.1:1502 或 [::1]:1502")
    }
    return (bare, port)
  }
}
