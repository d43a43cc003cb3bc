import Signals

/// Reads count records back from the lines that `CountRecord.line` has written, many times as fast as a
/// JSON parser does: a day of a city has millions of them.
///
/// It knows the usual record of a camera alone, with whole numbers and no classes; everything else is
/// left to `CountParser`, which agrees on what both can read.
public struct CanonicalLineReader: Sendable {
  private var starts = TimeReader()
  private var ends = TimeReader()

  /// A reader that has read nothing yet.
  public init() {}

  /// The record in `line`; `nil` if it is not one of `CountRecord.line`.
  public mutating func record(in line: [UInt8]) -> CountRecord? {
    var cursor = Cursor(line)
    if let record = usual(&cursor), cursor.isAtEnd { return record }
    return CountParser.parse(line: line[...]).records.first
  }

  private mutating func usual(_ cursor: inout Cursor) -> CountRecord? {
    guard cursor.skip(Self.detector), let detector = cursor.plainText(), cursor.skip(Self.start),
      let start = starts.read(&cursor), cursor.skip(Self.end), let end = ends.read(&cursor),
      cursor.skip(Self.quote)
    else { return nil }
    let source = cursor.skip(Self.source) ? cursor.plainText() : nil
    let boot = cursor.skip(Self.boot) ? cursor.plainText() : nil
    let sequence = cursor.skip(Self.sequence) ? cursor.number() : nil
    let count = cursor.skip(Self.count) ? cursor.number() : nil
    let inView = cursor.skip(Self.inView) ? cursor.number() : nil
    let queue = cursor.skip(Self.queue) ? cursor.number() : nil
    let length = end.milliseconds - start.milliseconds
    guard cursor.skip(Self.close), CountRecord.intervalLengths.contains(length),
      max(count ?? 0, inView ?? 0, queue ?? 0) <= Int64(CountRecord.vehicleLimit),
      sequence ?? 0 <= CountRecord.sequenceLimit
    else { return nil }
    return CountRecord(
      detector: detector, start: start, end: end, source: source, boot: boot, sequence: sequence,
      count: count.map { VehicleCount(total: Double($0)) }, inView: inView.map(Double.init),
      queue: queue.map(Double.init))
  }

  private static let detector = Array("{\"v\":1,\"det\":\"".utf8)
  private static let start = Array(",\"start\":\"".utf8)
  private static let end = Array("\",\"end\":\"".utf8)
  private static let quote = Array("\"".utf8)
  private static let source = Array(",\"src\":\"".utf8)
  private static let boot = Array(",\"boot\":\"".utf8)
  private static let sequence = Array(",\"seq\":".utf8)
  private static let count = Array(",\"count\":".utf8)
  private static let inView = Array(",\"in_view\":".utf8)
  private static let queue = Array(",\"queue\":".utf8)
  private static let close = Array("}".utf8)
}

/// Reads times such as "2026-11-23T08:00:00.000Z". A junction's records of one second have the same ones,
/// and those of a day the same date.
private struct TimeReader {
  /// What was read last.
  private var text: [UInt8] = []
  private var time = UTC(milliseconds: 0)
  /// The date that was looked up last, as text and as its first millisecond.
  private var date: [UInt8] = []
  private var dateBegins: Int64 = 0

  init() {}

  mutating func read(_ cursor: inout Cursor) -> UTC? {
    if !text.isEmpty, cursor.skip(text) { return time }
    guard let next = cursor.take(24), let read = parse(next) else { return nil }
    text = Array(next)
    time = read
    return read
  }

  private mutating func parse(_ text: ArraySlice<UInt8>) -> UTC? {
    let first = text.startIndex
    func digits(_ from: Int, _ count: Int) -> Int64? {
      var number: Int64 = 0
      for byte in text[(first + from)..<(first + from + count)] {
        guard (48...57).contains(byte) else { return nil }
        number = number * 10 + Int64(byte - 48)
      }
      return number
    }
    guard text[first + 10] == 84, text[first + 13] == 58, text[first + 16] == 58,
      text[first + 19] == 46, text[first + 23] == 90, let hour = digits(11, 2),
      let minute = digits(14, 2), let second = digits(17, 2), let part = digits(20, 3),
      hour < 24, minute < 60, second < 60
    else { return nil }
    if !text.prefix(10).elementsEqual(date) {
      let midnight = String(decoding: text.prefix(10), as: UTF8.self) + "T00:00:00.000Z"
      guard let begin = UTC(rfc3339: midnight) else { return nil }
      date = Array(text.prefix(10))
      dateBegins = begin.milliseconds
    }
    return UTC(
      milliseconds: dateBegins + ((hour * 60 + minute) * 60 + second) * 1000 + part)
  }
}

/// Walks over the bytes of a line.
private struct Cursor {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  /// Passes over `text` if it comes next.
  mutating func skip(_ text: [UInt8]) -> Bool {
    guard bytes.count - position >= text.count else { return false }
    let isNext = bytes.withUnsafeBufferPointer { bytes in
      text.withUnsafeBufferPointer { text in
        text.indices.allSatisfy { bytes[position + $0] == text[$0] }
      }
    }
    if isNext { position += text.count }
    return isNext
  }

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard bytes.count - position >= count else { return nil }
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  /// A text of plain ASCII up to its closing quote, which is passed over; `nil` for another one.
  mutating func plainText() -> String? {
    var end = position
    while end < bytes.count, bytes[end] != 34 {
      guard bytes[end] >= 32, bytes[end] < 127, bytes[end] != 92 else { return nil }
      end += 1
    }
    guard end < bytes.count else { return nil }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }

  /// A whole number of up to 16 digits that no other part of a number follows; `nil` for another one,
  /// which leaves the line to somebody else.
  mutating func number() -> Int64? {
    var number: Int64 = 0
    let begin = position
    while position < bytes.count, (48...57).contains(bytes[position]), position - begin < 16 {
      number = number * 10 + Int64(bytes[position] - 48)
      position += 1
    }
    let hasLeadingZero = position - begin > 1 && bytes[begin] == 48
    guard position > begin, !hasLeadingZero, position < bytes.count,
      bytes[position] == 44 || bytes[position] == 125
    else {
      // Whoever asked does not find the end of the record now.
      position = bytes.count
      return nil
    }
    return number
  }
}
