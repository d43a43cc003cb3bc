import Phrases
import Modbus
import Signals

/// A serial line on the command line of the tools for cabinets.
enum SerialOptions {
  /// The options, for a command's list.
  static let list: [OptionList.Option] = [
    .init(
      name: "--serial", value: "DEVICE",
      help: Phrase("Modbus RTU on a serial device instead", "改用串行设备上的 Modbus RTU")),
    .init(name: "--baud", value: "N", help: Phrase("its speed (19200)", "串行速率（19200）")),
    .init(
      name: "--parity", value: "P",
      help: Phrase("none, even or odd (even)", "none、even 或 odd（even）")),
    .init(
      name: "--stop-bits", value: "N",
      help: Phrase("1 or 2 (2 without parity, else 1)", "1 或 2（无校验时为 2，否则为 1）")),
  ]

  /// The line that the options name; `nil` if they name none.
  static func line(_ options: Options) throws(UsageError) -> SerialLine? {
    guard let device = options["--serial"] else {
      for option in list where options.has(option.name) {
        throw options.wrong(
          "\(option.name) is for --serial, which is missing",
          "\(option.name) 用于 --serial，而未给出 --serial")
      }
      return nil
    }
    let bauds = SerialLine.bauds.map(String.init).joined(separator: ", ")
    let baud = try options.value("--baud", expected: Phrase("one of \(bauds)", "\(bauds) 之一")) {
      text in
      Int(text).flatMap { SerialLine.bauds.contains($0) ? $0 : nil }
    }
    let parity = try options.value(
      "--parity", expected: Phrase("none, even or odd", "none、even 或 odd")
    ) {
      SerialLine.Parity(rawValue: $0)
    }
    let stopBits = try options.value("--stop-bits", expected: Phrase("1 or 2", "1 或 2")) { text in
      Int(text).flatMap { (1...2).contains($0) ? $0 : nil }
    }
    return SerialLine(
      device: device, baud: baud ?? 19_200, parity: parity ?? .even, stopBits: stopBits)
  }

  /// A unit that may be addressed on a line.
  static func check(unit: UInt8, _ options: Options) throws(UsageError) {
    guard unit <= 247 else {
      throw options.wrong(
        "unit \(unit) is none of a serial line's 1 to 247", "单元号 \(unit) 不在串行线路的 1 至 247 之内")
    }
  }
}
