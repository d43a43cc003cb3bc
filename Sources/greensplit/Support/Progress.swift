import Phrases

/// A bar on standard error that shows how far long work is; nothing unless that is a terminal.
struct Progress {
  private let label: String
  private static let width = 40

  init(_ label: String) { self.label = label }

  /// Labelled in the language of the command.
  init(_ english: String, _ chinese: String) {
    self.init(Phrase(english, chinese).text(Log.language))
  }

  /// Draws `share`, 0 ... 1.
  func show(_ share: Double) {
    guard isTerminal else { return }
    let full = max(0, min(Self.width, Int((share * Double(Self.width)).rounded())))
    let bar = String(repeating: "#", count: full) + String(repeating: ".", count: Self.width - full)
    write("\r\u{1B}[K\(label) [\(bar)] \(Int((share * 100).rounded())) %", to: 2)
  }

  /// Takes the bar away.
  func end() {
    if isTerminal { write("\r\u{1B}[K", to: 2) }
  }
}
