import Glibc

/// Leaves everything to Dispatch's queues, of which the main thread is none, and keeps `service`
/// alive. `dispatchMain` would end the main thread: what its stack holds would then hang in the air,
/// which the address sanitizer rightly calls a leak.
func sleepForEver(holding service: AnyObject) -> Never {
  withExtendedLifetime(service) { while true { pause() } }
}
