import Signals

/// One entry of a list of named things, before its keys are understood.
struct Row {
  let field: Field
  let table: Table?
  let nameField: Field?
  let name: String?

  /// Where errors about one of its keys stand: there, or at the entry if the key is left out.
  func at(_ key: String) -> Field { table?[key] ?? field }

  /// The name for errors; entries without one are called by their place in the file.
  var title: String { name.map(shown) ?? field.key }
}

/// A list of named things that others refer to.
struct Section {
  let rows: [Row]
  let names: Names

  /// Reads the names of a section whose keys and length its shape says.
  ///
  /// - Parameters:
  ///   - field: The list; `nil` if it is missing, which has been reported.
  ///   - noun: What its entries are, in the singular.
  ///   - nameKey: The key that holds the name.
  init(_ field: Field?, of noun: Noun, nameKey: String = "name") {
    let fields = field?.listed()
    rows = (fields ?? []).map { field in
      let table = field.table()
      let nameField = table?[nameKey]
      return Row(field: field, table: table, nameField: nameField, name: nameField?.name())
    }
    field?.problems.refuseDuplicates(rows.map { ($0.nameField, $0.name) }, noun: noun)
    // A section that cannot be read has names that nobody knows.
    names = Names(of: noun, fields == nil ? [nil] : rows.map(\.name))
  }
}
