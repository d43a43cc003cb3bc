import Profiles
import Sites

/// Reads site files and cabinet profiles as the daemon would and tells every error.
enum CheckCommand: Command {
  static let options = OptionList(
    command: "check",
    purpose: "Check site files and cabinet profiles; every error with file, line and column.",
    operands: "PATH…", options: [])

  static func run(_ options: Options) throws -> ExitStatus {
    guard !options.operands.isEmpty else {
      throw UsageError(
        command: options.command, problem: "name a site file or a folder of them")
    }
    let (sitePaths, profilePaths) = sortProfiles(options.operands)
    var isRight = true
    if !sitePaths.isEmpty {
      let sites = SiteSet.read(sitePaths)
      for error in sites.errors { complain(error.description) }
      for file in sites.files {
        for warning in file.warnings { complain(warning) }
        say(file.summary)
      }
      isRight = sites.errors.isEmpty
    }
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
