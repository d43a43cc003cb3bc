public import Phrases

/// A report about the results of `greensplit simulate --json`.
public struct Report: Sendable {
  private let study: Study

  /// Reads result files of one scenario.
  ///
  /// - Parameter files: Name, for errors, and content of each; one at least.
  /// - Throws: What is wrong, in which file and where in it.
  public init(_ files: [(name: String, bytes: [UInt8])]) throws(ResultError) {
    precondition(!files.isEmpty, "a result")
    var results: [ResultFile] = []
    for file in files { results.append(try ResultFile(file.bytes, name: file.name)) }
    study = try Study(results)
  }

  /// One self-contained page of HTML that is well-formed XML too: no scripts, nothing to be fetched.
  public func page(in language: Language) -> String {
    let writer = Writer(study: study, language: language)
    let body =
      [writer.heading, writer.verdict, writer.comparison, writer.distribution]
      + study.junctions.indices.map(writer.junction) + [writer.notes]
    return writer.page(title: writer.title, body)
  }
}
