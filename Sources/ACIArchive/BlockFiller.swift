/// Fills blocks with the uncompressed stream, ahead of its reader on a thread of its own once the image turns out to
/// be large: inflating takes about as long as hashing, and both longer than checking.
///
/// One owner takes the blocks; it calls `stop()` in the end.
final class BlockFiller: @unchecked Sendable {
  // Unchecked: `ready` changes under the monitor's lock only; `decompressor` and `expanded` belong to the owner until
  // the thread is started, and to the thread from then on.

  private enum Outcome {
    case block(StreamBlock)
    case end(storedBytes: Int64)
    case failure(ArchiveError)
  }

  /// Bytes that are expanded before a thread is worth its start.
  private static let threshold = 1 << 20
  /// The digest, the sink and whoever writes files like large pieces.
  private static let blockSize = 256 << 10
  /// Of a file whose content is mostly left out; much of a larger block would be read in vain.
  private static let sparingBlockSize = 16 << 10

  private let decompressor: any Decompressor
  private let limits: ArchiveLimits
  private let pool: StreamBlockPool
  private let monitor = Monitor()
  private var ready: [Outcome] = []
  private var expanded: Int64 = 0
  private var mayStartThread: Bool
  private var thread: WorkerThread?

  /// Prepares to fill; nothing is read yet.
  ///
  /// - Parameters:
  ///   - mayUseThread: off for a source that can block for ever, for nobody could stop a thread that reads from it.
  ///   - skips: whether content is left out.
  init(_ decompressor: any Decompressor, limits: ArchiveLimits, mayUseThread: Bool, skips: Bool) {
    pool = StreamBlockPool(blockSize: skips ? Self.sparingBlockSize : Self.blockSize)
    self.decompressor = decompressor
    self.limits = limits
    mayStartThread = mayUseThread
  }

  /// The next block, full but for the last one; nil at the stream's end, and then `storedBytes` is how much of the
  /// source was used in all.
  func next(storedBytes: inout Int64) throws(ArchiveError) -> StreamBlock? {
    if mayStartThread, expanded >= BlockFiller.threshold {
      mayStartThread = false
      thread = WorkerThread.start { self.run() }
    }
    switch thread == nil ? fill() : waitForNext() {
    case .block(let block):
      storedBytes = block.storedBytes
      return block
    case .end(let count):
      storedBytes = count
      return nil
    case .failure(let error): throw error
    }
  }

  /// Leaves out the next bytes of a stream that is not compressed.
  func skip(_ count: Int64) throws(ArchiveError) {
    try decompressor.skip(count)
    expanded += count
    try limits.checkExpansion(expanded: expanded, compressed: decompressor.consumed)
  }

  /// Ends the thread.
  func stop() {
    pool.close()
    thread?.join()
    thread = nil
  }

  private func waitForNext() -> Outcome {
    monitor.withLock {
      monitor.wait { !ready.isEmpty }
      // The end and a failure stay, for the thread puts nothing after them.
      if case .block = ready[0] { return ready.removeFirst() }
      return ready[0]
    }
  }

  private func run() {
    while true {
      let outcome = fill()
      monitor.withLock {
        ready.append(outcome)
        monitor.signalAll()
      }
      guard case .block = outcome else { return }
    }
  }

  /// Fills a whole block.
  private func fill() -> Outcome {
    guard let block = pool.take() else { return .end(storedBytes: decompressor.consumed) }
    do throws(ArchiveError) {
      while !block.free.isEmpty {
        let count = try decompressor.read(into: block.free)
        guard count > 0 else { break }
        block.fill(count)
        expanded += Int64(count)
        try limits.checkExpansion(expanded: expanded, compressed: decompressor.consumed)
      }
    } catch {
      return .failure(error)
    }
    block.storedBytes = decompressor.consumed
    return block.count > 0 ? .block(block) : .end(storedBytes: decompressor.consumed)
  }
}
