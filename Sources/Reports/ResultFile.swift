import Counts
import FoundationEssentials
import Simulation

/// Why a file cannot go into a report.
public struct ResultError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file.
  public let file: String
  /// Where in it, such as `runs[0].score`; empty for the whole file.
  public let place: String
  /// What is wrong, and what would be right.
  public let reason: String

  /// For the person who must act.
  public var description: String {
    "\(file): \(place.isEmpty ? "" : "\(place): ")\(reason)"
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
      throw ResultError(
        file: name, place: "",
        reason: "\(error.reason); if it is half written, run greensplit simulate --json again")
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
        reason: "is \"\(format)\"; this version reads \(Comparison.format) and "
          + "\(PlantResult.currentFormat): run greensplit simulate --json again")
    case nil:
      throw ResultError(
        file: name, place: "format",
        reason: "is missing: this is no result of greensplit simulate --json, or one of an older "
          + "version; run it again")
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
      throw ResultError(file: name, place: "", reason: "cannot be read: \(error)")
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
        file: name, place: place(context.codingPath + [key]), reason: "is missing")
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      self.init(
        file: name, place: place(context.codingPath), reason: "is not \(words(for: type))")
    case .dataCorrupted(let context):
      self.init(
        file: name, place: place(context.codingPath), reason: context.debugDescription)
    @unknown default:
      self.init(file: name, place: "", reason: "cannot be read")
    }
  }
}

/// What a person calls a type.
private func words(for type: any Any.Type) -> String {
  switch type {
  case is String.Type: "a string"
  case is Double.Type: "a number"
  case is any FixedWidthInteger.Type: "a whole number"
  case is Bool.Type: "true or false"
  default: "\(type)".hasPrefix("Array") ? "a list" : "an object"
  }
}
