import Glibc
import SystemPackage
import Testing

/// A terminal of a test's own.
final class Terminal {
  // Macros that Swift does not import; the same on all architectures that we know.
  private static let unlock: UInt = 0x4004_5431
  private static let number: UInt = 0x8004_5430

  /// What a command is given as its standard error.
  let path: FilePath
  private let side: Int32
  /// Keeps what was written until it is read.
  private let otherSide: Int32

  init(columns: UInt16) throws {
    side = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (locked, name): (Int32, Int32) = (0, 0)
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    let isReady =
      side >= 0 && ioctl(side, Self.unlock, &locked) == 0 && ioctl(side, Self.number, &name) == 0
      && ioctl(side, UInt(TIOCSWINSZ), &size) == 0
    path = FilePath("/dev/pts/\(name)")
    otherSide = open(path.string, O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(isReady && otherSide >= 0, "no terminal can be made")
  }

  deinit {
    close(side)
    close(otherSide)
  }

  /// What was written to it, up to 64 KiB.
  func shown() -> String {
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = read(side, &bytes, bytes.count)
    return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
  }
}
