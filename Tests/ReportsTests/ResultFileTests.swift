import Phrases
import Reports
import Simulation
import Testing

@Suite("Result files that cannot go into a report")
struct ResultFileTests {
  private func error(of contents: [[UInt8]]) -> String {
    do {
      _ = try Results.report(contents)
      return "none"
    } catch {
      return error.description
    }
  }

  @Test("Half a file, and what is no JSON, are told by name", arguments: [0.1, 0.5, 0.99])
  func half(share: Double) {
    let whole = Results.three[0]
    let half = Array(whole.prefix(Int(Double(whole.count) * share)))
    let told = error(of: [whole, half])
    #expect(told.hasPrefix("2.json: is not JSON after "), "\(told)")
    #expect(told.hasSuffix("if it is half written, run greensplit simulate --json again"))
    #expect(error(of: [[]]).hasPrefix("1.json: is not JSON"))
  }

  @Test("A field that is there twice is no matter of luck, and a list is no result")
  func twice() {
    let twice = Results.with(#""seed":1"#, #""seed":1,"seed":2"#, in: Results.three[0])
    #expect(error(of: [twice]).contains("duplicate object key near"))
    #expect(error(of: [Array("[]".utf8)]) == "1.json: is not an object")
  }

  @Test("A file without a format, or of another, says what would be right")
  func format() {
    #expect(error(of: [Array(#"{"seed": 1}"#.utf8)]).hasPrefix("1.json: format: is missing"))
    let other = Results.with(Comparison.format, "greensplit-simulate-0", in: Results.three[0])
    #expect(
      error(of: [other]).hasPrefix(
        "1.json: format: is \"greensplit-simulate-0\"; this version reads greensplit-simulate-1"))
  }

  @Test(
    "A field that is missing, of another type or out of range is told by its place",
    arguments: [
      (
        #""turns":["through"]"#, #""turns":"through""#,
        "junctions[0].laneGroups[0].turns: is not a list"
      ),
      (#""scenario":"test""#, #""name":"test""#, "scenario: is missing"),
      (#""seed":1"#, #""seed":"one""#, "seed: is not a whole number"),
      (#""plans":0"#, #""plans":null"#, "runs[0].plans: is not a whole number"),
      (#""length":600"#, #""length":100"#, "length: must be longer than warmUp"),
      (#""begin":25200"#, #""begin":1e300"#, "begin: must be 0 to 1e10 s"),
      (#""contender":"cycle""#, #""contender":"fixed plan""#, "runs[1].contender: "),
      (#""approach":"N""#, #""approach":"X""#, "junctions[0].laneGroups: N.T names the approach X"),
      (#""stage":[0,"#, #""stage":[16,"#, "runs[0].courses[0].stages.stage: names a stage"),
      (#""stage":[0,"#, #""stage":["#, "runs[0].courses[0].stages: stage, start and green"),
      (#""delay":["#, #""delay":[0,"#, "runs[0].courses[0].laneGroups[0]: delay, departures"),
    ])
  func places(old: String, new: String, expected: String) {
    let changed = Results.with(old, new, in: Results.three[0])
    #expect(!changed.isEmpty, "\(old) is in the file")
    #expect(error(of: [changed]).hasPrefix("1.json: \(expected)"), "\(error(of: [changed]))")
  }

  @Test("Results of different scenarios or kinds do not mix, nor the same seed twice")
  func mixing() throws {
    let one = Results.three[0]
    let other = try Results.bytes(try Results.comparison(seed: 2, named: "other"))
    #expect(
      error(of: [one, other])
        == "2.json: scenario: is \"other\", but \"test\" in 1.json; one report takes results of one "
        + "scenario")
    #expect(
      error(of: [one, one])
        == "2.json: seed: a run of \"fixed plan\" with seed 1 is there already")
    let plant = Results.plant("second, free", seed: 1, delay: 10)
    #expect(error(of: [one, plant]).hasPrefix("2.json: format: differs from 1.json"))
    let later = Results.with(#""begin": 0"#, #""begin": 60"#, in: plant)
    #expect(error(of: [plant, later]).hasPrefix("2.json: begin: differs from 1.json"))
    let sooner = Results.with(#""end": 3600"#, #""end": 3000"#, in: plant)
    #expect(error(of: [sooner, plant]).hasPrefix("1.json: end: is before that of the other"))
  }

  @Test("Numbers beyond all measure make no page trap")
  func hostile() throws {
    for (old, new) in [
      (#""completed":"#, #""completed":9000000000000000000,"x":"#),
      (#""width":5"#, #""width":1e300"#), (#""longestRed":"#, #""longestRed":1e308,"x":"#),
      (#""start":[0,"#, #""start":[-1e308,"#), (#""green":["#, #""green":[1e308,"x"#),
      (#""arrivals":["#, #""arrivals":[9000000000000000000,"#),
      (#""capacity":"#, #""capacity":1e-308,"x":"#),
      (#""delay":["#, #""delay":[1e308,"x"#),
    ] {
      let changed = Results.with(old, new, in: Results.three[0])
      #expect(!changed.isEmpty, "\(old) is in the file")
      guard let report = try? Results.report([changed]) else { continue }
      for language in Language.allCases {
        #expect(report.page(in: language).hasSuffix("</html>\n"), "\(new)")
      }
    }
    let plant = Results.plant("second, free", seed: 1, delay: 1e308)
    let page = try Results.report([plant, Results.plant("fixed plan", seed: 1, delay: -1e308)])
    #expect(page.page(in: .english).hasSuffix("</html>\n"))
  }
}
