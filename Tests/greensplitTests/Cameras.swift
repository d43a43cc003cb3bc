import Counts
import Signals
import Sites
import Support

@testable import greensplit

/// Cameras of a test's own, in whose view there is always somebody.
final class Cameras {
  private let street: Street
  private let detectors: [String]
  private var before: UTC
  /// Cameras that tell the same again and again are taken to be frozen.
  private var random = SeededGenerator(seed: 1)

  /// Those of a junction, whose records come to the street's file `counts`.
  init(of junction: String, in street: Street) throws {
    self.street = street
    detectors = try readSite(street.path("\(junction).yaml")).get().detectors.map(\.id)
    before = street.clock.now().utc
  }

  /// Tells what was seen since the last time.
  func see() {
    let now = street.clock.now().utc
    guard now.seconds(since: before) >= 1 else { return }
    let lines = detectors.map { detector in
      CountRecord(
        detector: detector, start: before, end: now,
        count: VehicleCount(total: Double(Int(3 * random.unit()))),
        inView: Double(1 + Int(4 * random.unit())), queue: 1
      ).line + "\n"
    }
    street.folder.write(lines.joined(), to: "counts")
    before = now
  }
}
