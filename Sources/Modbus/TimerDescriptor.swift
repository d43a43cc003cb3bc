import CModbus
import Glibc

/// A timer that can be waited for like a socket. Read by nobody: setting it anew makes it quiet.
final class TimerDescriptor {
  let descriptor: Int32

  /// A timer that is not set; `nil` if the system has no descriptor left, `errno` says why.
  init?() {
    descriptor = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC) | Int32(TFD_NONBLOCK))
    guard descriptor >= 0 else { return nil }
  }

  deinit { close(descriptor) }

  /// Becomes ready when `due` has passed on the clock of `monotonicNanoseconds`; never for `max`.
  func set(for due: UInt64) {
    var time = itimerspec()
    if due != .max {
      time.it_value = timespec(
        tv_sec: Int(due / 1_000_000_000), tv_nsec: max(1, Int(due % 1_000_000_000)))
    }
    timerfd_settime(descriptor, Int32(TFD_TIMER_ABSTIME), &time, nil)
  }
}

/// Nanoseconds on the clock of deadlines and ticks.
func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
