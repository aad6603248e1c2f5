import AppcSchema

/// Hashes the pieces of a stream in order, on a thread of its own once the stream turns out to be large:
/// decompressing and hashing take about as long as each other.
///
/// One owner submits; it calls `stop()` or `finish()` before the last piece's memory goes away.
final class DigestWorker: @unchecked Sendable {
  // Unchecked: `pieces`, the counters, `isClosed` and `failure` change under the monitor's lock only;
  // `digest` belongs to the thread from its start until it is joined, and to the owner before and after.

  /// Bytes hashed before a thread is worth its start.
  private static let threshold = 1 << 20

  private let monitor = Monitor()
  private var digest: ImageDigest?
  private var pieces: [UnsafeRawBufferPointer] = []
  private var submitted = 0
  private var completed = 0
  private var isClosed = false
  private var failure: ArchiveError?
  private var thread: WorkerThread?
  private var inlineBytes = 0

  init() throws(ArchiveError) {
    digest = try ImageDigest()
  }

  /// Hashes a piece now or soon; its bytes stay as they are until `wait(for:)` says that it is done.
  ///
  /// - Throws: what hashing an earlier piece threw.
  func submit(_ piece: UnsafeRawBufferPointer) throws(ArchiveError) {
    if thread == nil, inlineBytes >= DigestWorker.threshold { start() }
    guard thread != nil else {
      inlineBytes += piece.count
      submitted += 1
      completed += 1
      return try digest?.update(piece) ?? ()
    }
    let failure = monitor.withLock {
      pieces.append(piece)
      submitted += 1
      monitor.signalAll()
      return self.failure
    }
    if let failure { throw failure }
  }

  /// Waits until the first `count` pieces are hashed.
  func wait(for count: Int) {
    guard thread != nil else { return }
    monitor.withLock { monitor.wait { completed >= count } }
  }

  /// The image ID of all pieces.
  ///
  /// To be called once.
  func finish() throws(ArchiveError) -> ImageID {
    wait(for: submitted)
    stop()
    if let failure { throw failure }
    guard let digest = digest.take() else {
      throw .reading(.unsupported, "the image ID was already taken")
    }
    return try digest.finish()
  }

  /// Ends the thread; pieces that it has not begun are given up.
  func stop() {
    guard let running = thread else { return }
    monitor.withLock {
      isClosed = true
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
    while let piece = take() {
      do throws(ArchiveError) {
        try digest?.update(piece)
      } catch {
        monitor.withLock { failure = error }
      }
      monitor.withLock {
        completed += 1
        monitor.signalAll()
      }
    }
  }

  private func take() -> UnsafeRawBufferPointer? {
    monitor.withLock {
      monitor.wait { !pieces.isEmpty || isClosed }
      return isClosed ? nil : pieces.removeFirst()
    }
  }
}
