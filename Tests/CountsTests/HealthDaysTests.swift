import Signals
import Testing

@testable import Counts

@Suite("Detectors over a month of ordinary and odd days")
struct HealthDaysTests {
  /// Thirty days from a Monday: a holiday, a snow storm, a closed road, road works and a crowd among them.
  private static let month: Days = {
    var days = Days(seed: 20_261_123)
    for day in 0..<30 {
      switch day {
      case 9: days.live(.holiday)
      case 15: days.live(.storm)
      case 18: days.live(.closure)
      case 22: days.live(.works)
      case 23: days.live(.crowd)
      default: days.live(.ordinary)
      }
    }
    return days
  }()

  @Test("No healthy detector is called faulty in 30 days; suspicions stay below 1 % of the time")
  func falseAlarms() {
    #expect(Self.month.faultMinutes == 0, "\(Self.month.faults.prefix(5))")
    let all = 30 * 1440 * 8
    print(
      "suspect minutes", Self.month.suspectMinutes, "of", all, Self.month.faultMinutes,
      Self.month.faults.prefix(5))
    #expect(Double(Self.month.suspectMinutes) < 0.01 * Double(all))
  }

  /// What is done to a through lane group (0) or a left turn (1) at an hour of day 31, and within what
  /// time, s, it is suspect or at fault.
  static let cases: [(Days.Trouble, detector: Int, hour: Double, HealthGrade, within: Double)] = [
    (.silent, 0, 8, .suspect, 180), (.silent, 0, 8, .fault, 360), (.silent, 1, 3, .fault, 360),
    (.admits, 0, 8, .fault, 60), (.frozen, 0, 8, .fault, 960), (.stuck, 0, 8, .fault, 900),
    (.stuck, 1, 3, .fault, 900), (.blind, 0, 8, .fault, 960), (.blind, 1, 8, .fault, 1200),
    (.blind, 0, 1, .fault, 6 * 3600), (.chatters, 0, 8, .fault, 120),
    (.adds(1), 0, 8, .suspect, 3600), (.adds(0.5), 0, 8, .suspect, 4 * 3600),
    (.adds(0.3), 0, 8, .suspect, 12 * 3600), (.misses(0.5), 0, 7, .suspect, 2 * 3600),
    (.misses(0.5), 1, 7, .suspect, 4 * 3600), (.misses(0.5), 0, 1, .suspect, 7 * 3600),
    (.adds(1), 0, 11, .suspect, 3600), (.misses(0.3), 0, 8, .suspect, 6 * 3600),
  ]

  @Test("Each fault is found in its time, by day and by night", arguments: cases)
  func detection(
    _ trouble: Days.Trouble, detector: Int, hour: Double, grade: HealthGrade, within: Double
  ) throws {
    var days = Self.month
    days.live(until: hour)
    let found = days.detect(trouble, of: detector, as: grade, within: 86_400)
    let time = try #require(found?.after)
    #expect(time <= within)
  }

  @Test("A clock that is behind is corrected within two minutes, and nothing else is suspected")
  func behind() {
    var days = Self.month
    days.live(until: 8)
    #expect(days.detect(.behind(60), of: 0, as: .suspect, within: 3600) == nil)
    #expect(abs(days.monitor.clockCorrection(of: 0) - 60) < 1)
    #expect(days.monitor.clockCorrection(of: 1) == 0)
  }

  @Test("What is usual is known after a month, to a tenth in the peak, and no odd day has moved it")
  func usual() throws {
    let tuesday = Days.begin.advanced(bySeconds: (31 * 24 + 8) * 3600)
    let through = try #require(Self.month.monitor.usualFlow(of: 0, at: tuesday))
    // 700 pcu/h × (0.19 + 0.8 in the peak + what the evening adds).
    #expect(abs(through - 693) < 70, "\(through)")
    let night = try #require(
      Self.month.monitor.usualFlow(of: 0, at: tuesday.advanced(bySeconds: -5 * 3600)))
    #expect(night < 60, "\(night)")
    // Who takes over knows as much.
    var successor = HealthMonitor(for: Self.month.junction)
    #expect(!successor.knowsUsual && successor.usualFlow(of: 0, at: tuesday) == nil)
    successor.adoptUsual(of: Self.month.monitor)
    #expect(successor.knowsUsual && successor.usualFlow(of: 0, at: tuesday) == through)
  }
}
