public import Control
import FoundationEssentials
import Junctions
public import Signals

/// How a junction was set up in a session, as it is kept in the history: the values that the site files
/// came to, options included, so that it does not matter what becomes of the files.
public struct SiteSnapshot: Sendable, Equatable, Codable {
  /// The junction.
  public let site: Intersection

  /// Cameras of other junctions whose vehicles come here.
  public let inbound: [InboundDetector]

  /// `site`, to which `inbound` cameras tell what comes.
  public init(site: Intersection, inbound: [InboundDetector]) {
    self.site = site
    self.inbound = inbound
  }

  /// Canonical text: the same configuration gives the same bytes.
  var text: String { json(self) }

  /// Reads `text`; `nil` if it was written by a program whose junctions were other ones.
  init?(text: String) {
    guard let read = try? JSONDecoder().decode(SiteSnapshot.self, from: Data(text.utf8)) else {
      return nil
    }
    self = read
  }

  /// Whether decisions follow from it as from `other`: where the cabinet listens does not matter.
  func decides(as other: SiteSnapshot) -> Bool {
    inbound == other.inbound && site.withoutCabinet == other.site.withoutCabinet
  }
}

extension ControllerState {
  /// Canonical text. It may hold what no JSON number can.
  var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let text = try? encoder.encode(self) else { return "" }
    return String(decoding: text, as: UTF8.self)
  }

  /// Reads `text`; `nil` if it was written by a program that gathers something else.
  public init?(text: String) {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let read = try? decoder.decode(ControllerState.self, from: Data(text.utf8)) else {
      return nil
    }
    self = read
  }
}

extension Intersection {
  fileprivate var withoutCabinet: Intersection {
    Intersection(
      id: id, name: name, timeZoneMinutes: timeZoneMinutes, approaches: approaches,
      signalGroups: signalGroups, laneGroups: laneGroups, crossings: crossings, stages: stages,
      changes: changes, detectors: detectors, limits: limits, plans: plans, schedule: schedule,
      control: control, health: health)
  }
}
