import Signals
import Support

@testable import Control

extension Meeting {
  /// What a plan meets at `junction` whose `stage` has been green for `green` seconds, its signal groups
  /// having waited for `waits`, or not at all.
  static func sample(
    at junction: Intersection, stage: Int = 0, green: Int = 12, waits: [Tenths]? = nil
  ) -> Meeting? {
    let report = CabinetReport.sample(
      stage: stage, timeInState: .seconds(green), of: junction)
    let image = ProcessImage(
      at: Sample.moment(0), records: [], report: report, junction: junction)
    return Meeting(
      image, waits: waits ?? junction.signalGroups.map { _ in .zero }, lastOrder: nil)
  }
}
