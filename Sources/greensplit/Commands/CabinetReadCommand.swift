import Phrases
import Cabinets
import Modbus
import Profiles
import Sites

/// What a cabinet's registers say, for whoever stands before it for the first time. Writes nothing.
enum CabinetReadCommand: Command {
  static let options = OptionList(
    command: "cabinet-read",
    purpose: Phrase(
      "Read every point of a cabinet and print what it means; writes nothing.",
      "读取信号机的每个点并说明其含义；不写入任何内容。"),
    operands: nil,
    options: [
      .init(
        name: "--profile", value: "FILE", help: Phrase("the profile of its make", "信号机厂家的寄存器描述文件")),
      .init(
        name: "--connect", value: "ADDRESS:PORT",
        help: Phrase("where it listens, in numbers", "信号机的监听地址，用数字表示")),
      .init(
        name: "--unit", value: "N",
        help: Phrase("another Modbus unit than the profile's", "不用描述文件的 Modbus 单元号，另用一个")),
      .init(
        name: "--deadline", value: "SECONDS",
        help: Phrase("longest time for an answer (2)", "等待应答的最长时间（2）")),
    ] + SerialOptions.list)

  static func run(_ options: Options) throws -> ExitStatus {
    let profile = try profile(of: options)
    let master = try master(of: options, profile)
    var failures = 0
    for position in profile.blocks.indices where profile.blocks[position].access.isReadable {
      say(profile.blocks[position].name)
      switch read(profile, position, from: master) {
      case .success(let registers): print(profile, position, registers, in: options.language)
      case .failure(let failure):
        failures += 1
        let why = Phrase(of: failure).text(.chinese)
        say(Phrase("  not read: \(failure)", "  未能读取：\(why)").text(options.language))
      }
    }
    return failures == 0 ? .success : .failure
  }

  /// A master for the cabinet that the options name.
  static func master(of options: Options, _ profile: CabinetProfile) throws -> BlockingMaster {
    let unit =
      try options.value("--unit", expected: unitNumbers, read: unitNumber) ?? profile.unit
    let deadline =
      try options.value("--deadline", expected: Phrase("0.1 to 60 seconds", "0.1 至 60 秒")) { text in
        Double(text).flatMap { (0.1...60).contains($0) ? $0 : nil }
      } ?? 2
    if let line = try SerialOptions.line(options) {
      guard options["--connect"] == nil else {
        throw options.wrong(
          "--connect stands beside --serial", "--connect 与 --serial 不能同时使用")
      }
      try SerialOptions.check(unit: unit, options)
      return BlockingMaster(line: line, unit: unit, turnaround: deadline, pause: profile.pause)
    }
    let address = try options.value(
      "--connect",
      expected: Phrase("an address and a port, such as 127.0.0.1:1502", "地址和端口，例如 127.0.0.1:1502"),
      read: SocketText.init)
    guard let address else { throw options.wrong("--connect is missing", "缺少 --connect") }
    return try BlockingMaster(
      host: address.host, port: address.port, unit: unit, deadline: deadline, pause: profile.pause)
  }

  /// The profile that an option names.
  static func profile(of options: Options) throws -> CabinetProfile {
    let path = try options.require("--profile")
    switch readProfile(path) {
    case .success(let profile): return profile
    case .failure(let errors): throw Failure(path, errors)
    }
  }

  /// The registers of a block, in as many requests as the make wants.
  private static func read(
    _ profile: CabinetProfile, _ position: Int, from master: BlockingMaster
  ) -> Result<[UInt16], CabinetFailure> {
    var registers: [UInt16] = []
    let range = profile.blocks[position].registers
    for start in stride(from: range.lowerBound, to: range.upperBound, by: profile.longestRead) {
      let count = min(profile.longestRead, range.upperBound - start)
      switch master.ask(.read(address: UInt16(start), count: UInt16(count))) {
      case .success(let part): registers += part
      case .failure(let failure): return .failure(failure)
      }
    }
    return .success(registers)
  }

  private static func print(
    _ profile: CabinetProfile, _ position: Int, _ registers: [UInt16], in language: Language
  ) {
    let points = profile.points(of: position)
    let width = points.map(\.name.count).max() ?? 0
    // What is only read has its constants from the start; what is written has them once it is.
    let isFixed = profile.blocks[position].access == .read
    for point in points {
      let first = point.address - profile.blocks[position].registers.lowerBound
      let text = point.text(Array(registers[first..<first + point.span.count])) {
        Phrase(recorded: $0).text(language)
      }
      let padding = String(repeating: " ", count: width - point.name.count)
      let isOff = isFixed && isWrong(point, registers[first...])
      let wrong = Phrase("   not what the profile says", "   与描述文件不符").text(language)
      let remark = isOff ? wrong : ""
      say("  \(point.address)  \(point.name)\(padding)  \(text)\(remark)")
    }
  }

  /// Whether a constant is another.
  private static func isWrong(
    _ point: CabinetProfile.Point, _ registers: ArraySlice<UInt16>
  ) -> Bool {
    guard let constant = point.constant else { return false }
    return point.value(of: registers) != Int(constant)
  }
}
