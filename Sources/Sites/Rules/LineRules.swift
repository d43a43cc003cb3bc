import Phrases
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
        Phrase(
          "\(drop.line.words(.english)) here, but \(drops[0].line.words(.english)) in "
            + "\(drops[0].file.path) line \(drops[0].place.mark.line); all cabinets of a line speak alike",
          "此处为 \(drop.line.words(.chinese))，而 \(drops[0].file.path) 第 \(drops[0].place.mark.line) 行为 "
            + "\(drops[0].line.words(.chinese))；同一线路上的信号机参数必须一致"))
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
        Phrase(
          "unit \(drop.unit) on \(drop.line.device) is that of junction "
            + "\(shown(other.file.intersection.id)) in \(other.file.path) too; give each its own",
          "\(drop.line.device) 上的单元号 \(drop.unit) 已被 \(other.file.path) 中的路口 "
            + "\(shown(other.file.intersection.id)) 使用；每台应各有其号"))
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
private func overload(_ drops: [Drop], position: Int) -> Phrase {
  let line = drops[0].line
  func sum(at baud: Int) -> Double { drops.reduce(0) { $0 + $1.share(at: baud) } }
  let faster = SerialLine.bauds.first { $0 > line.baud && sum(at: $0) <= LineLoad.most }
  var remedies: [Phrase] = []
  if let faster {
    let share = percent(sum(at: faster))
    remedies.append(Phrase("\(faster) baud (\(share))", "\(faster) 波特（\(share)）"))
  }
  if position > 0 {
    let kept = drops[..<position].reduce(0) { $0 + $1.share(at: line.baud) }
    remedies.append(
      Phrase(
        "the first \(position) of them at \(line.baud) baud (\(percent(kept))), the others on "
          + "another line",
        "前 \(position) 台保持 \(line.baud) 波特（\(percent(kept))），其余接到另一条线路"))
  }
  remedies.append(Phrase("a slower pace", "放慢控制粒度"))
  let remedy = Phrase.joined(remedies, separator: Phrase("; or ", "；或 "))
  let each = drops.map { "\($0.file.intersection.id) \(percent($0.share(at: line.baud)))" }
  let cabinets = drops.count == 1 ? "1 cabinet" : "\(drops.count) cabinets"
  let (need, list) = (percent(sum(at: line.baud)), each.joined(separator: ", "))
  return Phrase(
    "\(cabinets) on \(line.device) would need \(need) of the line's time "
      + "at \(line.baud) baud (\(list)), and \(percent(LineLoad.most)) may be planned for; "
      + "what would hold: \(remedy.text(.english))",
    "\(line.device) 上的 \(drops.count) 台信号机在 \(line.baud) 波特下需占用线路时间的 \(need)（\(list)），"
      + "而至多可用 \(percent(LineLoad.most))；可行的办法：\(remedy.text(.chinese))")
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
  fileprivate func words(_ language: Language) -> String {
    Phrase(
      "\(baud) baud, parity \(parity.rawValue), \(stopBits) stop bit\(stopBits == 1 ? "" : "s")",
      "\(baud) 波特、校验 \(parity.rawValue)、\(stopBits) 个停止位"
    ).text(language)
  }
}
