import Glibc
import Phrases

public import Signals

/// What was found in several site files.
public struct SiteSet: Sendable, Equatable {
  /// The files that can be read and keep their own rules, in the order in which they were named; those
  /// of a directory by name.
  public let files: [SiteFile]

  /// Every error, file by file; those between files last.
  public let errors: [SiteError]

  /// Reads site files and checks them, each for itself and all together.
  ///
  /// `greensplit check` prints the errors and the summaries, and fails if there is any error.
  ///
  /// `paths` are files, and directories, of which every `*.yaml` is read but `greensplit.yaml`, which is
  /// the daemon's configuration. Directories inside them, such as `cabinets/`, are not site files and are
  /// passed over.
  ///
  /// `look` sees each file that keeps its own rules together with its text, which is not kept: the texts of
  /// a city would take more memory than all else.
  public static func read(
    _ paths: [String], _ look: (SiteFile, SiteSource) -> Void = { _, _ in }
  ) -> SiteSet {
    var errors: [SiteError] = []
    var files: [SiteFile] = []
    var seen: Set<String> = []
    for path in paths.flatMap({ sitePaths($0, &errors) }) where seen.insert(path).inserted {
      let read = YAMLFile.read(path) { field in
        site(field, path: path).map { ($0, SiteSource(field)) }
      }
      switch read {
      case .success((let file, let source)):
        files.append(file)
        look(file, source)
      case .failure(let failure): errors += failure.errors
      }
    }
    // A neighbour that is missing may be in the very file that could not be read.
    let neighbours = errors.isEmpty ? knownUpstream(files) : []
    errors += neighbours + networkRules.flatMap { $0(files) }
    return SiteSet(files: files, errors: errors)
  }
}

/// Reads the site files of a network; paths as `SiteSet.read(_:)` takes them.
///
/// - Returns: All junctions, or every error of every file.
public func readSites(_ paths: [String]) -> Result<[Intersection], SiteErrors> {
  let set = SiteSet.read(paths)
  guard set.errors.isEmpty else { return .failure(SiteErrors(set.errors)) }
  return .success(set.files.map(\.intersection))
}

/// The site files that `path` stands for.
private func sitePaths(_ path: String, _ errors: inout [SiteError]) -> [String] {
  // What is no directory, or cannot be listed, says why when it is read as a file.
  guard let directory = opendir(path) else { return [path] }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let isDirectory = entry.pointee.d_type == UInt8(DT_DIR)
    let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    if !isDirectory && !name.hasPrefix(".") { names.append(name) }
  }
  let base = path.hasSuffix("/") ? path : path + "/"
  // By bytes: the order must not depend on the language of the machine.
  let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  for name in sorted where name.hasSuffix(".yml") {
    let right = name.dropLast(4) + ".yaml"
    errors.append(
      SiteError(
        file: base + name, mark: .start, key: "file",
        problem: Phrase(
          "is not read, as site files end in .yaml; rename it to \(right)",
          "未被读取，因为路口文件以 .yaml 结尾；请改名为 \(right)")))
  }
  let found = sorted.filter { $0.hasSuffix(".yaml") && $0 != "greensplit.yaml" }.map { base + $0 }
  if found.isEmpty {
    errors.append(
      SiteError(
        file: path, mark: .start, key: "file",
        problem: Phrase(
          "has no site file in it; name a directory with *.yaml files, or a file",
          "其中没有路口文件；请给出含 *.yaml 文件的目录，或一个文件")))
  }
  return found
}
