/// Why something could not be measured.
public enum Missing: String, Sendable, Codable, CaseIterable {
  /// Too little of the hour was recorded.
  case notRecorded = "for less than half an hour of it the cabinet was read"
  /// No camera counted.
  case notCounted = "no camera counted for half an hour of it"
  /// Nobody came.
  case nobodyCame = "nobody came"
  /// No camera told how many stand.
  case noQueue = "the queue was not known for half an hour of it"
  /// Cameras without a view upstream of the stop line.
  case noView = "its cameras see the stop line alone, and nobody before he crosses it"
  /// No signal.
  case noSignal = "no signal holds it"
  /// It never became green, or never ended.
  case noGreen = "no whole green of it was recorded"
}

/// One measure of a day, by the local hour.
public struct Figure: Sendable, Equatable, Codable {
  /// Hours of a day.
  public static let hours = 24

  /// Of the whole day; `nil` if it could not be measured.
  public let day: Double?

  /// Of each hour; `nil` if it could not be measured then.
  public let hours: [Double?]

  /// Why values are missing; `nil` if none is.
  public let missing: Missing?

  private enum CodingKeys: String, CodingKey { case day, hours, missing }

  /// Values of the day and its hours.
  init(day: Double?, hours: [Double?], missing: Missing?) {
    self.day = day.map(rounded)
    self.hours = hours.map { $0.map(rounded) }
    self.missing = missing
  }

  /// Nothing could be measured.
  init(_ missing: Missing) {
    self.init(day: nil, hours: Array(repeating: nil, count: Self.hours), missing: missing)
  }

  /// What is missing is written as `null` beside its reason, never left out.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(day, forKey: .day)
    try fields.encode(hours, forKey: .hours)
    try fields.encode(missing, forKey: .missing)
  }
}

/// Three places: finer than anything here is known.
private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

/// Sums of one hour or more, of which a measure is the quotient.
struct Ratio: Sendable, Equatable {
  var above = 0.0
  var below = 0.0

  static func + (a: Ratio, b: Ratio) -> Ratio {
    Ratio(above: a.above + b.above, below: a.below + b.below)
  }

  /// `above` ÷ `below`; `nil` of less than `least`.
  func value(least: Double) -> Double? { below >= least && below > 0 ? above / below : nil }
}

extension Missing: Error {}

/// What is known of each hour, or why it is not.
typealias Hourly<Value> = [Result<Value, Missing>]

extension [Result<Ratio, Missing>] {
  /// Quotients of the hours and, of all that are known, the day's.
  ///
  /// - Parameters:
  ///   - least: What the denominator must reach.
  ///   - empty: Why there is none where it does not.
  /// - Returns: The day and its hours.
  func figure(least: Double, empty: Missing) -> Figure {
    let values = map { hour in
      hour.flatMap { ratio in
        ratio.value(least: least).map(Result<Double, Missing>.success) ?? .failure(empty)
      }
    }
    let all = compactMap { try? $0.get() }.reduce(Ratio(), +)
    return Figure(
      day: all.value(least: least), hours: values.map { try? $0.get() }, missing: values.reason)
  }
}

extension [Result<Double, Missing>] {
  /// The hours and their sum.
  var sums: Figure {
    let known = compactMap { try? $0.get() }
    return Figure(
      day: known.isEmpty ? nil : known.reduce(0, +), hours: map { try? $0.get() }, missing: reason)
  }
}

extension [Result<Double, Missing>] {
  /// Why hours are missing: what tells more than that nothing was recorded, if there is such a reason.
  fileprivate var reason: Missing? {
    var found: Missing?
    for case .failure(let missing) in self where found == nil || found == .notRecorded {
      found = missing
    }
    return found
  }
}
