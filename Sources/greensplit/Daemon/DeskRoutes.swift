import Phrases
import Web

/// The desk over HTTP (`docs/override.md`).
enum DeskRoutes {
  /// Its routes: everybody who may read sees what lasts, operators place and end.
  static func routes(_ desk: Desk) -> [Route] {
    [
      .get("/v1/overrides", needs: .viewer) { _ in HTTPAnswer(desk.list()) },
      Route(
        .post, "/v1/overrides", needs: .operator, bodyLimit: OverrideRequest.byteLimit
      ) { request, done in
        do throws(DeskProblem) {
          desk.place(try OverrideRequest.read(request.body), for: Visitor(request.caller)) {
            done(HTTPAnswer($0))
          }
        } catch {
          done(HTTPAnswer(desk.turnAway(Visitor(request.caller), error)))
        }
      },
      Route(.delete, "/v1/overrides/{id}", needs: .operator) { request, done in
        let takesOver = request.query["take_over"] == "true"
        done(
          HTTPAnswer(
            desk.end(request.variable, for: Visitor(request.caller), takingOver: takesOver)))
      },
      Route(.get, "/v1/explain/{junction}", needs: .viewer) { request, done in
        desk.explain(request.variable, at: request.query["at"]) { done(HTTPAnswer($0)) }
      },
    ]
  }
}

extension Visitor {
  /// Who sends a request with a token.
  fileprivate init(_ caller: Caller) {
    self.init(name: caller.name ?? caller.peer, place: caller.peer)
  }
}

extension HTTPAnswer {
  /// The desk's answer.
  fileprivate init(_ answer: DeskAnswer) { self.init(UInt32(answer.status), body: answer.body) }
}
