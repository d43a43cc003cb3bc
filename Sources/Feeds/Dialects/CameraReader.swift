public import Counts
public import Signals

/// Reads what one camera says, message by message, into count records.
public struct CameraReader: Sendable {
  /// Largest message, bytes.
  public static let messageLimit = 65_536

  /// The camera.
  public let camera: Camera

  private var grid: CounterGrid

  /// A reader that has heard nothing yet.
  public init(_ camera: Camera) {
    self.camera = camera
    grid = CounterGrid(camera)
  }

  /// What `message`, which came at `now`, holds. Totals become records later, by `records`.
  public mutating func read(_ message: ArraySlice<UInt8>, at now: UTC) -> CountInput {
    guard message.count <= Self.messageLimit else {
      return CountInput(errors: [
        Misread(
          field: nil,
          reason: "has \(message.count) bytes; a message has at most \(Self.messageLimit)"
        ).error
      ])
    }
    guard camera.dialect != .native else { return CountParser.parse(body: Array(message)) }
    do {
      let document = try JSONDocument(message)
      return read(document.root, at: now)
    } catch {
      return CountInput(errors: [Misread(field: nil, reason: error.reason).error])
    }
  }

  private mutating func read(_ root: JSONValue, at now: UTC) -> CountInput {
    do throws(Misread) {
      switch camera.dialect {
      case .hikvision: return HikvisionMessage.read(root, of: camera)
      case .axis: try grid.take(.axis(root, of: camera), at: now)
      case .onvif: try grid.take(.onvif(root, of: camera), at: now)
      case .native: break
      }
      return CountInput()
    } catch {
      return CountInput(errors: [error.error])
    }
  }

  /// The lanes, scenarios or rules that `message` tells of, and the time that it tells for totals;
  /// what is needed to try a message before a camera is described.
  public static func outline(
    of message: ArraySlice<UInt8>, in dialect: Dialect
  ) -> (lanes: [String], time: UTC?) {
    guard let document = try? JSONDocument(message), document.root.kind == .object else {
      return ([], nil)
    }
    let root = document.root
    let nobody = Camera(name: "", dialect: dialect, lanes: [], offsetMinutes: 0)
    switch dialect {
    case .native: return ([], nil)
    case .hikvision: return (HikvisionMessage.lanes(root), nil)
    case .axis, .onvif:
      let read = dialect == .axis ? CounterMessage.axis : CounterMessage.onvif
      let counter = try? read(root, nobody)
      return (counter.map { [$0.lane] } ?? [], counter?.time)
    }
  }

  /// The records of totals whose intervals have ended before `now`.
  public mutating func records(until now: UTC) -> [CountRecord] { grid.records(until: now) }

  /// The connection is lost, and with it messages may be: totals are counted from anew.
  public mutating func interrupt() { grid.interrupt() }
}
