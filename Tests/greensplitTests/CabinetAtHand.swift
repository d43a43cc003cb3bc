import Cabinets
import Locking
import Modbus
import Signals
import Simulation

@testable import greensplit

/// A virtual cabinet on real Modbus TCP at which a test does what people do at a cabinet.
final class CabinetAtHand: Sendable {
  private let clock: DaemonClock
  private let cabinet: Guarded<VirtualCabinet>
  private let server: ModbusServer

  /// A cabinet of `junction` on a port of the system's choice.
  init(of junction: Intersection, clock: DaemonClock) throws {
    let cabinet = Guarded(VirtualCabinet(intersection: junction, at: clock.now()))
    server = try ModbusServer(port: 0) { request in
      cabinet.withLock { cabinet in
        cabinet.advance(to: clock.now())
        return cabinet.answer(request.forCabinet).mapError(\.onTheWire)
      }
    }
    self.cabinet = cabinet
    self.clock = clock
  }

  /// Where it listens.
  var address: String { "127.0.0.1:\(server.port)" }

  /// Who decides what its lamps show.
  var source: ControlSource {
    cabinet.withLock { cabinet in
      cabinet.advance(to: clock.now())
      return cabinet.source
    }
  }

  /// Somebody switches it.
  func set(_ source: ControlSource) {
    cabinet.withLock { $0.setSource(source, at: clock.now()) }
  }

  /// Somebody loads another site configuration.
  func setRevision(_ revision: UInt16) {
    cabinet.withLock { $0.setSiteRevision(revision) }
  }

  /// It loses its mains for a moment, and the link with them.
  func restart() {
    server.suspend()
    cabinet.withLock { $0.restart(at: clock.now()) }
    server.resume()
  }

  /// Another takes its place, with the same address, after so many simulated seconds.
  func replace(by junction: Intersection, _ settings: CabinetSettings, after seconds: Double) async
  {
    server.suspend()
    try? await Task.sleep(for: .nanoseconds(clock.nanoseconds(seconds)))
    cabinet.withLock {
      $0 = VirtualCabinet(intersection: junction, settings: settings, at: clock.now())
    }
    server.resume()
  }
}
