import Glibc
import Support
import Testing

extension EndToEnd {
  @Suite("greensplit demo")
  struct DemoTests {
    let street: Street

    init() throws { street = try Street() }

    @Test(
      "cuts the cabinet off, gets it back, tells the plans and why, and ends without a fault")
    func demonstration() async throws {
      let text = try Street.shipped("simulations/rush-hour.yaml")
        .replacing("../intersections", with: "\(Peers.root)/intersections")
        .replacing("length: 4200 s", with: "length: 1500 s")
        .replacing("warm_up: 600 s", with: "warm_up: 120 s")
      street.folder.write(text, to: "short.yaml")
      let demo = try Program([
        "demo", "--scenario", street.path("short.yaml"), "--history", street.path("demo.db"),
      ])
      #expect(try await demo.end(within: 120) == 0, "\(demo.errors)")
      let output = demo.output
      let story = [
        "control went from timeOfDay to central", "the network is cut off for", "link lost: ",
        "lease over, the cabinet runs its own plan", "link is back after",
        "control went from timeOfDay to central", "Plans that were written: ", "What it saved.",
        "less delay than the fixed plan",
      ]
      var rest = output[...]
      for words in story {
        let found = try #require(rest.firstRange(of: words), "\(words) in\n\(output)")
        rest = rest[found.upperBound...]
      }
      // One link is cut once; that the programs end is no fault.
      #expect(output.ranges(of: "link lost: ").count == 1, "\(output)")
      #expect(demo.errors == "")
      #expect(access(street.path("demo.db.score.json"), F_OK) != 0)
    }
  }
}
