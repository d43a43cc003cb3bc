import Glibc
import Profiles
import Settings
import Signals
import Sites

/// Reads site files and cabinet profiles as the daemon would and tells every error.
enum CheckCommand: Command {
  static let options = OptionList(
    command: "check",
    purpose:
      "Check site files, cabinet profiles and greensplit.yaml; every error with line and column.",
    operands: "PATH…", options: [])

  static func run(_ options: Options) throws -> ExitStatus {
    guard !options.operands.isEmpty else {
      throw UsageError(
        command: options.command, problem: "name a site file or a folder of them")
    }
    let others = options.operands.filter { !DaemonFile.isNamed($0) }
    let configurations = options.operands.filter(DaemonFile.isNamed) + configurations(in: others)
    let (sitePaths, profilePaths) = sortProfiles(others)
    var isRight = sitePaths.isEmpty || check(SiteSet.read(sitePaths))
    for path in configurations where !check(configuration: path) { isRight = false }
    for path in profilePaths {
      switch readProfile(path) {
      case .success(let profile): say("\(path): \(profile.summary)")
      case .failure(let errors):
        complain(errors.description)
        isRight = false
      }
    }
    return isRight ? .success : .failure
  }

  /// The configuration files that lie beside site files in `folders`; who is no folder has none.
  private static func configurations(in folders: [String]) -> [String] {
    folders.map { ($0.hasSuffix("/") ? $0 : $0 + "/") + "greensplit.yaml" }
      .filter { access($0, F_OK) == 0 }
  }

  /// Tells what is wrong with site files, and what is in them.
  private static func check(_ sites: SiteSet) -> Bool {
    for error in sites.errors { complain(error.description) }
    for file in sites.files {
      for warning in file.warnings { complain(warning) }
      say(file.summary)
    }
    return sites.errors.isEmpty
  }

  /// Likewise of a configuration file, with the sites that it names.
  private static func check(configuration path: String) -> Bool {
    switch DaemonFile.read(path) {
    case .failure(let errors):
      complain(errors.description)
      return false
    case .success(let settings):
      say("\(path): \(settings.summary)")
      guard !settings.sites.isEmpty else { return true }
      let sites = SiteSet.read(settings.sites)
      let strangers = settings.camerasWithoutDetector(among: sites.files.map(\.intersection))
      for stranger in strangers { complain("\(path): \(stranger)") }
      return check(sites) && strangers.isEmpty
    }
  }
}

extension CabinetProfile {
  /// One line for people: what the make can do.
  fileprivate var summary: String {
    let moments = capabilities.apply.map(\.rawValue).joined(separator: ", ")
    let fencing = capabilities.fencing ? "fencing" : "no fencing, one master"
    let reading = capabilities.readBack ? "read back" : "not read back"
    return "profile \(name) (\(make)): \(points.count) points, \(fencing), lease by "
      + "\(capabilities.lease.rawValue), plans taken over at \(moments), \(reading)"
  }
}
