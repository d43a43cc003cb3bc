/// A point of the monotonic scale: milliseconds since an arbitrary start that never jumps.
///
/// Intervals (leases, greens, deadlines) are measured on it.
public struct Instant: Hashable, Comparable, Sendable, Codable {
  /// Milliseconds since the scale's start.
  public let milliseconds: Int64

  /// The instant `milliseconds` after the scale's start.
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Whether `a` lies before `b`.
  public static func < (a: Instant, b: Instant) -> Bool { a.milliseconds < b.milliseconds }

  /// The instant `seconds` later; rounded to the millisecond.
  public func advanced(bySeconds seconds: Double) -> Instant {
    Instant(milliseconds: milliseconds + Int64((seconds * 1000).rounded()))
  }

  /// Seconds from `earlier` to this instant; negative if it lies after.
  public func seconds(since earlier: Instant) -> Double {
    Double(milliseconds - earlier.milliseconds) / 1000
  }
}

/// A point of coordinated universal time: milliseconds since 1970-01-01T00:00:00Z.
///
/// Offsets, day plans and records use it; it may be stepped, so no interval is measured on it.
public struct UTC: Hashable, Comparable, Sendable, Codable {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let milliseconds: Int64

  /// The time `milliseconds` after 1970-01-01T00:00:00Z.
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// The time `seconds` after 1970-01-01T00:00:00Z, rounded to the millisecond.
  public init(seconds: Double) { self.init(milliseconds: Int64((seconds * 1000).rounded())) }

  /// Seconds since 1970-01-01T00:00:00Z.
  public var seconds: Double { Double(milliseconds) / 1000 }

  /// Whether `a` lies before `b`.
  public static func < (a: UTC, b: UTC) -> Bool { a.milliseconds < b.milliseconds }

  /// The time `seconds` later.
  public func advanced(bySeconds seconds: Double) -> UTC {
    UTC(milliseconds: milliseconds + Int64((seconds * 1000).rounded()))
  }

  /// Seconds from `earlier` to this time; negative if it lies after.
  public func seconds(since earlier: UTC) -> Double {
    Double(milliseconds - earlier.milliseconds) / 1000
  }
}

/// The same point on both scales, as one tick freezes it.
public struct Moment: Hashable, Sendable, Codable {
  /// For intervals.
  public let monotonic: Instant

  /// For offsets, day plans and records.
  public let utc: UTC

  /// The point at which the two scales read `monotonic` and `utc`.
  public init(monotonic: Instant, utc: UTC) {
    self.monotonic = monotonic
    self.utc = utc
  }

  /// The moment `seconds` later, neither clock being stepped in between.
  public func advanced(bySeconds seconds: Double) -> Moment {
    Moment(
      monotonic: monotonic.advanced(bySeconds: seconds), utc: utc.advanced(bySeconds: seconds))
  }
}
