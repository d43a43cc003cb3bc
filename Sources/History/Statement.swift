import CSQLite

/// A prepared SQL statement, confined to whoever confines its connection.
final class Statement {
  private let handle: OpaquePointer
  private let path: String

  /// Takes over a statement that was just prepared on the database at `path`.
  init(_ handle: OpaquePointer, path: String) {
    self.handle = handle
    self.path = path
  }

  deinit { sqlite3_finalize(handle) }

  /// A value that SQLite stores.
  enum Value {
    case integer(Int64)
    case text(String)
    case blob([UInt8])
    case null
  }

  /// Runs it to its end with `values` in place of its parameters.
  func run(_ values: [Value]) throws(HistoryError) {
    try bind(values)
    defer { sqlite3_reset(handle) }
    while try step() {}
  }

  /// Runs it with `values` and hands each row to `body`, until that returns `false`.
  func rows(_ values: [Value], _ body: (Row) throws(HistoryError) -> Bool) throws(HistoryError) {
    try bind(values)
    defer { sqlite3_reset(handle) }
    while try step() {
      guard try body(Row(handle: handle)) else { return }
    }
  }

  /// The integer in the first column of its first row; `nil` without a row.
  func integer(_ values: [Value] = []) throws(HistoryError) -> Int64? {
    var found: Int64?
    try rows(values) { row throws(HistoryError) in
      found = row.integer(0)
      return false
    }
    return found
  }

  private func step() throws(HistoryError) -> Bool {
    let code = sqlite3_step(handle)
    guard code == SQLITE_ROW || code == SQLITE_DONE else { throw failure(code) }
    return code == SQLITE_ROW
  }

  private func bind(_ values: [Value]) throws(HistoryError) {
    precondition(values.count == Int(sqlite3_bind_parameter_count(handle)), "a value each")
    for (position, value) in values.enumerated() {
      let index = Int32(position + 1)
      let code =
        switch value {
        case .integer(let number): sqlite3_bind_int64(handle, index, number)
        case .text(let text): bind(text, at: index)
        case .blob(let bytes): bind(bytes, at: index)
        case .null: sqlite3_bind_null(handle, index)
        }
      guard code == SQLITE_OK else { throw failure(code) }
    }
  }

  private func bind(_ text: String, at index: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      guard let length = Int32(exactly: bytes.count) else { return SQLITE_TOOBIG }
      return bytes.withMemoryRebound(to: CChar.self) {
        greensplit_sqlite3_bind_text(handle, index, $0.baseAddress, length)
      }
    }
  }

  private func bind(_ blob: [UInt8], at index: Int32) -> Int32 {
    guard let length = Int32(exactly: blob.count) else { return SQLITE_TOOBIG }
    return blob.withUnsafeBytes {
      greensplit_sqlite3_bind_blob(handle, index, $0.baseAddress, length)
    }
  }

  private func failure(_ code: Int32) -> HistoryError {
    let message = sqlite3_errmsg(sqlite3_db_handle(handle)).map { String(cString: $0) }
    return HistoryError(code: code, path: path, detail: message ?? "")
  }

  /// The row that a statement stands on; valid until the next step.
  struct Row {
    fileprivate let handle: OpaquePointer

    /// The integer in column `index`, counted from 0.
    func integer(_ index: Int32) -> Int64 { sqlite3_column_int64(handle, index) }

    /// The text in column `index`; bytes that are not UTF-8 are replaced.
    func text(_ index: Int32) -> String {
      guard let bytes = sqlite3_column_text(handle, index) else { return "" }
      // SQLite tells the length after the conversion to text, so this order matters.
      let count = Int(sqlite3_column_bytes(handle, index))
      return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// Puts the bytes of the text in column `index` in the place of what `bytes` holds: of millions of
    /// rows each would else need memory of its own.
    func copyText(_ index: Int32, into bytes: inout [UInt8]) {
      bytes.removeAll(keepingCapacity: true)
      guard let text = sqlite3_column_text(handle, index) else { return }
      let count = Int(sqlite3_column_bytes(handle, index))
      bytes.append(contentsOf: UnsafeBufferPointer(start: text, count: count))
    }

    /// The bytes in column `index`.
    func blob(_ index: Int32) -> [UInt8] {
      let bytes = sqlite3_column_blob(handle, index)
      let count = Int(sqlite3_column_bytes(handle, index))
      return [UInt8](UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// Whether column `index` holds nothing.
    func isNull(_ index: Int32) -> Bool { sqlite3_column_type(handle, index) == SQLITE_NULL }
  }
}
