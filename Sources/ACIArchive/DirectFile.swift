import Glibc

/// The file of an image that is not compressed: the content of an entry can be read from where it lies, by any thread
/// and in any order.
///
/// It has a descriptor of its own, so that it outlives the source's.
final class DirectFile: Sendable {
  private let file: OwnedDescriptor
  /// Where the stream begins in the file.
  private let base: Int64

  /// Nil when `source` is no regular file.
  init?(_ source: CInt) {
    var status = stat()
    guard fstat(source, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let position = lseek(source, 0, SEEK_CUR)
    guard position >= 0, let raw = try? Kernel.glibc({ fcntl(source, F_DUPFD_CLOEXEC, 3) }) else {
      return nil
    }
    base = Int64(position)
    file = OwnedDescriptor(taking: raw)
  }

  /// Reads at an offset in the stream; 0 at its end.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(ArchiveError) -> Int {
    let raw = file.raw
    let count = retryingInterrupts(moving: buffer.count) {
      pread(raw, buffer.baseAddress, $0, off_t(base &+ offset))
    }
    guard count >= 0 else { throw .system(errno, "read image", "", "the file cannot be read") }
    return count
  }
}
