import Sites

/// Reads site files as the daemon would and tells every error.
enum CheckCommand: Command {
  static let options = OptionList(
    command: "check", purpose: "Check site files; every error with file, line and column.",
    operands: "PATH…", options: [])

  static func run(_ options: Options) throws -> ExitStatus {
    guard !options.operands.isEmpty else {
      throw UsageError(
        command: options.command, problem: "name a site file or a folder of them")
    }
    let sites = SiteSet.read(options.operands)
    for error in sites.errors { complain(error.description) }
    for file in sites.files { say(file.summary) }
    return sites.errors.isEmpty ? .success : .failure
  }
}
