extension String {
  /// What stands before, between and after the places where `separator` does; by bytes, as tests cut
  /// whole files many times.
  public func pieces(around separator: String) -> [String] {
    let bytes = Array(utf8)
    let mark = Array(separator.utf8)
    var pieces: [String] = []
    var start = 0
    var position = 0
    while position + mark.count <= bytes.count {
      guard bytes[position] == mark[0],
        bytes[position..<(position + mark.count)].elementsEqual(mark)
      else {
        position += 1
        continue
      }
      pieces.append(String(decoding: bytes[start..<position], as: UTF8.self))
      position += mark.count
      start = position
    }
    return pieces + [String(decoding: bytes[start...], as: UTF8.self)]
  }
}
