import Cabinets
import Dispatch
import Locking
import Modbus
import Profiles
import Signals

/// A virtual cabinet behind the registers of another make.
final class CabinetProfileService: Sendable {
  private let cabinet: Guarded<(profiled: ProfiledCabinet, told: ControlSource)>
  private let clock: DaemonClock

  init(_ profile: CabinetProfile, at junction: Intersection, clock: DaemonClock) {
    let profiled = ProfiledCabinet(profile, at: junction, at: clock.now())
    cabinet = Guarded((profiled, profiled.cabinet.source))
    self.clock = clock
  }

  /// Serves it on `host`:`port`.
  func serve(host: String, port: UInt16, unit: UInt8) throws(ModbusServerFailure) -> ModbusServer {
    try ModbusServer(host: host, port: port, unit: unit) { self.answer($0) }
  }

  /// Serves it on a serial line.
  func serve(_ line: SerialLine, unit: UInt8) throws(SerialFailure) -> ModbusSerialServer {
    try ModbusSerialServer(
      SerialSettings(line), units: [(unit, { @Sendable request in self.answer(request) })])
  }

  private func answer(_ request: ModbusRequest) -> Result<[UInt16], ModbusException> {
    cabinet.withLock { cabinet in
      advance(&cabinet)
      return cabinet.profiled.answer(request.forCabinet).mapError(\.onTheWire)
    }
  }

  /// Lets time pass, and says when control goes from one to another.
  func advance() { cabinet.withLock { advance(&$0) } }

  private func advance(_ cabinet: inout (profiled: ProfiledCabinet, told: ControlSource)) {
    let now = clock.now()
    cabinet.profiled.advance(to: now)
    let (before, after) = (cabinet.told, cabinet.profiled.cabinet.source)
    guard before != after else { return }
    cabinet.told = after
    Log.write(
      after == .central ? .notice : .warning, "control source changed", at: now.utc,
      [
        ("junction", cabinet.profiled.cabinet.intersection.id), ("from", "\(before)"),
        ("to", "\(after)"),
      ])
  }
}
