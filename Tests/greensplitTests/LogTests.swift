import Signals
import Support
import Testing

@testable import greensplit

@Suite("A value in the log")
struct LogTests {
  /// Scalars that mean something to log readers, terminals or text editors, and plain ones.
  private static let scalars: [Unicode.Scalar] =
    Array("ab =\"\\n\r\t<>[]{}u路é".unicodeScalars)
    + [
      0, 7, 0x1B, 0x7F, 0x85, 0x9B, 0x300, 0x301, 0x600, 0x200D, 0x202E, 0x2028, 0x2029, 0xFEFF,
      0xE000, 0x1F6A6, 0xFE0F, 0x1F1E8, 0xE0001,
    ].compactMap(Unicode.Scalar.init(_:))

  private func text(_ length: Int, _ random: inout SeededGenerator) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<length {
      text.append(Self.scalars[Int.random(in: 0..<Self.scalars.count, using: &random)])
    }
    return String(text)
  }

  @Test("comes out as it went in, whatever it is, and cannot end its line or hide in it")
  func roundTrip() throws {
    var random = SeededGenerator(seed: 6)
    for _ in 0..<3000 {
      let one = text(Int.random(in: 0...12, using: &random), &random)
      let other = text(Int.random(in: 0...3, using: &random), &random)
      let line = "<5>level=notice one=\(Log.quoted(one)) other=\(Log.quoted(other)) event=said"
      #expect(!line.contains { $0.isNewline })
      #expect(
        line.unicodeScalars.allSatisfy {
          ![.control, .format, .lineSeparator, .paragraphSeparator].contains(
            $0.properties.generalCategory)
        })
      let entry = try LogEntry(line)
      #expect(entry.fields.map(\.key) == ["level", "one", "other", "event"])
      // By scalars: Swift's own comparison takes composed characters for the same.
      #expect(Array((entry["one"] ?? "?").unicodeScalars) == Array(one.unicodeScalars))
      #expect(Array((entry["other"] ?? "?").unicodeScalars) == Array(other.unicodeScalars))
      // The demonstration's own reader agrees with that of the test.
      #expect(LogLine(line)["one"].map { Array($0.unicodeScalars) } == Array(one.unicodeScalars))
      #expect(LogLine(line)["event"] == "said")
    }
  }

  @Test("is left as it is where it is a plain word, and quoted where it is not")
  func plain() {
    #expect(Log.quoted("J001.N.T") == "J001.N.T")
    #expect(Log.quoted("127.0.0.1:1502") == "127.0.0.1:1502")
    #expect(Log.quoted("") == #""""#)
    #expect(Log.quoted("two words") == #""two words""#)
    #expect(Log.quoted("a=b") == #""a=b""#)
    #expect(Log.quoted(#"C:\x"#) == #""C:\\x""#)
    #expect(Log.quoted("人民路") == #""人民路""#)
    #expect(Log.quoted("a\nb\u{1B}\u{2028}") == #""a\nb\u{1b}\u{2028}""#)
  }

  @Test("that is a time is of UTC, to the millisecond")
  func time() {
    #expect(Log.timestamp(UTC(milliseconds: 1_795_478_400_007)) == "2026-11-24T00:00:00.007Z")
    #expect(Log.timestamp(UTC(milliseconds: 951_782_399_999)) == "2000-02-28T23:59:59.999Z")
    #expect(Log.timestamp(UTC(milliseconds: -1)) == "1970-01-01T00:00:00.000Z")
  }
}
