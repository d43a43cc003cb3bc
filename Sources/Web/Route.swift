/// One thing that can be asked: a method and a path, who may, and who answers.
public struct Route: Sendable {
  /// Methods that are known; GET answers HEAD too.
  public enum Method: String, Sendable {
    /// Reads.
    case get = "GET"
    /// Hands over or begins something.
    case post = "POST"
    /// Ends something.
    case delete = "DELETE"
  }

  let method: Method
  let path: String
  let needs: Role?
  let bodyLimit: Int
  let late: HTTPAnswer
  let handler: HTTPHandler

  /// A route.
  ///
  /// - Parameters:
  ///   - method: How it is asked.
  ///   - path: Where, such as "/v1/overrides/{id}"; one segment may be a variable in braces.
  ///   - needs: The role that the token must have; `nil` if anybody may.
  ///   - bodyLimit: Largest body, bytes.
  ///   - late: What is answered when the handler takes too long.
  ///   - handler: Answers.
  public init(
    _ method: Method, _ path: String, needs: Role?, bodyLimit: Int = 0,
    late: HTTPAnswer = .noAnswer, handler: @escaping HTTPHandler
  ) {
    precondition(path.hasPrefix("/"), "a path begins with a slash")
    self.method = method
    self.path = path
    self.needs = needs
    self.bodyLimit = bodyLimit
    self.late = late
    self.handler = handler
  }

  /// A route that reads, answered at once by `answer`.
  public static func get(
    _ path: String, needs: Role?, answer: @escaping @Sendable (HTTPRequest) -> HTTPAnswer
  ) -> Route {
    Route(.get, path, needs: needs) { request, done in done(answer(request)) }
  }
}

/// Finds the route of a request.
struct RouteTable: Sendable {
  /// What a path leads to.
  enum Found {
    case route(Route, variable: String)
    /// The path is there, the method is not.
    case otherMethods(String)
    case nothing
  }

  private var fixed: [String: [Route]] = [:]
  /// Those with a variable segment, segments apart.
  private var patterns: [(segments: [Substring], routes: [Route])] = []

  init(_ routes: [Route]) {
    for route in routes {
      guard route.path.contains("{") else {
        fixed[route.path, default: []].append(route)
        continue
      }
      let segments = Self.segments(of: route.path)
      if let known = patterns.firstIndex(where: { $0.routes[0].path == route.path }) {
        patterns[known].routes.append(route)
      } else {
        patterns.append((segments, [route]))
      }
    }
  }

  func find(_ method: String, _ path: String) -> Found {
    if let routes = fixed[path] { return pick(method, of: routes, variable: "") }
    let segments = Self.segments(of: path)
    for pattern in patterns {
      guard let variable = Self.variable(in: segments, by: pattern.segments) else { continue }
      return pick(method, of: pattern.routes, variable: variable)
    }
    return .nothing
  }

  private static func segments(of path: String) -> [Substring] {
    path.split(separator: "/", omittingEmptySubsequences: false)
  }

  private static func variable(in segments: [Substring], by pattern: [Substring]) -> String? {
    guard segments.count == pattern.count else { return nil }
    var variable: Substring = ""
    for (segment, wanted) in zip(segments, pattern) {
      if wanted.hasPrefix("{") { variable = segment } else if segment != wanted { return nil }
    }
    return variable.isEmpty ? nil : String(variable)
  }

  private func pick(_ method: String, of routes: [Route], variable: String) -> Found {
    let route = routes.first {
      $0.method.rawValue == method || $0.method == .get && method == "HEAD"
    }
    if let route { return .route(route, variable: variable) }
    let allowed = routes.flatMap { $0.method == .get ? ["GET", "HEAD"] : [$0.method.rawValue] }
    return .otherMethods(allowed.joined(separator: ", "))
  }
}
