/// A kind of file whose form a JSON Schema describes, so that editors complete and check it.
public struct FileSchema: Sendable {
  /// What the kind is called.
  public let kind: String
  private let title: String
  private let keys: [Key]

  /// The kind `kind` of files, titled `title`, which have `keys`.
  public init(_ kind: String, title: String, _ keys: [Key]) {
    self.kind = kind
    self.title = title
    self.keys = keys
  }

  /// A site file.
  public static let site = FileSchema("site", title: "Greensplit site file", Schema.site)

  /// A cabinet profile.
  public static let profile = FileSchema(
    "profile", title: "Greensplit cabinet profile", ProfileSchema.profile)

  /// The whole schema (draft 2020-12).
  public var schema: SchemaValue {
    .object(
      Shape.table(keys).schema.merging([
        "$schema": .text("https://json-schema.org/draft/2020-12/schema"), "title": .text(title),
      ]) { _, new in new })
  }
}
