/// A kind of file whose form a JSON Schema describes, so that editors complete and check it.
public enum FileSchema: String, Sendable, CaseIterable {
  /// A site file.
  case site
  /// A cabinet profile.
  case profile

  /// The whole schema (draft 2020-12).
  public var schema: SchemaValue {
    let (title, keys) = content
    return .object(
      Shape.table(keys).schema.merging([
        "$schema": .text("https://json-schema.org/draft/2020-12/schema"), "title": .text(title),
      ]) { _, new in new })
  }

  private var content: (title: String, keys: [Key]) {
    switch self {
    case .site: ("Greensplit site file", Schema.site)
    case .profile: ("Greensplit cabinet profile", ProfileSchema.profile)
    }
  }
}
