/// The page that the daemon serves at `/`: markup, style and script in one, from `Page/`.
public enum ConsolePage {
  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// In the order in which they need each other.
  private static let script = [
    PackageResources.words_js, PackageResources.page_js, PackageResources.list_js,
    PackageResources.junction_js, PackageResources.overrides_js, PackageResources.main_js,
  ].map(text).joined(separator: "\n")

  private static let pieces: [String] = {
    let page = text(PackageResources.console_html)
      .replacing("STYLE", with: text(PackageResources.console_css), maxReplacements: 1)
      .replacing("SCRIPT", with: script, maxReplacements: 1)
    return page.split(separator: "NONCE", omittingEmptySubsequences: false).map(String.init)
  }()

  /// The page.
  ///
  /// - Parameter nonce: A word that nobody can guess, another for each answer, without quotes: only
  ///   style and script that bear it are used.
  /// - Returns: HTML.
  public static func html(nonce: String) -> String { pieces.joined(separator: nonce) }

  /// The policy that goes with it (CSP 3): nothing from elsewhere, nothing that was put in later, and no
  /// text that becomes markup.
  public static func policy(nonce: String) -> String {
    "default-src 'none'; script-src 'nonce-\(nonce)'; style-src 'nonce-\(nonce)'; img-src data:; "
      + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
      + "require-trusted-types-for 'script'; trusted-types 'none'"
  }
}
