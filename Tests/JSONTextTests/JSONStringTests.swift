import FoundationEssentials
import JSONText
import Signals
import Testing

@Suite("A text as a JSON string")
struct JSONStringTests {
  @Test("is what stands in it, with what must be escaped escaped")
  func examples() {
    #expect(jsonString("") == "\"\"")
    #expect(jsonString("人民路 - J001/2") == "\"人民路 - J001/2\"")
    #expect(jsonString("a\"b\\c") == #""a\"b\\c""#)
    #expect(jsonString("\u{0}\n\u{1F}\u{7F}") == #""\u0000\u000a\u001f\u007f""#)
    // One letter to Swift, a quote and an accent to a parser.
    #expect(jsonString("\"\u{301}") == "\"\\\"\u{301}\"")
  }

  @Test("reads back as the same text, whatever it holds, and stays one line")
  func roundTrip() throws {
    var random = SeededGenerator(seed: 5)
    let scalars: [Unicode.Scalar] =
      (0...0xFF).map { Unicode.Scalar(UInt8($0)) } + ["\u{301}", "\u{2028}", "\u{FEFF}", "路", "🚦"]
    for _ in 0..<500 {
      var text = ""
      for _ in 0..<Int.random(in: 0...40, using: &random) {
        text.unicodeScalars.append(scalars.randomElement(using: &random) ?? " ")
      }
      let json = jsonString(text)
      let read = try JSONDecoder().decode(String.self, from: Data(json.utf8))
      #expect(read.unicodeScalars.elementsEqual(text.unicodeScalars), "\(json)")
      #expect(json.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
    }
  }
}
