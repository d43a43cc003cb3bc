import Signals
import Support

@testable import Control

extension Meeting {
  /// What a plan meets at `junction` whose first stage has been green for `green` seconds.
  static func sample(at junction: Intersection, green: Int = 12) -> Meeting? {
    let report = CabinetReport.sample(timeInState: .seconds(green), of: junction)
    let image = ProcessImage(
      at: Sample.moment(0), records: [], report: report, junction: junction)
    return Meeting(image, waits: junction.signalGroups.map { _ in .zero }, lastOrder: nil)
  }
}
