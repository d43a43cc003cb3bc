import CYAML
import Phrases

/// What libyaml meets in a file, as values.
struct YAMLEvent {
  enum Kind: Equatable {
    case streamStart, streamEnd, documentStart, documentEnd
    case alias
    case scalar(String)
    case listStart, listEnd
    case mapStart, mapEnd
  }

  let kind: Kind
  let mark: Mark
  /// Whether the value has an anchor (`&name`).
  let isAnchored: Bool
  /// Whether the value has a tag (`!!str`).
  let isTagged: Bool
}

/// Why libyaml could not go on.
struct YAMLSyntaxError: Error {
  let mark: Mark
  let problem: Phrase
}

/// libyaml's parser over bytes that outlive it.
struct YAMLEvents: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let bytes: UnsafeBufferPointer<UInt8>

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    parser = .allocate(capacity: 1)
    precondition(yaml_parser_initialize(parser) == 1, "no memory for a parser")
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  /// The next event.
  func next() throws(YAMLSyntaxError) -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
    defer { yaml_event_delete(&event) }
    let mark = place(event.start_mark)
    switch event.type {
    case YAML_STREAM_START_EVENT: return plain(.streamStart, mark)
    case YAML_DOCUMENT_START_EVENT: return plain(.documentStart, mark)
    case YAML_DOCUMENT_END_EVENT: return plain(.documentEnd, mark)
    case YAML_ALIAS_EVENT: return plain(.alias, mark)
    case YAML_SEQUENCE_END_EVENT: return plain(.listEnd, mark)
    case YAML_MAPPING_END_EVENT: return plain(.mapEnd, mark)
    case YAML_SEQUENCE_START_EVENT:
      let start = event.data.sequence_start
      return YAMLEvent(
        kind: .listStart, mark: mark, isAnchored: start.anchor != nil, isTagged: start.tag != nil)
    case YAML_MAPPING_START_EVENT:
      let start = event.data.mapping_start
      return YAMLEvent(
        kind: .mapStart, mark: mark, isAnchored: start.anchor != nil, isTagged: start.tag != nil)
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let text = String(
        decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      return YAMLEvent(
        kind: .scalar(text), mark: mark, isAnchored: scalar.anchor != nil,
        isTagged: scalar.tag != nil)
    default:
      // The stream's end, and what libyaml reports when it is asked beyond it.
      return plain(.streamEnd, mark)
    }
  }

  private func plain(_ kind: YAMLEvent.Kind, _ mark: Mark) -> YAMLEvent {
    YAMLEvent(kind: kind, mark: mark, isAnchored: false, isTagged: false)
  }

  private func failure() -> YAMLSyntaxError {
    let parser = self.parser.pointee
    precondition(parser.error != YAML_MEMORY_ERROR, "no memory for a parser")
    let problem = parser.problem.map { String(cString: $0) } ?? "cannot be read"
    let context = parser.context.map { " " + String(cString: $0) } ?? ""
    if parser.error == YAML_READER_ERROR {
      return YAMLSyntaxError(
        mark: Mark(offset: parser.problem_offset, in: bytes),
        problem: Phrase(
          "\(problem); the file must be UTF-8 text without control characters",
          "\(problem)：文件必须是不含控制字符的 UTF-8 文本"))
    }
    return YAMLSyntaxError(
      mark: place(parser.problem_mark),
      problem: Phrase(
        "\(problem)\(context); check indentation (spaces only), quotes and brackets",
        "\(problem)\(context)：请检查缩进（只用空格）、引号和括号"))
  }

  /// Where `mark` is in the file: libyaml ends the last line if nothing else does, and then stands on one that
  /// the file lacks.
  private func place(_ mark: yaml_mark_t) -> Mark {
    let here = parser.pointee.mark.index
    let isAtEnd = parser.pointee.eof != 0 && parser.pointee.buffer.pointer?.pointee == 0
    guard mark.column == 0, mark.index == here, isAtEnd, let last = bytes.last,
      last != UInt8(ascii: "\n"), last != UInt8(ascii: "\r")
    else { return Mark(mark) }
    return Mark(offset: bytes.count, in: bytes)
  }
}

extension Mark {
  /// libyaml counts from 0.
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }

  /// The place of a byte: libyaml gives no more for text that it cannot decode.
  fileprivate init(offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
    let before = bytes.prefix(offset)
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let line = before.count { $0 == UInt8(ascii: "\n") }
    // Bytes 10xxxxxx continue a character.
    let column = before[lineStart...].count { $0 & 0xC0 != 0x80 }
    self.init(line: line + 1, column: column + 1)
  }
}
