import FuzzTargets
import Glibc
import Support
import Testing

@Suite("What fuzzing found, and where it starts from")
struct CorpusTests {
  /// Every committed input of every target, so that a corpus never rots, and every input that once
  /// broke something stays mended.
  @Test("is read as promised", arguments: FuzzTarget.all.map(\.name))
  func corpus(name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    let inputs = try Self.inputs(of: target)
    #expect(inputs.count >= 5, "the corpus of \(name) is not there")
    for (path, bytes) in inputs + target.seeds.map({ ($0, Self.bytes(of: "\(Peers.root)/\($0)")) })
    {
      #expect(throws: Never.self, "\(path)") { try target.hold(bytes) }
    }
  }

  @Test("is small: a few kilobytes for each target")
  func size() throws {
    for target in FuzzTarget.all {
      let bytes = try Self.inputs(of: target).reduce(0) { $0 + $1.bytes.count }
      #expect(bytes <= 16 << 10, "the corpus of \(target.name) has \(bytes) bytes")
    }
  }

  private static func inputs(of target: FuzzTarget) throws -> [(path: String, bytes: [UInt8])] {
    let folder = "\(Peers.root)/Tests/Fuzz/corpus/\(target.name)"
    let listing = try #require(opendir(folder), "\(folder)")
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted().map { ("\(folder)/\($0)", bytes(of: "\(folder)/\($0)")) }
  }

  private static func bytes(of path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    return Array(bytes.prefix(fread(&bytes, 1, bytes.count, file)))
  }
}
