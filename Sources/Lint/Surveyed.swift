import Signals
import Sites

extension Surveyed {
  func element(stage: Int) -> Element { Element(.stage, site.stages[stage].name) }

  /// The stages that may follow `stage`.
  func successors(of stage: Int) -> [Int] {
    site.stages.indices.filter { $0 != stage && site.changeTime(from: stage, to: $0) != nil }
  }

  /// The vehicle groups that lose their green when `stage` ends and some stage follows.
  private func ending(with stage: Int) -> [Int] {
    let next = successors(of: stage)
    return site.signalGroups.indices.filter { group in
      site.signalGroups[group].kind == .vehicle && site.serves(group, in: stage)
        && next.contains { !site.serves(group, in: $0) }
    }
  }

  /// The arms whose traffic sees yellow when `stage` ends.
  func endingApproaches(of stage: Int) -> [Int] {
    approaches(with: ending(with: stage)) { _ in true }
  }

  func approaches(with groups: [Int], _ isMeant: (Movement) -> Bool) -> [Int] {
    site.approaches.indices.filter { approach in
      site.laneGroups.contains { lanes in
        lanes.approach == approach
          && lanes.movements.contains { movement in
            isMeant(movement) && (movement.signalGroup.map(groups.contains) ?? false)
          }
      }
    }
  }

  /// The vehicle groups that lose their green from `from` to `to` and conflict with one that begins there.
  func clearing(from: Int, to: Int) -> [Int] {
    let starting = site.signalGroups.indices.filter {
      site.serves($0, in: to) && !site.serves($0, in: from)
    }
    return site.signalGroups.indices.filter { group in
      site.signalGroups[group].kind == .vehicle && site.serves(group, in: from)
        && !site.serves(group, in: to)
        && site.signalGroups[group].conflicts.contains(where: starting.contains)
    }
  }
}

/// The next whole tenth of a second; what rounding leaves of a whole tenth is none.
func roundedUp(_ seconds: Double) -> Tenths {
  Tenths(Int((seconds * 10 - 1e-6).rounded(.up)))
}

/// Without ".0" where there is nothing behind the point, to a hundredth.
func plain(_ value: Double) -> String {
  let text = "\((value * 100).rounded() / 100)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// A speed in m/s as people read it.
func kilometresPerHour(_ speed: Double) -> String { "\(plain(speed * 3.6)) km/h" }
