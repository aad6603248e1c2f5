import Glibc

/// Compresses blocks on several threads and writes their members in order.
///
/// The result does not depend on the threads. They are started with the second block: small images need none.
final class BlockCompressor: Compressor {
  private let sink: ByteSink
  private let pool: BlockPool
  private var framing: any StreamFraming
  private let wantedThreads: Int
  private var threads: [WorkerThread] = []
  /// What compresses here when there are no threads.
  private let ownEncoder: any BlockEncoder
  /// Blocks given to the pool, and of these those whose members have been written.
  private var submitted = 0
  private var drained = 0
  private let limits: ArchiveLimits
  private var expanded: Int64 = 0
  private(set) var exceedsRatio = false

  init(_ sink: ByteSink, _ coding: any BlockCoding, threads: Int, limits: ArchiveLimits) {
    self.sink = sink
    self.limits = limits
    framing = coding.makeFraming()
    ownEncoder = coding.makeEncoder()
    wantedThreads = max(1, threads)
    // One for each thread to work on, and one that is filled meanwhile.
    pool = BlockPool(coding, slots: wantedThreads + 1)
  }

  deinit {
    stopThreads()
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    var rest = bytes
    while !rest.isEmpty {
      // The slot to be filled may still hold an earlier block.
      if submitted - drained == pool.slots.count { try drainOne() }
      let slot = pool.slot(of: submitted)
      let taken = slot.append(rest)
      rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
      if slot.isFull { try submit() }
    }
  }

  func finish() throws(ArchiveError) -> (count: Int64, bytes: [UInt8]) {
    if submitted - drained == pool.slots.count { try drainOne() }
    // A stream needs at least one member, though it be empty.
    if submitted == 0 || pool.slot(of: submitted).blockSize > 0 { try submit() }
    while drained < submitted { try drainOne() }
    stopThreads()
    try write(framing.end)
    return (sink.count, sink.bytes)
  }

  private func submit() throws(ArchiveError) {
    if submitted == 0 { try write(framing.beginning) }
    pool.submit(submitted)
    submitted += 1
    if submitted == 2, wantedThreads > 1 { startThreads() }
    if threads.isEmpty { try drainOne() }
  }

  /// Waits for the oldest block, or compresses it here when there are no threads, and writes its member.
  private func drainOne() throws(ArchiveError) {
    if threads.isEmpty { pool.encodeNext(with: ownEncoder) }
    let slot = pool.waitForMember(drained)
    let member = try slot.member.get()
    // A reader may have all of a block when it has used little of its member.
    expanded += Int64(slot.blockSize)
    exceedsRatio = exceedsRatio || limits.isExceeded(expanded: expanded, compressed: sink.count)
    try framing.add(member, blockSize: slot.blockSize)
    try sink.write(member)
    pool.release(drained)
    drained += 1
  }

  private func write(_ bytes: [UInt8]) throws(ArchiveError) {
    try bytes.withUnsafeBufferPointer { bytes throws(ArchiveError) in
      try sink.write(UnsafeRawBufferPointer(bytes))
    }
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
