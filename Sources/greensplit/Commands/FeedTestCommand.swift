import Phrases
import Counts
import Feeds
import Settings
import Signals

/// Shows what messages of a camera become, before the camera is connected.
enum FeedTestCommand: Command {
  static let options = OptionList(
    command: "feed-test",
    purpose: Phrase("Show the count records that a camera's messages become.", "显示相机消息转换成的计数记录。"),
    operands: "FILE",
    options: [
      .init(
        name: "--dialect", value: "NAME",
        help: Phrase("\(dialects); native without it", "\(dialects)；默认 native")),
      .init(
        name: "--config", value: "FILE",
        help: Phrase(
          "take the camera's description from greensplit.yaml", "采用 greensplit.yaml 中对相机的描述")),
      .init(name: "--camera", value: "NAME", help: Phrase("which of its cameras", "其中哪一台相机")),
    ])

  /// Largest file, bytes.
  private static let limit = 64 << 20

  private static let dialects = Dialect.allCases.map(\.rawValue).joined(separator: ", ")

  static func run(_ options: Options) throws -> ExitStatus {
    guard options.operands.count == 1 else {
      throw options.wrong(
        "name one file of messages, - for standard input", "请指定一个消息文件，- 为标准输入")
    }
    let dialect = try options.value(
      "--dialect", expected: Phrase(name: dialects), read: Dialect.init)
    let described = try camera(options)
    if let dialect, let described, described.dialect != dialect {
      throw options.wrong(
        "camera \(described.name) speaks \(described.dialect.rawValue)",
        "相机 \(described.name) 的消息格式为 \(described.dialect.rawValue)")
    }
    let path = options.operands[0] == "-" ? "/dev/stdin" : options.operands[0]
    let bytes = try readWhole(path, atMost: limit)
    let spoken = described?.dialect ?? dialect ?? .native
    guard spoken != .native else {
      return tell(CountParser.parse(body: bytes), in: options.language)
    }
    let messages = messages(in: bytes, spoken)
    let input = read(messages, of: described ?? anybody(messages, spoken))
    return tell(input, in: options.language)
  }

  private static func camera(_ options: Options) throws -> Camera? {
    guard let path = options["--config"] else {
      guard options["--camera"] == nil else {
        throw options.wrong("--camera needs --config", "--camera 需要 --config")
      }
      return nil
    }
    let name = try options.require("--camera")
    let cameras = try DaemonFile.read(path).get().cameras
    guard let camera = cameras.first(where: { $0.name == name }) else {
      let names = cameras.map(\.name).joined(separator: ", ")
      throw Failure(
        "\(path) has no camera \(name); it has \(names.isEmpty ? "none" : names)",
        "\(path) 中没有相机 \(name)；现有\(names.isEmpty ? "：无" : "：\(names)")")
    }
    return camera
  }

  /// The file as one message if it is one, else each line.
  private static func messages(in bytes: [UInt8], _ dialect: Dialect) -> [ArraySlice<UInt8>] {
    let whole = CameraReader.outline(of: bytes[...], in: dialect)
    guard whole.lanes.isEmpty, whole.time == nil else { return [bytes[...]] }
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    let isOneMessage = lines.dropFirst().contains { $0.first != UInt8(ascii: "{") }
    return isOneMessage ? [bytes[...]] : lines
  }

  /// A camera of which nobody has said anything: every lane is the detector of its own name.
  private static func anybody(_ messages: [ArraySlice<UInt8>], _ dialect: Dialect) -> Camera {
    var lanes: [String] = []
    for lane in messages.flatMap({ CameraReader.outline(of: $0, in: dialect).lanes })
    where !lanes.contains(lane) {
      lanes.append(lane)
    }
    return Camera(
      name: "camera", dialect: dialect, lanes: lanes.map { Camera.Word(said: $0, meant: $0) })
  }

  /// What the messages become if each comes when it says that it was sent.
  private static func read(_ messages: [ArraySlice<UInt8>], of camera: Camera) -> CountInput {
    var reader = CameraReader(camera)
    var input = CountInput()
    var now = UTC(milliseconds: 0)
    for (position, message) in messages.enumerated() {
      now = CameraReader.outline(of: message, in: camera.dialect).time ?? now
      input.records += reader.records(until: now)
      let one = reader.read(message, at: now)
      input.records += one.records
      input.errors += one.errors.map {
        CountError(line: position + 1, field: $0.field, reason: $0.reason)
      }
    }
    // The last interval is told when it is over.
    let end = now.milliseconds + 2 * camera.interval + 1000
    input.records += reader.records(until: UTC(milliseconds: end))
    return input
  }

  private static func tell(_ input: CountInput, in language: Language) -> ExitStatus {
    for record in input.records { say(record.line) }
    for error in input.errors { complain(error.words.text(language)) }
    if input.isEmpty {
      complain(
        Phrase(
          "no record: see docs/feeds.md for what the dialect needs",
          "没有记录：该格式的要求见 docs/feeds.md"
        ).text(language))
    }
    return input.errors.isEmpty && !input.records.isEmpty ? .success : .failure
  }
}
