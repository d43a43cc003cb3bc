/// A reader of what comes from outside, and what it promises for any bytes at all.
public struct FuzzTarget: Sendable {
  /// A promise that was broken.
  public struct Broken: Error, CustomStringConvertible {
    /// Which, and by what.
    public let description: String
  }

  /// Name of its folder in `Tests/Fuzz/corpus`.
  public let name: String

  /// Longest input worth trying, bytes.
  public let longest: Int

  /// Files of the package that it reads rightly, from which libFuzzer starts beside the corpus.
  public let seeds: [String]

  private let body: @Sendable ([UInt8]) throws -> Void

  init(
    _ name: String, longest: Int, seeds: [String] = [],
    _ body: @escaping @Sendable ([UInt8]) throws -> Void
  ) {
    self.name = name
    self.longest = longest
    self.seeds = seeds
    self.body = body
  }

  /// Reads `bytes`; throws `Broken` if a promise is broken, and traps where the code under test does.
  public func hold(_ bytes: [UInt8]) throws { try body(bytes) }

  /// All of them.
  public static let all = [
    frames, registers, answers, orders, profile, site, counts, plant, cameras, table, configuration,
  ]
}

/// Throws what was promised unless `isKept`.
func promise(_ isKept: Bool, _ words: @autoclosure () -> String) throws {
  if !isKept { throw FuzzTarget.Broken(description: words()) }
}

/// Bytes as decisions, from the first to the last; zeros after the end.
struct Dice {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isEmpty: Bool { rest.isEmpty }

  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  /// 0 ..< `limit`, which is at most 256.
  mutating func number(below limit: Int) -> Int { Int(byte()) % limit }

  /// High byte first.
  mutating func word() -> UInt16 {
    let high = byte()
    return UInt16(high) << 8 | UInt16(byte())
  }
}
