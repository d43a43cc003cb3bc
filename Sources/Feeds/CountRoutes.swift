import Counts
public import Signals
public import Web

/// How count records come over HTTP: `POST /v1/counts`, and a page for each camera that speaks a
/// dialect (`docs/count-record.md`).
public enum CountRoutes {
  /// The route of count records, and those of `cameras`: `/v1/cameras/` and their names.
  ///
  /// - Parameters:
  ///   - bodyLimit: Largest body, bytes.
  ///   - cameras: Cameras that speak a dialect.
  ///   - clock: The time by which cameras are judged.
  ///   - receive: Takes the counts.
  /// - Returns: Routes that need the role `counts`.
  public static func routes(
    bodyLimit: Int, cameras: [Camera], clock: @escaping @Sendable () -> UTC,
    receive: @escaping CountReceiver
  ) -> [Route] {
    // Sending records again does no harm: they are known by their detector and time.
    let late = HTTPAnswer.unknown("not known whether the records were taken; send them again")
    func route(_ path: String, _ read: @escaping @Sendable ([UInt8]) -> CountInput) -> Route {
      Route(.post, path, needs: .counts, bodyLimit: bodyLimit, late: late) { request, done in
        let input = read(request.body)
        receive(CountBatch(input, from: .http(peer: request.caller.peer))) { acceptance in
          done(acceptance == .accepted ? .taken(input) : .later("overloaded", seconds: 1))
        }
      }
    }
    return [route("/v1/counts", records)]
      + cameras.map { camera in
        route("/v1/cameras/\(camera.name)") { body in
          var reader = CameraReader(camera)
          return reader.read(cameraMessage(in: body), at: clock())
        }
      }
  }

  /// The records of a body; an empty one is an error too.
  private static func records(_ body: [UInt8]) -> CountInput {
    let input = CountParser.parse(body: body)
    guard input.isEmpty && !body.contains(UInt8(ascii: "[")) else { return input }
    return CountInput(errors: [
      CountError(
        line: 1, field: nil,
        reason: "the body is empty; one JSON object a line, or an array of them, is due")
    ])
  }
}

/// The message in a camera's body: some cameras wrap it in parts of a form, with pictures behind it.
func cameraMessage(in body: [UInt8]) -> ArraySlice<UInt8> {
  guard body.starts(with: Array("--".utf8)),
    let head = body.firstRange(of: Array("\r\n\r\n".utf8)),
    let end = body[head.upperBound...].firstRange(of: Array("\r\n--".utf8))
  else { return body[...] }
  return body[head.upperBound..<end.lowerBound]
}

extension HTTPAnswer {
  /// Most errors that an answer lists; it tells how many records were refused in any case.
  static let errorLimit = 100

  /// 200 if all could be read, else 400: how many records were taken, and what is wrong with the
  /// others.
  static func taken(_ input: CountInput) -> HTTPAnswer {
    // One record may have several errors; together they make one refused record.
    let places = input.errors.map { [$0.line, $0.element ?? 0] }
    let refused = zip(places, places.dropFirst()).reduce(places.isEmpty ? 0 : 1) {
      $0 + ($1.0 == $1.1 ? 0 : 1)
    }
    let errors = input.errors.prefix(errorLimit).map(\.json).joined(separator: ",")
    return HTTPAnswer(
      refused == 0 ? 200 : 400,
      body: "{\"accepted\":\(input.records.count),\"refused\":\(refused),\"errors\":[\(errors)]}")
  }
}
