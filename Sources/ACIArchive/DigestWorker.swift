import AppcSchema

/// Hashes the blocks of a stream in order, on a thread of its own once the stream turns out to be large:
/// decompressing and hashing take about as long as each other.
///
/// One owner submits; it calls `stop()` or `finish()` in the end.
final class DigestWorker: @unchecked Sendable {
  // Unchecked: `blocks`, the counters, `isClosed` and `failure` change under the monitor's lock only;
  // `digest` belongs to the thread from its start until it is joined, and to the owner before and after.

  /// Bytes hashed before a thread is worth its start.
  private static let threshold = 1 << 20

  private let monitor = Monitor()
  private var digest: ImageDigest?
  private var blocks: [StreamBlock] = []
  private var isBusy = false
  private var isClosed = false
  private var failure: ArchiveError?
  private var thread: WorkerThread?
  private var inlineBytes = 0

  init() throws(ArchiveError) {
    digest = try ImageDigest()
  }

  /// Hashes a block now or soon.
  ///
  /// - Throws: what hashing an earlier block threw.
  func submit(_ block: StreamBlock) throws(ArchiveError) {
    if thread == nil, inlineBytes >= DigestWorker.threshold { start() }
    guard thread != nil else {
      inlineBytes += block.count
      return try digest?.update(block.bytes) ?? ()
    }
    let failure = monitor.withLock {
      blocks.append(block)
      monitor.signalAll()
      return self.failure
    }
    if let failure { throw failure }
  }

  /// The image ID of all blocks.
  ///
  /// To be called once.
  func finish() throws(ArchiveError) -> ImageID {
    if thread != nil { monitor.withLock { monitor.wait { blocks.isEmpty && !isBusy } } }
    stop()
    if let failure { throw failure }
    guard let digest = digest.take() else {
      throw .reading(.unsupported, "the image ID was already taken")
    }
    return try digest.finish()
  }

  /// Ends the thread; blocks that it has not begun are given up.
  func stop() {
    guard let running = thread else { return }
    monitor.withLock {
      isClosed = true
      blocks = []
      monitor.signalAll()
    }
    running.join()
    thread = nil
  }

  private func start() {
    thread = WorkerThread.start { self.run() }
    if thread == nil { inlineBytes = .min / 2 }  // no thread to be had: not asked for again soon
  }

  private func run() {
    while let block = take() {
      do throws(ArchiveError) {
        try withExtendedLifetime(block) { () throws(ArchiveError) in try digest?.update(block.bytes) }
      } catch {
        monitor.withLock { failure = error }
      }
    }
  }

  private func take() -> StreamBlock? {
    monitor.withLock {
      isBusy = false
      monitor.signalAll()
      monitor.wait { !blocks.isEmpty || isClosed }
      guard !isClosed else { return nil }
      isBusy = true
      return blocks.removeFirst()
    }
  }
}
