import Glibc

/// How many descriptors this process may have open. Every link is one, and a process that runs out of
/// them loses links, feeds and history by turns; so what is needed is asked for before the first.
public enum DescriptorLimit {
  /// Descriptors beside the links: feeds with their senders, the history, the log, Dispatch's own.
  public static let beside = 512

  /// The limit is too low and cannot be raised.
  public struct Shortage: Error, Sendable, Equatable, CustomStringConvertible {
    /// Links that were to be opened.
    public let links: Int
    /// Descriptors that these need, with all others.
    public let needed: Int
    /// What the system allows.
    public let limit: Int

    /// For the person who must act.
    public var description: String {
      "\(links) cabinets need \(needed) descriptors (open files), the system allows \(limit): set "
        + "LimitNOFILE=\(needed) in the service's unit, or ulimit -n \(needed) in the shell that "
        + "starts it"
    }
  }

  /// Sees to it that `links` connections can be open together. Raises the soft limit where that is
  /// enough, and the hard one where this process may.
  public static func raise(forLinks links: Int) throws(Shortage) {
    let needed = links + beside
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(resource, &limit) == 0, Int(clamping: limit.rlim_cur) < needed else { return }
    let highest = Int(clamping: limit.rlim_max)
    let wanted = rlimit(
      rlim_cur: rlim_t(needed), rlim_max: rlim_t(max(needed, highest)))
    guard withUnsafePointer(to: wanted, { setrlimit(resource, $0) }) == 0 else {
      throw Shortage(links: links, needed: needed, limit: highest)
    }
  }
}
