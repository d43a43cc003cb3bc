import Support
import Testing

@testable import Counts

@Suite("What is gathered until a quiet approach is a witness")
struct ShareWatchTests {
  private func gathered(_ quarters: Int, beside: (counted: Double, usual: Double)) -> ShareWatch {
    var watch = ShareWatch()
    for _ in 0..<quarters {
      watch.add(60, usual: 40, deviation: 8, scale: 1.1, beside: beside)
    }
    return watch
  }

  @Test("tells nothing before ten vehicles were to be expected beside it, and then all of it")
  func enough() throws {
    #expect(gathered(3, beside: (2, 3)).expectation == nil)
    let watch = gathered(4, beside: (2, 3))
    let expectation = try #require(watch.expectation)
    // 160 usual; two thirds of it by the approach, a tenth more by the junction.
    #expect(abs(expectation.lowerBound - 160 * 2 / 3) < 1e-9)
    #expect(abs(expectation.upperBound - 176) < 1e-9)
    #expect(watch.counted == 240 && watch.usual == 160 && watch.variance == 4 * 64)
  }

  @Test("forgets what was gathered over more than two hours without becoming enough")
  func forgotten() {
    #expect(gathered(8, beside: (1, 1)).expectation == nil)
    #expect(gathered(9, beside: (1, 1)).counted == 60)
    #expect(gathered(50, beside: (1, 1.1)).expectation == nil)
  }

  @Test("tells nothing of a detector that itself has fewer than four")
  func few() {
    var watch = ShareWatch()
    watch.add(3, usual: 3, deviation: 1, scale: 1, beside: (50, 50))
    #expect(watch.expectation == nil)
  }
}
