import Phrases
import Reports
import Signals
import Simulation
import Testing

@Suite("The page of a report")
struct PageTests {
  @Test("The same results give the same bytes, in every language", arguments: Language.allCases)
  func deterministic(language: Language) throws {
    let page = try Results.report(Results.three).page(in: language)
    #expect(try Results.report(Results.three).page(in: language) == page)
    #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"\(language.rawValue)"))
  }

  @Test("Nothing runs and nothing is fetched, whatever a file holds")
  func selfContained() throws {
    let evil = #"<script>alert(1)</script>&\"'"#
    let files = Results.three.map { bytes in
      Results.with(#""name":"Sample J001""#, #""name":"\#(evil)""#, in: bytes)
    }
    for language in Language.allCases {
      let page = try Results.report(files).page(in: language)
      #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;"))
      for word in ["<script", "<link", "<img", "src=", "@import", "url(", "javascript:"] {
        #expect(!page.contains(word), "\(word)")
      }
      // Within the page alone.
      #expect(page.ranges(of: "href=").count == page.ranges(of: "href=\"#").count)
      #expect(page.contains("default-src 'none'") || page.contains("default-src &#39;none&#39;"))
    }
  }

  @Test("Each junction is linked to where it is told of")
  func links() throws {
    let page = try Results.report(Results.three).page(in: .english)
    #expect(page.ranges(of: "<a href=\"#junction-1\">J001</a>").count == 1)
    #expect(page.ranges(of: "<section id=\"junction-1\"><h2>Junction J001").count == 1)
  }

  @Test("The verdict comes first, with its confidence; one seed alone has none")
  func confidence() throws {
    let three = try Results.report(Results.three).page(in: .english)
    #expect(three.contains("n = 3 pairs of equal seeds"))
    #expect(three.contains("with 95\u{A0}% confidence"))
    let one = try Results.report([Results.three[0]]).page(in: .english)
    #expect(one.contains("n = 1: no confidence interval can be given"))
    #expect(!one.contains("with 95\u{A0}% confidence"))
    for page in [one, three] {
      let verdict = try #require(page.firstRange(of: "Least delay has"))
      let picture = try #require(page.firstRange(of: "<svg"))
      #expect(verdict.lowerBound < picture.lowerBound)
    }
  }

  @Test("Without a fixed plan no gain is claimed")
  func noFixedPlan() throws {
    let bytes = try Results.bytes(try Results.comparison(seed: 1, contenders: [.paced(.cycle)]))
    let page = try Results.report([bytes]).page(in: .english)
    #expect(page.contains("nothing can be said about gains"))
    #expect(!page.contains("instead of"))
  }

  @Test("What a plant does not tell is said in words, not drawn as zero")
  func plant() throws {
    let page = try Results.report([
      Results.plant("fixed plan", seed: 1, delay: 40),
      Results.plant("fixed plan", seed: 2, delay: 42),
      Results.plant("second, free", seed: 1, delay: 20),
      Results.plant("second, free", seed: 2, delay: 21),
    ]).page(in: .english)
    #expect(page.contains("20.5 s a vehicle instead of 41.0 s, 50.0\u{A0}% less"))
    #expect(page.contains("The results hold no distribution of delays"))
    #expect(page.contains("does not tell delay by approach"))
    #expect(page.contains("<td data-is=\"delay95/fixed plan\">–</td>"))
    #expect(page.contains("<td data-is=\"safety/second, free\">0</td>"))
  }

  @Test("A run may end as soon as all who were due have arrived")
  func isOver() throws {
    let slow = Results.plant("fixed plan", seed: 1, delay: 40)
    let quick = Results.with(
      #""completed": 99"#, #""completed": 100"#,
      in: Results.with(
        #""end": 3600"#, #""end": 3000"#,
        in: Results.plant("second, free", seed: 1, delay: 20)))
    #expect(try Results.report([slow, quick]).page(in: .english).contains("50.0\u{A0}% less"))
  }

  @Test("A plant's run that failed is told with its reason")
  func failed() throws {
    let broken = Results.plant(
      "second, free", seed: 1, delay: 20, more: #", "failure": "the plant's line 6 is missing""#)
    let page = try Results.report([broken]).page(in: .english)
    #expect(page.contains("ended before its time: the plant&#39;s line 6 is missing"))
  }
}
