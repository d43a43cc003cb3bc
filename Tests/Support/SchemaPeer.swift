public import Signals

/// What the jsonschema library says of texts by the committed schema of their kind: `site`, `profile` or
/// `daemon`.
public func schemaVerdicts(
  _ texts: [String], as kind: String
) throws -> [(isTaken: Bool, words: String)] {
  let folder = try TemporaryFolder()
  for (position, text) in texts.enumerated() {
    folder.write(text, to: "\(10_000 + position).yaml")
  }
  let said = try Command.run(
    Peers.python(),
    [
      "\(Peers.root)/Tests/peers/schema.py", "\(Peers.root)/docs/schemas/\(kind).schema.json",
      folder.path,
    ])
  let lines = String(decoding: said.output, as: UTF8.self).split(separator: "\n").map(String.init)
  guard said.status == 0, lines.count == texts.count else {
    throw Command.Failure(description: "jsonschema ended with \(said.status): \(lines)")
  }
  return lines.map { ($0.hasSuffix(".yaml ok"), $0) }
}

/// A line less.
public func withoutLine(_ text: String, _ random: inout SeededGenerator) -> String {
  var lines = text.pieces(around: "\n")
  lines.remove(at: Int.random(in: 0..<lines.count, using: &random))
  return lines.joined(separator: "\n")
}

/// Something else as the value of a key.
public func withOtherValue(_ text: String, _ random: inout SeededGenerator) -> String {
  let values = [
    "", "[]", "{}", "-1 s", "0 s", "30 s", "99999", "1e9 s", ".nan", "true", "none", "[[[]]]",
    "N.T", "[A, A]", "0.05 s", "360 deg", "{a: 1}", "1", "\"1\"", "-3", "0.5", "路", "yes",
  ]
  var pieces = text.pieces(around: ": ")
  let position = Int.random(in: 1..<pieces.count, using: &random)
  let rest = pieces[position].drop { !",]}\n".contains($0) }
  pieces[position] = values[Int.random(in: 0..<values.count, using: &random)] + rest
  return pieces.joined(separator: ": ")
}

/// A key that nobody knows.
public func withOtherKey(_ text: String, _ random: inout SeededGenerator) -> String {
  var pieces = text.pieces(around: ": ")
  pieces[Int.random(in: 0..<(pieces.count - 1), using: &random)] += "x"
  return pieces.joined(separator: ": ")
}
