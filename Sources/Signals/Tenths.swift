/// A duration in tenths of a second, the unit of the signal cabinet's registers.
///
/// Plans and limits are compared exactly, so they are whole numbers rather than `Double`.
public struct Tenths: Hashable, Comparable, Sendable, AdditiveArithmetic, Codable {
  /// The number of tenths of a second; may be negative in differences.
  public let count: Int

  /// A duration of `count` tenths of a second.
  public init(_ count: Int) { self.count = count }

  /// The nearest duration to `seconds`; halves round away from zero.
  public init(seconds: Double) { self.init(Int((seconds * 10).rounded())) }

  /// A duration of whole seconds.
  public static func seconds(_ seconds: Int) -> Tenths { Tenths(seconds * 10) }

  /// The duration in seconds.
  public var seconds: Double { Double(count) / 10 }

  /// No time at all.
  public static let zero = Tenths(0)

  /// The sum of two durations.
  public static func + (a: Tenths, b: Tenths) -> Tenths { Tenths(a.count + b.count) }

  /// The difference of two durations.
  public static func - (a: Tenths, b: Tenths) -> Tenths { Tenths(a.count - b.count) }

  /// Whether `a` is shorter than `b`.
  public static func < (a: Tenths, b: Tenths) -> Bool { a.count < b.count }

  /// One number of tenths, so that a plan reads as plain figures in records.
  public init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(Int.self))
  }

  /// One number of tenths.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(count)
  }
}

extension Tenths: CustomStringConvertible {
  /// For people: "12 s", "3.5 s".
  public var description: String {
    let whole = abs(count) / 10
    let tenth = abs(count) % 10
    return "\(count < 0 ? "-" : "")\(whole)\(tenth == 0 ? "" : ".\(tenth)") s"
  }
}
