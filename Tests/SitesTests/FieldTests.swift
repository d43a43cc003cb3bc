import Signals
import Testing

@testable import Sites

@Suite("A field says what is wrong with it, and what would be right")
struct FieldTests {
  private enum Colour: String, CaseIterable { case red, green, blue }

  /// What reading the value of the only key `k` says.
  private func read<Value>(_ value: String, _ convert: @escaping (Field) -> Value?) -> String {
    said("k: \(value)\n") { root in
      root.table([.required("k", "30 s")])?["k"].flatMap(convert)
    }
  }

  @Test(
    "A quantity is a decimal number, one space and its unit",
    arguments: [
      ("30 s", "30.0"), ("-0.5 s", "-0.5"), ("0 s", "0.0"),
      ("30", #""30" has no unit; write 30 s"#),
      ("30 m", #""30 m" has the wrong unit; it must be in s; write, say, 30 s"#),
      (
        "30s",
        #""30s" must be written with the unit s, after a number and one space; write, say, 30 s"#
      ),
      (
        "half a minute",
        #""half a minute" must be written with the unit s, after a number and one space; "#
          + "write, say, 30 s"
      ),
      (".inf s", #"".inf s" is not a finite decimal number; write, say, 30 s"#),
      ("nan s", #""nan s" is not a finite decimal number; write, say, 30 s"#),
      ("1e3 s", #""1e3 s" is not a finite decimal number; write, say, 30 s"#),
      ("101 s", "101 s is out of range; it must be -1 to 100 s"),
      ("", "has no value; write, say, 30 s"),
      ("[1]", "is a list, but a single value is needed; write, say, 30 s"),
      ("{a: 1}", "is a map, but a single value is needed; write, say, 30 s"),
    ])
  func quantity(value: String, expected: String) {
    let said = read(value) { $0.quantity(.second, in: -1...100) }
    #expect(said == expected || said == "f.yaml:1:\(value.isEmpty ? 3 : 4): error: k: \(expected)")
  }

  @Test("A duration is a whole number of tenths of a second")
  func duration() {
    func duration(_ value: String) -> String {
      read(value) { $0.duration(in: .zero ... .seconds(600)) }
    }
    for tenths in 0...6000 {
      let written = Tenths(tenths).description
      #expect(duration(written) == written)
    }
    #expect(
      duration("3.25 s")
        == "f.yaml:1:4: error: k: \"3.25 s\" is not a whole number of tenths of a second; "
        + "write, say, 3.3 s")
  }

  @Test("Whole numbers are digits, within their range")
  func integer() {
    func integer(_ value: String) -> String { read(value) { $0.integer(in: 1...16) } }
    #expect(integer("16") == "16")
    for wrong in ["1.0", "+7", "0x10", "seven", "--1", "99999999999999999999"] {
      #expect(
        integer(wrong)
          == "f.yaml:1:4: error: k: \"\(wrong)\" is not a whole number; write, say, 30 s")
    }
    #expect(integer("17") == "f.yaml:1:4: error: k: 17 is out of range; it must be 1 to 16")
  }

  @Test("A choice is one of the words there are")
  func choice() {
    #expect(read("green") { $0.choice(of: Colour.self) } == "green")
    #expect(
      read("Green") { $0.choice(of: Colour.self) }
        == #"f.yaml:1:4: error: k: "Green" is not among the choices; write red, green or blue"#)
  }

  @Test("A reference finds its entry, or the name that was meant, or all names")
  func reference() {
    let names = Names(of: .signalGroup, ["N.T", "S.T", "N.L"])
    #expect(read("N.L") { $0.reference(to: names) } == "2")
    #expect(
      read("n.l") { $0.reference(to: names) }
        == #"f.yaml:1:4: error: k: there is no signal group "n.l"; did you mean "N.L"?"#)
    #expect(
      read("west") { $0.reference(to: names) }
        == #"f.yaml:1:4: error: k: there is no signal group "west"; "#
        + "the signal groups are N.T, S.T, N.L")
    // The name that cannot be read may be the one that is meant, and has its own error.
    let unread = Names(of: .signalGroup, ["N.T", nil])
    #expect(read("west") { $0.reference(to: unread).map(String.init) ?? "silent" } == "silent")
    #expect(
      read("west") { $0.reference(to: Names(of: .stage, [])) }
        == #"f.yaml:1:4: error: k: there is no stage "west"; there are no stages here"#)
  }

  @Test("Names are short and printable")
  func name() {
    #expect(read("沿南北 1") { $0.name() } == "沿南北 1")
    for wrong in ["\"a\\nb\"", "' a'", String(repeating: "x", count: 65)] {
      #expect(read(wrong) { $0.name() }.contains("is not a name; use 1 to 64 characters"))
    }
  }

  @Test("A list has as many entries as it may, and each is called by its name or its number")
  func list() {
    #expect(read("[a, b]") { $0.list(count: 2...2)?.count } == "2")
    #expect(
      read("[a]") { $0.list(count: 2...3) }
        == "f.yaml:1:4: error: k: has 1 entry, but 2 to 3 are needed")
    #expect(
      read("5") { $0.list() }
        == "f.yaml:1:4: error: k: is a single value, but a list is needed; write, say, 30 s")
    let keys = read("[{name: A}, {id: B}, c]") { $0.list()?.map(\.key).joined(separator: " ") }
    #expect(keys == "k[A] k[B] k[#3]")
  }

  @Test("A map has the keys it must have and none that nobody knows, all said at once")
  func table() {
    let keys: [Key] = [
      .required("min_green", "10 s"), .required("max_green", "60 s"), .optional("recall", "yes"),
    ]
    #expect(
      said("min_gren: 4 s\ncolour: red\n") { $0.table(keys)?.field.key }
        == """
        f.yaml:1:1: error: min_gren: is not a key here; did you mean "min_green"?
        f.yaml:1:1: error: min_green: is missing; write, say, min_green: 10 s
        f.yaml:1:1: error: max_green: is missing; write, say, max_green: 60 s
        f.yaml:2:1: error: colour: is not a key here; the keys are min_green, max_green, recall
        """)
    #expect(
      said("[1]") { $0.table(keys)?.field.key }
        == "f.yaml:1:1: error: file: is a list, but a map is needed; write \"key: value\" lines")
  }

  @Test("The pairs of a free map come in the order of the file")
  func entries() {
    let read = said("b: 1\na: 2\n") { root in
      root.entries()?.map { "\($0.name.text() ?? "")=\($0.value.text() ?? "")" }
    }
    #expect(read == #"["b=1", "a=2"]"#)
  }
}
