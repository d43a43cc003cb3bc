import Testing

/// Something that a test waited for did not come.
struct NeverCame: Error, CustomStringConvertible {
  let description: String
}

/// Looks every 20 ms for a value, for so many seconds at most.
@discardableResult
func eventually<Value>(
  within seconds: Double, _ what: String, details: () -> String = { "" },
  isolation: isolated (any Actor)? = #isolation, look: () throws -> Value?
) async throws -> Value {
  let clock = ContinuousClock()
  let end = clock.now + .seconds(seconds)
  while true {
    if let value = try look() { return value }
    guard clock.now < end else {
      throw NeverCame(description: "waited \(seconds) s for \(what)\n\(details())")
    }
    try await Task.sleep(for: .milliseconds(20))
  }
}
