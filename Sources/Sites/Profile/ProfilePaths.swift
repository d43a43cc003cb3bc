import Glibc

/// Site files apart from cabinet profiles: a profile is a file with the key `profile`, and all that
/// lies in a folder `cabinets`, be it named itself or within one that is.
///
/// - Returns: Both as `SiteSet.read(_:)` and `readProfile(_:)` take them.
public func sortProfiles(_ paths: [String]) -> (sites: [String], profiles: [String]) {
  var sites: [String] = []
  var profiles: [String] = []
  for path in paths {
    let bare = path.hasSuffix("/") ? String(path.dropLast()) : path
    if bare == "cabinets" || bare.hasSuffix("/cabinets") {
      profiles += yamlFiles(in: bare)
    } else if isProfile(path) {
      profiles.append(path)
    } else {
      sites.append(path)
      profiles += yamlFiles(in: bare + "/cabinets")
    }
  }
  return (sites, profiles)
}

private func isProfile(_ path: String) -> Bool {
  let found = YAMLFile.read(path) { field in
    guard case .map(let pairs) = field.node.content else { return false }
    return pairs.contains { $0.key == "profile" }
  }
  // What cannot be read says why when it is read as a site file.
  return (try? found.get()) ?? false
}

/// The `*.yaml` of a folder, by name; none if there is no such folder.
private func yamlFiles(in folder: String) -> [String] {
  guard let directory = opendir(folder) else { return [] }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name.hasSuffix(".yaml") && !name.hasPrefix(".") { names.append(name) }
  }
  return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { "\(folder)/\($0)" }
}
