import Dispatch
import Modbus
import Signals

/// What serves virtual cabinets: a server on the network for each, or one for a serial line.
enum Servers: Sendable {
  case network([ModbusServer])
  case serial(ModbusSerialServer)

  /// Cuts all of them off `after` s of the clock, for `length`.
  func cutOff(_ time: (after: Double, length: Double), clock: DaemonClock) {
    let after = DispatchTime.now() + .nanoseconds(clock.nanoseconds(time.after))
    DispatchQueue.global().asyncAfter(deadline: after) { @Sendable in
      Log.write(
        .warning, "network cut off", at: clock.now().utc, [("seconds", "\(time.length)")])
      let seconds = time.length / clock.speed
      switch self {
      case .network(let servers): for server in servers { server.cutOff(seconds: seconds) }
      case .serial(let server): server.cutOff(seconds: seconds)
      }
    }
  }
}
