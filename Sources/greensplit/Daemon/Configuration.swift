import Feeds
import Junctions
import Phrases
import Settings
import Signals
import Sites

/// What the daemon was asked to do.
struct Configuration: Sendable {
  /// The configuration file; `nil` without one.
  let file: String?
  /// Site files, or folders of them.
  let sites: [String]
  /// Cabinets that the command line names; they go before those of the site files.
  let cabinets: [String: CabinetAddress]
  /// What counts come from.
  let feeds: DaemonSettings
  let historyPath: String?
  /// The lowest epoch to use; the history may already be further.
  let epoch: UInt32?
  let retentionDays: Int
  /// Where the switch and the log of writes are; `nil` for neither.
  let stateFolder: String?
  let writeLimit: WriteLimit
  /// Whether nothing is written to any cabinet, whatever the configuration file says (建议模式).
  let isAdvising: Bool
  /// Where persons and programs of this machine tell what they want; `nil` for nowhere.
  let controlPath: String?
  /// The longest that an override may last, s.
  let longestOverride: Double
  let queues: Int
  let clock: DaemonClock

  /// Reads the site files.
  ///
  /// - Parameter isReload: Whether junctions may have gone since the command line was written, so
  ///   that it may name cabinets of junctions that no file has.
  /// - Returns: A junction and its cabinet for each, or every error in words.
  func assignments(isReload: Bool) -> Result<[Fleet.Assignment], Failure> {
    let set = SiteSet.read(sites)
    guard set.errors.isEmpty else { return .failure(Failure(set.errors)) }
    var assignments: [Fleet.Assignment] = []
    var missing: [String] = []
    for file in set.files {
      let site = file.intersection
      if let cabinet = cabinets[site.id] ?? site.cabinet {
        assignments.append(
          Fleet.Assignment(
            site: site, cabinet: cabinet, profile: file.profile, lacks: file.lacks))
      } else {
        missing.append(site.id)
      }
    }
    let ids = Set(set.files.map(\.intersection.id))
    let unknown = cabinets.keys.sorted().filter { !ids.contains($0) }
    if !missing.isEmpty {
      return .failure(
        Failure(
          "no cabinet for \(missing.joined(separator: ", ")): write cabinet.connect into the "
            + "site file, or --cabinets \(missing[0])=ADDRESS:PORT",
          "\(missing.joined(separator: ", ")) 没有信号机：请在路口文件中写 cabinet.connect，"
            + "或写 --cabinets \(missing[0])=地址:端口"))
    }
    if !unknown.isEmpty && !isReload {
      return .failure(
        Failure(
          "--cabinets names \(unknown.joined(separator: ", ")), which no site file has",
          "--cabinets 所写的 \(unknown.joined(separator: ", ")) 不在任何路口文件中"))
    }
    return sharedCabinet(assignments).map { .failure($0) } ?? .success(assignments)
  }

  /// Which of `sites` are controlled and which only advised on.
  ///
  /// - Parameters:
  ///   - sites: The junctions that there are.
  ///   - isReload: Whether the configuration file may have changed since it was read.
  /// - Returns: The modes that hold now.
  /// - Throws: What is wrong with the file, or which junctions of it there are not.
  func modes(among sites: [Intersection], isReload: Bool) throws(Failure) -> JunctionModes {
    var settings = feeds
    if isReload, let file {
      do throws(SiteErrors) {
        settings = try DaemonFile.read(file).get()
      } catch {
        throw Failure(error.errors)
      }
    }
    let strangers = settings.modesWithoutJunction(among: sites)
    guard strangers.isEmpty else {
      throw Failure(.joined(strangers, separator: Phrase(name: "\n")))
    }
    return isAdvising ? JunctionModes(.advise) : settings.modes
  }

  /// Two junctions on one cabinet would write over each other for ever.
  private func sharedCabinet(_ assignments: [Fleet.Assignment]) -> Failure? {
    var owners: [CabinetAddress.Device: String] = [:]
    for one in assignments {
      if let owner = owners.updateValue(one.site.id, forKey: one.cabinet.device) {
        return Failure(
          "\(owner) and \(one.site.id) name the same cabinet, \(one.cabinet); each junction "
            + "has one of its own",
          "\(owner) 与 \(one.site.id) 写了同一台信号机 \(one.cabinet)；每个路口应有各自的信号机")
      }
    }
    return nil
  }
}

extension Failure {
  /// Errors of files, each with its place.
  fileprivate init(_ errors: [SiteError]) {
    let (english, chinese) = (errors.map { $0.text(.english) }, errors.map { $0.text(.chinese) })
    self.init(english.joined(separator: "\n"), chinese.joined(separator: "\n"))
  }
}

extension DaemonSettings {
  /// What is wrong with junctions that are to be controlled or advised on and that no site file has, in
  /// words.
  func modesWithoutJunction(among sites: [Intersection]) -> [Phrase] {
    let known = Set(sites.map(\.id))
    return modes.exceptions.keys.filter { !known.contains($0) }.sorted().map { id in
      let key = modes.mode(of: id).rawValue
      return Phrase(
        "\(key): names the junction \(id), which no site file has",
        "\(key): 所写的路口 \(id) 不在任何路口文件中")
    }
  }

  /// What is wrong with cameras whose detectors no site file has, in words.
  func camerasWithoutDetector(among sites: [Intersection]) -> [Phrase] {
    let known = Set(sites.flatMap(\.detectors).map(\.id))
    return cameras.flatMap { camera in
      camera.lanes.filter { !known.contains($0.meant) }.map {
        Phrase(
          "camera \(camera.name): lane \($0.said) is the detector \($0.meant), which no site file has",
          "相机 \(camera.name)：车道 \($0.said) 对应检测器 \($0.meant)，而它不在任何路口文件中")
      }
    }
  }
}
