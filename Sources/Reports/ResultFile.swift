import Counts
import FoundationEssentials
public import Phrases
import Simulation

/// Why a file cannot go into a report.
public struct ResultError: WordedError, Equatable, Sendable {
  /// The file.
  public let file: String
  /// Where in it, such as `runs[0].score`; empty for the whole file.
  public let place: String
  /// What is wrong, and what would be right.
  public let reason: Phrase

  /// For the person who must act.
  public var words: Phrase {
    Phrase(
      "\(file): \(place.isEmpty ? "" : "\(place): ")\(reason.text(.english))",
      "\(file)：\(place.isEmpty ? "" : "\(place)：")\(reason.text(.chinese))")
  }
}

/// What one file of `greensplit simulate --json` holds.
struct ResultFile {
  enum Content {
    case comparison(Comparison)
    case plant(PlantResult)
  }

  let name: String
  let content: Content

  /// Reads the bytes of the file `name`.
  init(_ bytes: [UInt8], name: String) throws(ResultError) {
    self.name = name
    do throws(JSONDocument.Malformed) {
      // The decoder below neither tells where a text breaks off nor minds a key that is there twice.
      _ = try JSONDocument(bytes[...])
    } catch {
      let chinese = Phrase(recorded: error.reason).text(.chinese)
      throw ResultError(
        file: name, place: "",
        reason: Phrase(
          "\(error.reason); if it is half written, run greensplit simulate --json again",
          "\(chinese)；若文件未写完，请重新运行 greensplit simulate --json"))
    }
    let data = Data(bytes)
    let format: String? = try Self.read(Head.self, from: data, in: name).format
    switch format {
    case Comparison.format:
      let comparison = try Self.read(Comparison.self, from: data, in: name)
      if let wrong = wrong(with: comparison) {
        throw ResultError(file: name, place: wrong.place, reason: wrong.reason)
      }
      content = .comparison(comparison)
    case PlantResult.currentFormat:
      let result = try Self.read(PlantResult.self, from: data, in: name)
      if let wrong = wrong(with: result) {
        throw ResultError(file: name, place: wrong.place, reason: wrong.reason)
      }
      content = .plant(result)
    case let format?:
      throw ResultError(
        file: name, place: "format",
        reason: Phrase(
          "is \"\(format)\"; this version reads \(Comparison.format) and "
            + "\(PlantResult.currentFormat): run greensplit simulate --json again",
          "为 \"\(format)\"；本版本读取 \(Comparison.format) 和 \(PlantResult.currentFormat)："
            + "请重新运行 greensplit simulate --json"))
    case nil:
      throw ResultError(
        file: name, place: "format",
        reason: Phrase(
          "is missing: this is no result of greensplit simulate --json, or one of an older "
            + "version; run it again",
          "缺失：此文件不是 greensplit simulate --json 的结果，或来自较旧版本；请重新运行"))
    }
  }

  /// What tells how to read the rest.
  private struct Head: Decodable {
    let format: String?
  }

  private static func read<Value: Decodable>(
    _ type: Value.Type, from data: Data, in name: String
  ) throws(ResultError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch let error as DecodingError {
      throw ResultError(error, in: name)
    } catch {
      throw ResultError(
        file: name, place: "", reason: Phrase("cannot be read: \(error)", "无法读取：\(error)"))
    }
  }
}

extension ResultError {
  /// What the decoder found, by place.
  fileprivate init(_ error: DecodingError, in name: String) {
    func place(_ path: [any CodingKey]) -> String {
      path.reduce(into: "") { text, key in
        if let index = key.intValue {
          text += "[\(index)]"
        } else {
          text += (text.isEmpty ? "" : ".") + key.stringValue
        }
      }
    }
    switch error {
    case .keyNotFound(let key, let context):
      self.init(
        file: name, place: place(context.codingPath + [key]), reason: Phrase("is missing", "缺失"))
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      let kind = Reports.words(for: type)
      self.init(
        file: name, place: place(context.codingPath),
        reason: Phrase("is not \(kind.text(.english))", "不是\(kind.text(.chinese))"))
    case .dataCorrupted(let context):
      self.init(
        file: name, place: place(context.codingPath),
        reason: Phrase(
          context.debugDescription, "无法读取：\(context.debugDescription)"))
    @unknown default:
      self.init(file: name, place: "", reason: Phrase("cannot be read", "无法读取"))
    }
  }
}

/// What a person calls a type.
private func words(for type: any Any.Type) -> Phrase {
  switch type {
  case is String.Type: Phrase("a string", "字符串")
  case is Double.Type: Phrase("a number", "数字")
  case is any FixedWidthInteger.Type: Phrase("a whole number", "整数")
  case is Bool.Type: Phrase("true or false", " true 或 false")
  default: "\(type)".hasPrefix("Array") ? Phrase("a list", "列表") : Phrase("an object", "对象")
  }
}
