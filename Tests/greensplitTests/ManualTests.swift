import Phrases
import Support
import Testing

@testable import greensplit

@Suite("What is generated for the package")
struct ManualTests {
  @Test("The manual page has every command and option, and troff has nothing to say against it")
  func page() async throws {
    for language in Language.allCases {
      let page = try await Program.run("--manual-page", "--lang", language.rawValue)
      #expect(page.status == 0)
      for list in CommandTable.commands.map({ $0.options }) {
        #expect(page.output.contains("\n.SS greensplit \(ManualPage.escaped(list.command))"))
        #expect(page.output.contains("\n\(ManualPage.escaped(list.purpose.text(language)))\n"))
        for option in list.options {
          #expect(page.output.contains("\n\(ManualPage.escaped(option.help.text(language)))\n"))
        }
      }
      // -k reads UTF-8; -ww names every doubt, on standard error, which is made standard output.
      let drawn = try Command.run(
        "sh", ["-c", "groff -k -man -Tutf8 -ww -z 2>&1"], input: Array(page.output.utf8))
      #expect(drawn.status == 0)
      #expect(String(decoding: drawn.output, as: UTF8.self) == "")
    }
  }

  @Test("Text that troff would take for something else is escaped")
  func escaping() {
    #expect(ManualPage.escaped(".TH a-b \\fB") == "\\&.TH a\\-b \\efB")
    #expect(ManualPage.escaped("'x'") == "\\&'x'")
  }

  @Test(
    "bash offers commands, options, words to choose from, languages, and files after an option",
    arguments: [
      (["greensplit", "wri"], "writes"), (["greensplit", "writes", "st"], "stop"),
      (["greensplit", "run", "--conf"], "--config"),
      (["greensplit", "status", "--lang", "z"], "zh"),
      (["greensplit", "run", "--config", "/etc/hostn"], "/etc/hostname"),
      (["greensplit", "run", "--config", "--st"], ""),
    ])
  func completion(words: [String], offered: String) async throws {
    let script = try await Program.run("--bash-completion").output
    let asked =
      script + "\nCOMP_WORDS=(\(words.joined(separator: " "))) COMP_CWORD=\(words.count - 1)\n"
      + "_greensplit\necho \"${COMPREPLY[*]}\"\n"
    let told = try Command.run("bash", ["-eu"], input: Array(asked.utf8))
    #expect(told.status == 0)
    #expect(String(decoding: told.output, as: UTF8.self) == offered + "\n")
  }
}
