import Glibc

/// The system's reason for the error number `code`.
package func systemReason(_ code: Int32) -> String {
  var text = [CChar](repeating: 0, count: 256)
  // The GNU variant gives a text of its own that need not lie in the buffer.
  guard strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
  return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
