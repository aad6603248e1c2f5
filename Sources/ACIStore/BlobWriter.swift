import ACIArchive
import Synchronization
import SystemPackage

/// Writes a blob from front to back, and keeps the disk busy meanwhile: what waits for the sync in the end is then
/// little, however large the image.
final class BlobWriter: Sendable {
  /// How much is written before the disk is told of it, in bytes.
  private static let step: Int64 = 8 << 20

  private struct State {
    var written: Int64 = 0
    var started: Int64 = 0
  }

  private let file: Int32
  private let state = Mutex(State())

  /// The caller keeps the descriptor open.
  init(_ file: Int32) {
    self.file = file
  }

  /// Appends bytes.
  func write(_ bytes: UnsafeRawBufferPointer) throws(Errno) {
    try Kernel.writeAll(file, bytes)
    let due: (offset: Int64, count: Int64)? = state.withLock { state in
      state.written += Int64(bytes.count)
      guard state.written - state.started >= Self.step else { return nil }
      defer { state.started = state.written }
      return (state.started, state.written - state.started)
    }
    if let due { Kernel.startWriting(file, from: due.offset, due.count) }
  }
}
