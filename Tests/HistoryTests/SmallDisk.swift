import Glibc

/// A file system of 512 KiB in memory, which only root can make.
final class SmallDisk: Sendable {
  let directory: String

  /// Whether one can be made here: containers often forbid it.
  static let isAllowed = SmallDisk() != nil

  init?() {
    var template = Array("/tmp/greensplit-disk-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    guard mount("none", directory, "tmpfs", 0, "size=512k") == 0 else {
      rmdir(directory)
      return nil
    }
  }

  deinit {
    umount2(directory, Int32(MNT_DETACH))
    rmdir(directory)
  }

  private var filler: String { "\(directory)/filler" }

  /// Leaves no byte free.
  func fill() {
    let file = open(filler, O_WRONLY | O_CREAT, 0o600)
    let block = [UInt8](repeating: 0, count: 4096)
    while Glibc.write(file, block, block.count) > 0 {}
    close(file)
  }

  func makeRoom() { unlink(filler) }
}
