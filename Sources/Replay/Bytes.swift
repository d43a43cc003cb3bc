/// Why recorded readings cannot be read.
struct ReadingsError: Error, Hashable {
  /// What is wrong with them.
  let reason: String
}

/// Small whole numbers in few bytes: seven bits a byte, the lowest first (LEB128); signed ones folded so
/// that those near zero are small.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func put(_ byte: UInt8) { bytes.append(byte) }

  mutating func put(unsigned number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func put(signed number: Int64) {
    put(unsigned: UInt64(bitPattern: (number << 1) ^ (number >> 63)))
  }

  mutating func put(_ text: String) {
    put(unsigned: UInt64(text.utf8.count))
    bytes += text.utf8
  }
}

/// Reads what `ByteWriter` has written.
struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  var isAtEnd: Bool { position == bytes.endIndex }

  mutating func byte() throws(ReadingsError) -> UInt8 {
    guard position < bytes.endIndex else { throw ReadingsError(reason: "they end too soon") }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func unsigned() throws(ReadingsError) -> UInt64 {
    var number: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      let byte = try byte()
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
    }
    throw ReadingsError(reason: "a number is too long")
  }

  mutating func signed() throws(ReadingsError) -> Int64 {
    let folded = try unsigned()
    return Int64(bitPattern: folded >> 1) ^ -Int64(folded & 1)
  }

  mutating func text() throws(ReadingsError) -> String {
    let count = try unsigned()
    guard count <= UInt64(bytes.endIndex - position) else {
      throw ReadingsError(reason: "a text ends too soon")
    }
    let end = position + Int(count)
    defer { position = end }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }
}

/// FNV-1a, 32 bits: tells a damaged row from a whole one.
func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  bytes.reduce(0x811c_9dc5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
}
