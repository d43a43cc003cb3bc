import Support
import Phrases
import Signals
import Testing

@testable import Sites

@Suite("A YAML file becomes a tree, or errors that say where")
struct YAMLTests {
  private func tree(_ text: String) -> String { said(text) { $0.node.summary } }

  @Test("Text, lists and maps keep their order and their places")
  func places() throws {
    let root = try YAMLFile.read(Array("a: 1\nb:\n  - x\n  - {c: 'y z'}\n".utf8), named: "f") {
      $0.node
    }.get()
    #expect(root.summary == "{a: 1, b: [x, {c: y z}]}")
    guard case .map(let pairs) = root.content, case .list(let items) = pairs[1].value.content
    else {
      Issue.record("a map with a list")
      return
    }
    #expect(pairs[1].mark == Mark(line: 2, column: 1))
    #expect(items[1].mark == Mark(line: 4, column: 5))
  }

  @Test(
    "A value that is not there stands at the end of the last line, not on one that the file lacks",
    arguments: [
      ("---", Mark(line: 1, column: 4)), ("# 口\n---", Mark(line: 2, column: 4)),
      ("---\n", Mark(line: 2, column: 1)), ("a: 1", Mark(line: 1, column: 1)),
      ("- 1", Mark(line: 1, column: 1)),
    ])
  func ends(text: String, mark: Mark) throws {
    #expect(try YAMLFile.read(Array(text.utf8), named: "f") { $0.node.mark }.get() == mark)
  }

  @Test("No word is anything but text: a stage may be called NO, 1 or null")
  func noTypes() { #expect(tree("[NO, 1, null, ~, 'true']") == "[NO, 1, null, ~, true]") }

  @Test(
    "What configuration may not contain is refused where it stands",
    arguments: [
      ("", #"f.yaml:1:1: error: file: is empty; a map of keys such as "version: 1" is needed"#),
      (
        "a: &x 1\nb: *x\n",
        """
        f.yaml:1:4: error: anchor: anchors are not allowed; leave the & and its name out
        f.yaml:2:4: error: alias: aliases are not allowed; write the value out
        """
      ),
      (
        "a: !!str 1\n",
        "f.yaml:1:4: error: tag: tags are not allowed; leave the ! and its name out"
      ),
      ("a: 1\nb: 2\na: 3\n", "f.yaml:3:1: error: a: stands twice, first in line 1; keep one"),
      (
        "a:\n  - x: 1\n    x: 2\n",
        "f.yaml:3:5: error: a[#1].x: stands twice, first in line 2; keep one"
      ),
      (
        "{[a]: 1}", #"f.yaml:1:2: error: map: a key must be a name; write "name: value""#
      ),
      (
        "a: 1\n---\nb: 2\n",
        "f.yaml:2:1: error: file: a second document begins; give each document a file of its own"
      ),
      (
        "a: [1, 2\nb: 3\n",
        "f.yaml:2:2: error: yaml: did not find expected ',' or ']' while parsing a flow sequence; "
          + "check indentation (spaces only), quotes and brackets"
      ),
      (
        "a:\n\t- 1\n",
        "f.yaml:2:1: error: yaml: found character that cannot start any token while scanning for "
          + "the next token; check indentation (spaces only), quotes and brackets"
      ),
      (
        // At the end of the last line, not on one that the file does not have.
        "a: 1\nb",
        "f.yaml:2:2: error: yaml: could not find expected ':' while scanning a simple key; check "
          + "indentation (spaces only), quotes and brackets"
      ),
      (
        String(repeating: "[", count: 17),
        "f.yaml:1:17: error: yaml: nested deeper than 16 levels; nothing needs that"
      ),
    ])
  func refused(text: String, error: String) { #expect(tree(text) == error) }

  @Test("Bytes that are no UTF-8 text are refused with their line and column")
  func encoding() {
    let place = "f.yaml:2:5: error: yaml: "
    // libyaml points at the octet that should have continued the character.
    let behind = "f.yaml:2:6: error: yaml: "
    let right = "; the file must be UTF-8 text without control characters"
    let latin = Array("a: 路口\nb: 1".utf8) + [0xE9, 0x20, 0x20]
    #expect(said(latin, { $0.node.summary }) == behind + "invalid trailing UTF-8 octet" + right)
    #expect(tree("a: 路口\nb: 1\u{1}") == place + "control characters are not allowed" + right)
  }

  @Test("A file that cannot be read says why, at its first line")
  func unreadable() {
    func error(_ path: String) -> String {
      guard case .failure(let errors) = YAMLFile.read(path, { $0.node }) else { return "" }
      return errors.description
    }
    #expect(
      error("/nowhere/a.yaml")
        == "/nowhere/a.yaml:1:1: error: file: cannot be read: No such file or directory; "
        + "check the path and its permissions")
    #expect(
      error("/tmp")
        == "/tmp:1:1: error: file: cannot be read: Is a directory; "
        + "check the path and its permissions")
    #expect(
      error("/dev/zero")
        == "/dev/zero:1:1: error: file: is larger than 1 MiB; a file describes one junction or "
        + "scenario")
  }

  @Test("Any bytes at all end in a tree or in errors", arguments: 0..<20)
  func anyBytes(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    // Half of the bytes are ones that mean something to YAML, so that deep paths are taken too.
    let meaningful = Array("{}[]:,-?&*!|>'\"#%@ \n\tab1".utf8)
    for _ in 0..<200 {
      let bytes = (0..<Int.random(in: 0..<60, using: &random)).map { _ in
        Bool.random(using: &random)
          ? meaningful[Int.random(in: 0..<meaningful.count, using: &random)]
          : UInt8.random(in: 0...255, using: &random)
      }
      switch YAMLFile.read(bytes, named: "f", { $0.node }) {
      case .success(let node): #expect(node.mark >= .start)
      case .failure(let errors):
        #expect(errors.errors.allSatisfy { $0.mark >= .start })
        for error in errors.errors { #expect(flaw(of: error.problem) == nil) }
      }
    }
  }
}

extension YAMLNode {
  /// The tree as flow YAML without quotes.
  var summary: String {
    switch content {
    case .scalar(let text): text
    case .list(let items): "[" + items.map(\.summary).joined(separator: ", ") + "]"
    case .map(let pairs):
      "{" + pairs.map { "\($0.key): \($0.value.summary)" }.joined(separator: ", ") + "}"
    case .refused: "refused"
    }
  }
}
