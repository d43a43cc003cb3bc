import Cabinets
import Profiles
import Signals

/// How much of a serial line's time one cabinet takes, from what is asked of it and how long each frame
/// lasts.
///
/// A request and its answer take their characters, the cabinet's turnaround between them, and a silence
/// behind each. Characters of a frame: a read asks with 8 and is answered with 5 and two for each
/// register; a write asks with 9 and two for each register and is answered with 8.
struct LineLoad {
  /// Share of a line's time that may be planned for. The rest is for cabinets that come back: one is
  /// then asked for all its tables, while the others must not wait.
  static let most = 0.8

  /// Requests of one kind.
  private struct Traffic {
    let isWrite: Bool
    let registers: Int
    let perSecond: Double

    var characters: Int { isWrite ? 9 + 2 * registers + 8 : 8 + 5 + 2 * registers }
  }

  private let traffic: [Traffic]

  /// What the daemon asks of the cabinet of `site` under the reference map, plans as often as the
  /// site's pace can bring them.
  init(of site: Intersection) {
    let plans = Self.plansPerSecond(site)
    let lease = site.control.lease.seconds
    func read(_ block: RegisterBlock, _ perSecond: Double) -> Traffic {
      Traffic(isWrite: false, registers: Int(block.length), perSecond: perSecond)
    }
    func write(_ block: RegisterBlock, _ perSecond: Double) -> Traffic {
      Traffic(isWrite: true, registers: Int(block.length), perSecond: perSecond)
    }
    traffic = [
      read(RegisterMap.live, 1),
      write(RegisterMap.plan, plans), read(RegisterMap.result, plans),
      read(RegisterMap.active, plans),
      write(RegisterMap.heartbeat, 3 / lease),
      read(RegisterMap.identity, 1.0 / 60), read(RegisterMap.result, 1.0 / 60),
      read(RegisterMap.clock, 1.0 / 600),
    ]
  }

  /// What the daemon asks of the cabinet of `site`, which is of the make `profile`.
  init(of site: Intersection, _ profile: CabinetProfile) {
    func traffic(_ requests: [CabinetRequest], _ perSecond: Double) -> [Traffic] {
      requests.map { request in
        switch request {
        case .read(_, let count):
          Traffic(isWrite: false, registers: Int(count), perSecond: perSecond)
        case .write(_, let values):
          Traffic(isWrite: true, registers: values.count, perSecond: perSecond)
        }
      }
    }
    let order = OrderValues(
      plan: site.plans[0].plan, epoch: 1, sequence: 1,
      leaseSeconds: profile.capabilities.leaseSeconds)
    // A plan that cannot be said is refused by another rule.
    let orders = (try? OrderWriter(profile, order: order))?.requests ?? []
    let renewals = (try? OrderWriter(profile, renewing: order))?.requests ?? []
    self.traffic =
      traffic(profile.statusRequests, 1) + traffic(orders, Self.plansPerSecond(site))
      + traffic(renewals, 3 / Double(profile.capabilities.leaseSeconds))
  }

  /// Seconds of each second on `line`.
  func share(of line: SerialLine, turnaround: Double) -> Double {
    traffic.reduce(0) { sum, traffic in
      let exchange =
        Double(traffic.characters) * line.characterTime + turnaround + 2 * line.gap
      return sum + exchange * traffic.perSecond
    }
  }

  /// The most plans that the pace of `site` brings.
  private static func plansPerSecond(_ site: Intersection) -> Double {
    let shortest: Tenths
    switch site.control.pace {
    case .cycle: shortest = site.limits.minimumCycle
    case .stage:
      shortest =
        site.stages.map { $0.shortestGreen + $0.greenFlash + $0.yellow + $0.allRed }.min()
        ?? .seconds(1)
    case .second: shortest = .seconds(1)
    }
    return 1 / max(shortest, site.limits.planInterval, .seconds(1)).seconds
  }
}
