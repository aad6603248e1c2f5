import CAppcDeflate

/// Blocks on their way to becoming gzip members, in a ring of slots.
final class GzipPool: @unchecked Sendable {
  // Unchecked: `next`, `submitted`, `isClosed` and the slots' stages change under the monitor's lock only;
  // the buffers of a slot belong to the submitter while it is free or done, to one worker while it is taken.

  /// One block and its member.
  final class Slot {
    enum Stage {
      case free
      case filled
      case taken
      case done
    }

    var stage = Stage.free
    let block: UnsafeMutableRawBufferPointer
    var blockSize = 0
    let member: UnsafeMutableRawBufferPointer
    /// 0 when there was no memory to compress it.
    var memberSize = 0

    init(blockSize: Int) {
      block = .allocate(byteCount: blockSize, alignment: 4096)
      member = .allocate(byteCount: libdeflate_gzip_compress_bound(nil, blockSize), alignment: 4096)
    }

    deinit {
      block.deallocate()
      member.deallocate()
    }
  }

  let slots: [Slot]
  private let level: CInt
  private let monitor = Monitor()
  /// The number of the first block that no worker has taken.
  private var next = 0
  private var submitted = 0
  private var isClosed = false

  init(level: CInt, blockSize: Int, slots count: Int) {
    self.level = level
    slots = (0..<count).map { _ in Slot(blockSize: blockSize) }
  }

  /// Puts block `number` into its slot, which must be free.
  func submit(_ block: UnsafeRawBufferPointer, as number: Int) {
    let slot = slots[number % slots.count]
    slot.block.copyMemory(from: block)
    slot.blockSize = block.count
    monitor.withLock {
      slot.stage = .filled
      submitted = number + 1
      monitor.signalAll()
    }
  }

  /// The slot of block `number`, once its member is there.
  func waitForMember(_ number: Int) -> Slot {
    let slot = slots[number % slots.count]
    monitor.withLock { monitor.wait { slot.stage == .done } }
    return slot
  }

  /// Makes the slot of block `number` free again.
  func release(_ number: Int) {
    monitor.withLock { slots[number % slots.count].stage = .free }
  }

  /// Lets the workers end.
  func close() {
    monitor.withLock {
      isClosed = true
      monitor.signalAll()
    }
  }

  /// A worker's life: takes blocks in order until there will be no more.
  func run() {
    let compressor = libdeflate_alloc_compressor(level)
    defer { compressor.map(libdeflate_free_compressor) }
    while let slot = take(orWait: true) { compress(slot, with: compressor) }
  }

  /// Compresses the next block, if one is waiting, on the calling thread.
  func compressNext() {
    guard let slot = take(orWait: false) else { return }
    let compressor = libdeflate_alloc_compressor(level)
    defer { compressor.map(libdeflate_free_compressor) }
    compress(slot, with: compressor)
  }

  private func take(orWait mayWait: Bool) -> Slot? {
    monitor.withLock {
      if mayWait { monitor.wait { next < submitted || isClosed } }
      guard next < submitted, !(mayWait && isClosed) else { return nil }
      let slot = slots[next % slots.count]
      slot.stage = .taken
      next += 1
      return slot
    }
  }

  private func compress(_ slot: Slot, with compressor: OpaquePointer?) {
    slot.memberSize =
      compressor.map {
        libdeflate_gzip_compress(
          $0, slot.block.baseAddress, slot.blockSize, slot.member.baseAddress, slot.member.count)
      } ?? 0
    monitor.withLock {
      slot.stage = .done
      monitor.signalAll()
    }
  }
}
