import Glibc

/// An open serial device in raw mode, of this process alone; it is closed when nobody holds it any more.
///
/// Its calls never block.
final class SerialPort: Sendable {
  let descriptor: Int32

  /// Opens a device.
  init(_ settings: SerialSettings) throws(SerialFailure) {
    let made = open(settings.device, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard made >= 0 else { throw Self.failure(settings, errno) }
    descriptor = made
    guard isatty(made) == 1 else {
      throw SerialFailure(description: "\(settings.device) is no serial device")
    }
    // Two masters on one line would garble each other's frames.
    guard flock(made, LOCK_EX | LOCK_NB) == 0 else {
      throw SerialFailure(description: "\(settings.device) is in use by another program")
    }
    try configure(settings)
  }

  deinit { close(descriptor) }

  /// Sends `bytes`; whether the device took all of them.
  func send(_ bytes: [UInt8]) -> Bool { write(descriptor, bytes, bytes.count) == bytes.count }

  /// What has come: no bytes if nothing has, `nil` if the device is gone.
  func receive() -> [UInt8]? {
    var got = 0
    var error: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: 512) { buffer, count in
      got = read(descriptor, buffer.baseAddress, buffer.count)
      error = errno
      count = max(0, got)
    }
    guard got <= 0 else { return bytes }
    return got < 0 && (error == EAGAIN || error == EINTR) ? [] : nil
  }

  /// Throws away what has come and was not read.
  func discardInput() { tcflush(descriptor, TCIFLUSH) }

  private func configure(_ settings: SerialSettings) throws(SerialFailure) {
    guard let speed = Self.speeds.first(where: { $0.baud == settings.baud })?.code else {
      throw SerialFailure(description: "\(settings.device): no line has \(settings.baud) baud")
    }
    var wanted = termios()
    guard tcgetattr(descriptor, &wanted) == 0 else { throw Self.failure(settings, errno) }
    cfmakeraw(&wanted)
    let framing = tcflag_t(PARENB | PARODD | CSTOPB)
    wanted.c_cflag &= ~(framing | tcflag_t(CRTSCTS))
    wanted.c_cflag |= tcflag_t(CREAD | CLOCAL) | Self.framing(settings)
    wanted.c_iflag &= ~tcflag_t(INPCK)
    if settings.parity != .none { wanted.c_iflag |= tcflag_t(INPCK) }
    cfsetispeed(&wanted, speed)
    cfsetospeed(&wanted, speed)
    guard tcsetattr(descriptor, TCSAFLUSH, &wanted) == 0 else {
      throw Self.failure(settings, errno)
    }
    // A device that cannot do something leaves it out and says nothing.
    var got = termios()
    guard tcgetattr(descriptor, &got) == 0 else { throw Self.failure(settings, errno) }
    guard got.c_cflag & framing == wanted.c_cflag & framing, cfgetospeed(&got) == speed else {
      throw SerialFailure(
        description: "\(settings.device) does not do \(settings.baud) baud, parity "
          + "\(settings.parity), \(settings.stopBits) stop bits; choose what it does")
    }
  }

  private static func framing(_ settings: SerialSettings) -> tcflag_t {
    let parity: Int32 =
      switch settings.parity {
      case .none: 0
      case .even: PARENB
      case .odd: PARENB | PARODD
      }
    return tcflag_t(parity | (settings.stopBits == 2 ? CSTOPB : 0))
  }

  private static let speeds: [(baud: Int, code: speed_t)] = [
    (1200, speed_t(B1200)), (2400, speed_t(B2400)), (4800, speed_t(B4800)),
    (9600, speed_t(B9600)), (19_200, speed_t(B19200)), (38_400, speed_t(B38400)),
    (57_600, speed_t(B57600)), (115_200, speed_t(B115200)),
  ]

  private static func failure(_ settings: SerialSettings, _ number: Int32) -> SerialFailure {
    let hint =
      number == EACCES ? "; the program's user must be in the device's group, often dialout" : ""
    return SerialFailure(
      description: "\(settings.device): cannot be used: \(reason(number))\(hint)")
  }
}
