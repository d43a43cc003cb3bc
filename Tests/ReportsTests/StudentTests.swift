import Reports
import Testing

@Suite("Confidence intervals of paired differences")
struct StudentTests {
  @Test(
    "Quantiles are those of the printed tables",
    arguments: [
      (0.975, 1.0, 12.7062), (0.975, 2, 4.30265), (0.975, 4, 2.77645), (0.975, 9, 2.26216),
      (0.975, 29, 2.04523), (0.975, 100, 1.98397), (0.95, 5, 2.01505), (0.995, 10, 3.16927),
    ])
  func quantiles(share: Double, freedom: Double, expected: Double) {
    #expect(abs(studentQuantile(share, freedom: freedom) - expected) < 1e-5 * expected)
  }

  @Test("The interval is mean ± t × s ÷ √n")
  func interval() throws {
    // Mean -2, standard deviation √2.5, four degrees of freedom.
    let difference = try #require(PairedDifference([-4, -3, -2, -1, 0]))
    #expect(difference.pairs == 5)
    #expect(abs(difference.mean + 2) < 1e-12)
    let half = try #require(difference.half)
    #expect(abs(half - 2.776445 * (2.5 / 5).squareRoot()) < 1e-5)
    #expect(difference.isCertain == true)
    #expect(PairedDifference([-4, -3, -2, -1, 2])?.isCertain == false)
  }

  @Test("One pair has no interval, and none no mean")
  func few() {
    #expect(PairedDifference([3])?.half == nil)
    #expect(PairedDifference([3])?.isCertain == nil)
    #expect(PairedDifference([3])?.mean == 3)
    #expect(PairedDifference([]) == nil)
    #expect(PairedDifference([2, 2])?.half == 0)
  }
}
