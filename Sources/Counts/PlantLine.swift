/// One line of an attached traffic simulator (`docs/plant-protocol.md`), which stands in for cameras.
public struct PlantLine: Sendable, Equatable {
  /// Where its clock stands, s; `nil` in the first line.
  public let time: Double?

  /// What its cameras saw, and what of that cannot be read.
  public let counts: CountInput

  /// Whether it is the last line.
  public let isDone: Bool

  /// Why a line is none.
  public struct Malformed: Error, Hashable, Sendable {
    /// What is wrong and what would be right.
    public let reason: String
  }

  /// Longest line, bytes: a city's counts of one step.
  public static let lineLimit = 16 << 20

  /// Reads a line without its line feed; `number` names it in errors of its records.
  public init(_ bytes: ArraySlice<UInt8>, number: Int) throws(Malformed) {
    do throws(JSONDocument.Malformed) {
      let document = try JSONDocument(bytes)
      let root = document.root
      guard root.kind == .object else {
        throw JSONDocument.Malformed(reason: "is \(root.shown); one JSON object is due")
      }
      time = root.field("t")?.number
      isDone = root.field("done")?.kind == .boolean && root.field("done")?.shown == "true"
      counts = Self.counts(root.field("counts"), line: number)
    } catch {
      throw Malformed(reason: error.reason)
    }
  }

  private static func counts(_ value: JSONValue?, line: Int) -> CountInput {
    var input = CountInput()
    guard let value else { return input }
    guard value.kind == .array else {
      input.errors.append(
        CountError(line: line, field: "counts", reason: "is \(value.shown); a list is due"))
      return input
    }
    for (position, element) in value.elements.enumerated() {
      guard element.kind == .object else {
        let reason = "is \(element.shown); one JSON object is due"
        input.errors.append(
          CountError(line: line, element: position + 1, field: nil, reason: reason))
        continue
      }
      var reader = RecordReader(object: element)
      if let record = reader.record() {
        input.records.append(record)
      } else {
        input.errors += reader.faults.map {
          CountError(line: line, element: position + 1, field: $0.field, reason: $0.reason)
        }
      }
    }
    return input
  }
}
