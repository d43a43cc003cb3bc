import Testing

@Suite("Nothing is said in one language alone")
struct WordsTests {
  @Test("No command prints English words that are no Phrase; benches speak to us alone")
  func commands() throws {
    // Calls that print, or head a table or a bar, with a literal of their own.
    let alone =
      #/(?:say|complain|Progress|TextTable\(header: \[?)\(?\s*"(?<words>(?:[^"\\]|\\.)*)"\s*[\)\+,]/#
    for (path, text) in try Tree.sources(of: "greensplit") where !path.contains("Bench") {
      for found in text.matches(of: alone) {
        let words = found.output.words.drop { $0 == " " }
        // A command's name, and bars whose second literal is the Chinese.
        let isName = words.hasPrefix("greensplit ")
        let isBoth = found.output.0.hasPrefix("Progress(") && found.output.0.hasSuffix(",")
        let isTable = found.output.0.hasPrefix("TextTable")
        let hasWords = words.contains(/[a-z]{2,} [a-z]{2,}/)
        #expect(isName || isBoth || !isTable && !hasWords, "\(path): \(words)")
      }
    }
  }
}
