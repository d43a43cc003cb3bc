/// Where a cabinet is reached, and what it speaks there.
public struct CabinetAddress: Sendable, Hashable {
  /// What leads to a cabinet.
  public enum Way: Sendable, Hashable {
    /// Modbus TCP at a numeric IPv4 or IPv6 address, since a name server must not be able to stop
    /// control, and a port.
    case network(host: String, port: UInt16)
    /// Modbus RTU on a serial line. `turnaround` is the longest time from the last character of a
    /// request to the first of its answer, seconds.
    case serial(SerialLine, turnaround: Double)
  }

  /// What leads to it.
  public let way: Way

  /// Modbus unit identifier, 1 ... 247 or 255; never 0, which every unit of a bus obeys.
  public let unit: UInt8

  /// Path of the profile of its make; `nil` if it speaks the reference map.
  public let profile: String?

  /// The unit `unit` at the end of `way`.
  public init(way: Way, unit: UInt8, profile: String? = nil) {
    self.way = way
    self.unit = unit
    self.profile = profile
  }

  /// The unit `unit` at `host`:`port`, which speaks the reference map.
  public init(host: String, port: UInt16, unit: UInt8) {
    self.init(way: .network(host: host, port: port), unit: unit)
  }

  /// The device itself, whatever is said of how it speaks.
  public struct Device: Sendable, Hashable {
    private enum Place: Sendable, Hashable {
      case network(host: String, port: UInt16)
      case line(device: String)
    }

    private let place: Place
    private let unit: UInt8

    fileprivate init(_ address: CabinetAddress) {
      place =
        switch address.way {
        case .network(let host, let port): .network(host: host, port: port)
        case .serial(let line, _): .line(device: line.device)
        }
      unit = address.unit
    }
  }

  /// The device that is reached: two addresses of one device have the same.
  public var device: Device { Device(self) }
}

extension CabinetAddress: CustomStringConvertible {
  /// The address for people.
  public var description: String {
    switch way {
    case .network(let host, let port): "\(host):\(port) unit \(unit)"
    case .serial(let line, _): "\(line.device) unit \(unit)"
    }
  }
}

/// An address on the network has the same keys as before there were lines and profiles, so that
/// histories which hold it are still read.
extension CabinetAddress: Codable {
  private enum Key: String, CodingKey {
    case host, port, unit, line, turnaround, profile
  }

  /// Reads an address from a history.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    if let line = try values.decodeIfPresent(SerialLine.self, forKey: .line) {
      way = .serial(line, turnaround: try values.decode(Double.self, forKey: .turnaround))
    } else {
      way = .network(
        host: try values.decode(String.self, forKey: .host),
        port: try values.decode(UInt16.self, forKey: .port))
    }
    unit = try values.decode(UInt8.self, forKey: .unit)
    profile = try values.decodeIfPresent(String.self, forKey: .profile)
  }

  /// Writes it for a history.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    switch way {
    case .network(let host, let port):
      try values.encode(host, forKey: .host)
      try values.encode(port, forKey: .port)
    case .serial(let line, let turnaround):
      try values.encode(line, forKey: .line)
      try values.encode(turnaround, forKey: .turnaround)
    }
    try values.encode(unit, forKey: .unit)
    try values.encodeIfPresent(profile, forKey: .profile)
  }
}
