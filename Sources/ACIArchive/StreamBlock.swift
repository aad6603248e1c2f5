/// A piece of the uncompressed stream, in memory for as long as somebody refers to it.
///
/// Whoever hashes it or writes files from it keeps a reference; with the last one its memory goes back to the pool.
final class StreamBlock: @unchecked Sendable {
  // Unchecked: whoever took the block from the pool fills it before anybody else sees it, handing it on goes
  // through a lock, and from then on it is only read.

  private let pool: StreamBlockPool
  private let memory: UnsafeMutableRawBufferPointer
  /// How much of it is filled.
  private(set) var count = 0
  /// How many stored bytes of the image were used when it was full.
  var storedBytes: Int64 = 0

  fileprivate init(_ memory: UnsafeMutableRawBufferPointer, of pool: StreamBlockPool) {
    self.memory = memory
    self.pool = pool
  }

  deinit {
    pool.takeBack(memory)
  }

  /// What is filled.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

  /// What is not filled yet.
  var free: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: memory[count...]) }

  /// Notes that the first `count` bytes of `free` are filled.
  func fill(_ count: Int) {
    self.count += min(count, memory.count - self.count)
  }
}

/// Bytes of a block, which stay as they are as long as this value lives.
struct BlockSlice: Sendable {
  private let block: StreamBlock
  private let range: Range<Int>

  init(_ block: StreamBlock, _ range: Range<Int>) {
    self.block = block
    self.range = range
  }

  var count: Int { range.count }

  /// Whether both are of one block.
  func isInSameBlock(as other: BlockSlice?) -> Bool { other?.block === block }

  /// Calls `body` with the bytes.
  func withBytes<Value, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try withExtendedLifetime(block) { () throws(Failure) in
      try body(UnsafeRawBufferPointer(rebasing: block.bytes[range]))
    }
  }
}

/// The memory of a stream's blocks: a fixed number of pieces that go round.
final class StreamBlockPool: @unchecked Sendable {
  // Unchecked: everything that changes does so under the monitor's lock only.

  /// How much memory a stream takes at most, in bytes.
  private static let memorySize = 6 << 20

  private let blockSize: Int
  private let monitor = Monitor()
  private var free: [UnsafeMutableRawBufferPointer] = []
  private var allocated = 0
  private var isClosed = false

  /// A pool of blocks of so many bytes.
  ///
  /// That is a multiple of a tar block's 512 bytes, so that no header lies in two blocks. Whoever keeps blocks while
  /// waiting for others may keep few of the 24 or more that there are: an extraction's open batch keeps seven.
  init(blockSize: Int) {
    self.blockSize = blockSize
  }

  deinit {
    for memory in free { memory.deallocate() }
  }

  /// An empty block, once there is memory for it; nil when the pool is closed.
  func take() -> StreamBlock? {
    let memory: UnsafeMutableRawBufferPointer? = monitor.withLock {
      monitor.wait { !free.isEmpty || allocated < Self.memorySize / blockSize || isClosed }
      guard !isClosed else { return nil }
      if let memory = free.popLast() { return memory }
      allocated += 1
      return .allocate(byteCount: blockSize, alignment: 4096)
    }
    return memory.map { StreamBlock($0, of: self) }
  }

  /// Gives whoever waits for a block nil instead.
  func close() {
    monitor.withLock {
      isClosed = true
      monitor.signalAll()
    }
  }

  fileprivate func takeBack(_ memory: UnsafeMutableRawBufferPointer) {
    monitor.withLock {
      free.append(memory)
      monitor.signalAll()
    }
  }
}
