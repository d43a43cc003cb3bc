import CSystemd

/// What the service manager is told, through libsystemd; nothing happens when it did not start us.
enum ServiceManager {
  /// The configuration is read and every junction is being controlled.
  static func ready(_ status: String) { notify("READY=1\nSTATUS=\(status)") }

  /// A reload begins; `monotonic` is CLOCK_MONOTONIC in microseconds, as notify-reload wants it.
  static func reloading(monotonic: UInt64) {
    notify("RELOADING=1\nMONOTONIC_USEC=\(monotonic)\nSTATUS=reading the configuration again")
  }

  /// The daemon is going down.
  static func stopping() { notify("STOPPING=1\nSTATUS=finishing exchanges in hand") }

  /// The daemon's timers still run.
  static func alive() { notify("WATCHDOG=1") }

  /// A line for `systemctl status`.
  static func status(_ text: String) { notify("STATUS=\(text)") }

  /// How often `alive` is wanted, in microseconds: half the watchdog's patience; `nil` without one.
  static var watchdogInterval: UInt64? {
    var microseconds: UInt64 = 0
    guard sd_watchdog_enabled(0, &microseconds) > 0, microseconds > 0 else { return nil }
    return microseconds / 2
  }

  private static func notify(_ state: String) { _ = sd_notify(0, state) }
}
