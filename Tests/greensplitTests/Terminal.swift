import Glibc
import Testing

/// A terminal at which a test sits.
final class Terminal {
  private let descriptor: Int32
  /// What a program opens to read from it.
  let path: String

  init() throws {
    descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    // TIOCSPTLCK and TIOCGPTN of <asm-generic/ioctls.h>: macros that Swift does not see.
    var (lock, number): (Int32, Int32) = (0, 0)
    try #require(ioctl(descriptor, 0x4004_5431, &lock) == 0, "a terminal")
    try #require(ioctl(descriptor, 0x8004_5430, &number) == 0, "a terminal's number")
    path = "/dev/pts/\(number)"
  }

  deinit { close(descriptor) }

  func type(_ line: String) { write(descriptor, line + "\n", line.utf8.count + 1) }
}
