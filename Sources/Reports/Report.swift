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
    let page = Markup.element(
      "html", ["lang": language.tag],
      [
        .element(
          "head",
          [:],
          [
            .element("meta", ["charset": "utf-8"]),
            .element(
              "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
            // Whatever a file might smuggle in: nothing runs, nothing is fetched.
            .element(
              "meta",
              [
                "http-equiv": "Content-Security-Policy",
                "content": "default-src 'none'; style-src 'unsafe-inline'",
              ]),
            .element("title", [:], writer.title), .style(styleSheet),
          ]), .element("body", [:], [.element("main", [:], body)]),
      ])
    return "<!DOCTYPE html>\n\(page.html)\n"
  }
}
