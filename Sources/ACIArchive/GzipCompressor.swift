import CAppcDeflate
import Glibc

/// gzip by libdeflate: each block becomes a member of its own, which readers join (RFC 1952, 2.2), so that
/// blocks can be compressed on all processors.
///
/// Members are written in order; the result does not depend on the threads. Threads are started with the
/// second block: small images need none.
final class GzipCompressor: Compressor {
  private let sink: ByteSink
  private let pool: GzipPool
  private let wantedThreads: Int
  private var threads: [WorkerThread] = []
  /// Blocks given to the pool, and of these those whose members have been written.
  private var submitted = 0
  private var drained = 0
  private let limits: ArchiveLimits
  private var expanded: Int64 = 0
  private(set) var exceedsRatio = false

  init(
    _ sink: ByteSink, level: Int, threads: Int, blockSize: Int, limits: ArchiveLimits
  ) throws(ArchiveError) {
    guard (1...12).contains(level) else {
      throw ArchiveError(
        .unsupported, operation: "write image", subject: "", detail: "gzip level \(level) is not in 1 ... 12")
    }
    self.sink = sink
    self.limits = limits
    wantedThreads = max(1, threads)
    pool = GzipPool(level: CInt(level), blockSize: blockSize, slots: wantedThreads * 2)
  }

  deinit {
    stopThreads()
  }

  func write(_ block: UnsafeRawBufferPointer) throws(ArchiveError) {
    if submitted - drained == pool.slots.count { try drainOne() }
    pool.submit(block, as: submitted)
    submitted += 1
    if submitted == 2, wantedThreads > 1 { startThreads() }
    if threads.isEmpty { try drainOne() }
  }

  func finish() throws(ArchiveError) -> (count: Int64, bytes: [UInt8]) {
    while drained < submitted { try drainOne() }
    stopThreads()
    return (sink.count, sink.bytes)
  }

  /// Waits for the oldest block, or compresses it here when there are no threads, and writes its member.
  private func drainOne() throws(ArchiveError) {
    if threads.isEmpty { pool.compressNext() }
    let slot = pool.waitForMember(drained)
    guard slot.memberSize > 0 else {
      throw .system(ENOMEM, "write image", "", "libdeflate has no memory")
    }
    // A reader may have all of a block when it has used little of its member.
    expanded += Int64(slot.blockSize)
    exceedsRatio = exceedsRatio || limits.isExceeded(expanded: expanded, compressed: sink.count)
    try sink.write(UnsafeRawBufferPointer(rebasing: slot.member[..<slot.memberSize]))
    pool.release(drained)
    drained += 1
  }

  private func startThreads() {
    let pool = pool
    for _ in 0..<wantedThreads {
      // Fewer threads, or none, do the same work.
      guard let thread = WorkerThread.start({ pool.run() }) else { break }
      threads.append(thread)
    }
  }

  private func stopThreads() {
    pool.close()
    for thread in threads { thread.join() }
    threads = []
  }
}
