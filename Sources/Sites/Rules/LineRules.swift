import Signals

/// The rules of serial lines that several cabinets share.

/// A cabinet on a serial line, and where its file says so.
private struct Drop {
  let file: SiteFile
  let place: Place
  let line: SerialLine
  let turnaround: Double
  let unit: UInt8

  init?(_ file: SiteFile) {
    guard let cabinet = file.intersection.cabinet, let place = file.cabinetPlace,
      case .serial(let line, let turnaround) = cabinet.way
    else { return nil }
    self.file = file
    self.place = place
    self.line = line
    self.turnaround = turnaround
    unit = cabinet.unit
  }
}

/// The cabinets of each line, lines and cabinets in the order of the files.
private func lines(of files: [SiteFile]) -> [[Drop]] {
  var found: [[Drop]] = []
  var positions: [String: Int] = [:]
  for drop in files.compactMap(Drop.init) {
    if let known = positions[drop.line.device] {
      found[known].append(drop)
    } else {
      positions[drop.line.device] = found.count
      found.append([drop])
    }
  }
  return found
}

/// All files say the same of a line.
func sameLines(_ files: [SiteFile]) -> [SiteError] {
  lines(of: files).flatMap { drops in
    drops.filter { $0.line != drops[0].line }.map { drop in
      drop.file.error(
        drop.place,
        "\(drop.line.words) here, but \(drops[0].line.words) in \(drops[0].file.path) line "
          + "\(drops[0].place.mark.line); all cabinets of a line speak alike")
    }
  }
}

/// No two cabinets of a line have the same unit.
func ownUnits(_ files: [SiteFile]) -> [SiteError] {
  lines(of: files).flatMap { drops in
    drops.indices.compactMap { position in
      let drop = drops[position]
      guard let other = drops[..<position].first(where: { $0.unit == drop.unit }) else {
        return nil
      }
      return drop.file.error(
        drop.place,
        "unit \(drop.unit) on \(drop.line.device) is that of junction "
          + "\(shown(other.file.intersection.id)) in \(other.file.path) too; give each its own")
    }
  }
}

/// What is asked of the cabinets of a line has room on it.
func roomOnLines(_ files: [SiteFile]) -> [SiteError] {
  lines(of: files).compactMap { drops in
    var sum = 0.0
    for (position, drop) in drops.enumerated() {
      sum += drop.share(at: drops[0].line.baud)
      guard sum > LineLoad.most else { continue }
      return drop.file.error(drop.place, overload(drops, position: position))
    }
    return nil
  }
}

/// What `drops` ask of their line, and what would hold; the one at `position` is the first too many.
private func overload(_ drops: [Drop], position: Int) -> String {
  let line = drops[0].line
  func sum(at baud: Int) -> Double { drops.reduce(0) { $0 + $1.share(at: baud) } }
  let faster = SerialLine.bauds.first { $0 > line.baud && sum(at: $0) <= LineLoad.most }
  var remedies = faster.map { ["\($0) baud (\(percent(sum(at: $0))))"] } ?? []
  if position > 0 {
    let kept = drops[..<position].reduce(0) { $0 + $1.share(at: line.baud) }
    remedies.append(
      "the first \(position) of them at \(line.baud) baud (\(percent(kept))), the others on another "
        + "line")
  }
  remedies.append("a slower pace")
  let each = drops.map { "\($0.file.intersection.id) \(percent($0.share(at: line.baud)))" }
  let cabinets = drops.count == 1 ? "1 cabinet" : "\(drops.count) cabinets"
  return
    "\(cabinets) on \(line.device) would need \(percent(sum(at: line.baud))) of the line's time "
    + "at \(line.baud) baud (\(each.joined(separator: ", "))), and \(percent(LineLoad.most)) may be "
    + "planned for; what would hold: \(remedies.joined(separator: "; or "))"
}

private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded(.up))) %" }

extension Drop {
  /// Share of the line's time if it had `baud`.
  fileprivate func share(at baud: Int) -> Double {
    let line = SerialLine(
      device: line.device, baud: baud, parity: line.parity, stopBits: line.stopBits)
    let site = file.intersection
    let load = file.profile.map { LineLoad(of: site, $0) } ?? LineLoad(of: site)
    return load.share(of: line, turnaround: turnaround)
  }
}

extension SerialLine {
  /// How its characters are sent, for people.
  fileprivate var words: String {
    "\(baud) baud, parity \(parity.rawValue), \(stopBits) stop bit\(stopBits == 1 ? "" : "s")"
  }
}
