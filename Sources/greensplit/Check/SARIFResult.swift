import Lint
import Phrases
import Sites

/// One problem in a SARIF log.
struct SARIFResult: Encodable {
  struct Artifact: Encodable {
    let uri: String
  }

  struct Region: Encodable {
    let startLine: Int
    let startColumn: Int
  }

  struct Physical: Encodable {
    let artifactLocation: Artifact
    let region: Region?
  }

  struct Logical: Encodable {
    let name: String
    let kind: String
  }

  struct Location: Encodable {
    let physicalLocation: Physical
    let logicalLocations: [Logical]?
  }

  struct Suppression: Encodable {
    let kind = "inSource"
    let justification: String
  }

  struct Properties: Encodable {
    let found: String
    let expected: String
  }

  let ruleId: String
  let ruleIndex: Int?
  let level: String
  let message: SARIFLog.Text
  let locations: [Location]
  let suppressions: [Suppression]?
  let properties: Properties?

  /// `rule` is its place among the log's rules.
  init(_ problem: CheckReport.Problem, rule: Int?, in language: Language) {
    let finding = problem.finding
    ruleId = problem.rule
    ruleIndex = rule
    // SARIF has no level for what is accepted: that is a suppression.
    level = problem.level == .error ? "error" : "warning"
    let key = problem.place.map { "\($0.key): " } ?? ""
    message = SARIFLog.Text(text: key + problem.message.text(language))
    let named = finding.map { finding in
      [Logical(name: finding.junction, kind: "junction")]
        + finding.elements.map { Logical(name: $0.name, kind: $0.kind.rawValue) }
    }
    let physical = Physical(
      artifactLocation: Artifact(uri: fileURI(problem.file)),
      region: problem.place.map {
        Region(startLine: $0.mark.line, startColumn: $0.mark.column)
      })
    locations = [Location(physicalLocation: physical, logicalLocations: named)]
    suppressions = finding?.acceptance.map { [Suppression(justification: $0)] }
    properties = finding.map { Properties(found: $0.found, expected: $0.expected) }
  }
}

/// A path as a URI reference (RFC 3986): relative paths stay relative.
func fileURI(_ path: String) -> String {
  let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
  let digits = Array("0123456789ABCDEF")
  let encoded = path.utf8.map { byte in
    plain.contains(byte)
      ? String(Character(Unicode.Scalar(byte)))
      : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
  }
  return (path.hasPrefix("/") ? "file://" : "") + encoded.joined()
}
