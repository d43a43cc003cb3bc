import Glibc
import Lint
import Phrases
import Profiles
import Settings
import Signals
import Sites

/// Reads site files and cabinet profiles as the daemon would, tells every error, and warns of what the
/// trade would do otherwise.
enum CheckCommand: Command {
  /// How it tells what it found.
  enum Format: String, CaseIterable {
    case text
    case json
    case sarif
  }

  static let options = OptionList(
    command: "check",
    purpose: Phrase(
      "Check site files, cabinet profiles and greensplit.yaml, and their timing against the formulas.",
      "检查路口文件、信号机描述文件和 greensplit.yaml，并按行业公式核对配时。"),
    operands: "PATH…",
    options: [
      .init(
        name: "--format", value: "FORMAT",
        help: Phrase("text, json or sarif (text)", "text、json 或 sarif（默认 text）")),
      .init(
        name: "--strict", value: nil,
        help: Phrase("warnings fail too", "警告也视为失败")),
      .init(
        name: "--schema", value: "KIND",
        help: Phrase(
          "print the JSON Schema of a kind of file, for editors: site, profile or daemon",
          "输出一类文件的 JSON Schema，供编辑器使用：site、profile 或 daemon")),
    ])

  static func run(_ options: Options) throws -> ExitStatus {
    let kinds = Phrase("site, profile or daemon", "site、profile 或 daemon")
    let schema = try options.value("--schema", expected: kinds) { kind in
      [FileSchema.site, .profile, .daemon].first { $0.kind == kind }
    }
    if let schema {
      say(try indentedJSON(schema.schema))
      return .success
    }
    let format =
      try options.value(
        "--format", expected: Phrase("text, json or sarif", "text、json 或 sarif"),
        read: Format.init) ?? .text
    guard !options.operands.isEmpty else {
      throw options.wrong("name a site file or a folder of them", "请指定路口文件或其文件夹")
    }
    let report = check(options.operands)
    switch format {
    case .text: report.tell(in: options.language)
    case .json: say(try indentedJSON(CheckJSON(report, in: options.language)))
    case .sarif: say(try indentedJSON(SARIFLog(report, in: options.language)))
    }
    return report.status(isStrict: options.has("--strict"))
  }

  /// The configuration files that lie beside site files in `folders`; who is no folder has none.
  private static func configurations(in folders: [String]) -> [String] {
    folders.map { ($0.hasSuffix("/") ? $0 : $0 + "/") + "greensplit.yaml" }
      .filter { access($0, F_OK) == 0 }
  }

  private static func check(_ paths: [String]) -> CheckReport {
    var report = CheckReport()
    let others = paths.filter { !DaemonFile.isNamed($0) }
    let (sitePaths, profilePaths) = sortProfiles(others)
    if !sitePaths.isEmpty { report.check(sites: sitePaths) }
    for path in paths.filter(DaemonFile.isNamed) + configurations(in: others) {
      report.check(configuration: path)
    }
    for path in profilePaths { report.check(profile: path) }
    return report
  }
}

extension CheckReport {
  /// What is wrong with site files, what is in them, and what the trade would do otherwise.
  @discardableResult
  fileprivate mutating func check(sites paths: [String]) -> SiteSet {
    var findings: [Finding] = []
    let set = SiteSet.read(paths) { file, source in findings += lint(file, in: source) }
    add(set.errors)
    for file in set.files {
      addLacks(of: file)
      add(file.path, file.summary)
    }
    add(findings)
    return set
  }

  /// Likewise of a configuration file, with the sites that it names.
  fileprivate mutating func check(configuration path: String) {
    switch DaemonFile.read(path) {
    case .failure(let errors): add(errors.errors)
    case .success(let settings):
      let summary = settings.summary
      add(
        path,
        Phrase("\(path): \(summary.text(.english))", "\(path)：\(summary.text(.chinese))"))
      guard !settings.sites.isEmpty else { return }
      let set = check(sites: settings.sites)
      let sites = set.files.map(\.intersection)
      for words in settings.modesWithoutJunction(among: sites) {
        addStranger(words, .unknownJunction, in: path)
      }
      for words in settings.camerasWithoutDetector(among: sites) {
        addStranger(words, .unknownDetector, in: path)
      }
    }
  }

  fileprivate mutating func check(profile path: String) {
    switch readProfile(path) {
    case .success(let profile): add(path, profile.summary(of: path))
    case .failure(let errors): add(errors.errors)
    }
  }
}

extension CabinetProfile {
  /// One line for people: what the make can do.
  fileprivate func summary(of path: String) -> Phrase {
    let moments = capabilities.apply.map(\.rawValue).joined(separator: ", ")
    let (fencing, guarded) =
      capabilities.fencing ? ("fencing", "有任期号保护") : ("no fencing, one master", "无任期号保护、单一主站")
    let (reading, read) =
      capabilities.readBack ? ("read back", "可回读") : ("not read back", "不可回读")
    let lease = capabilities.lease.rawValue
    return Phrase(
      "\(path): profile \(name) (\(make)): \(points.count) points, \(fencing), lease by \(lease), "
        + "plans taken over at \(moments), \(reading)",
      "\(path)：型号描述文件 \(name)（\(make)）：\(points.count) 个点，\(guarded)，租约方式 \(lease)，"
        + "方案生效时刻 \(moments)，\(read)")
  }
}
