/// Blocks on their way to becoming members, in a ring of slots.
final class BlockPool: @unchecked Sendable {
  // Unchecked: `next`, `submitted`, `isClosed` and the slots' stages change under the monitor's lock only;
  // all else of a slot belongs to the submitter while it is free or done, to one worker while it is taken.

  /// One block and its member.
  final class Slot {
    enum Stage {
      case free
      case filled
      case taken
      case done
    }

    fileprivate(set) var stage = Stage.free
    /// How much of the block there is.
    fileprivate(set) var blockSize = 0
    /// The block compressed; valid until the slot is free again.
    fileprivate(set) var member: Result<UnsafeRawBufferPointer, ArchiveError> = .success(
      .init(start: nil, count: 0))
    private let block: UnsafeMutableRawBufferPointer
    private let room: UnsafeMutableRawBufferPointer

    /// The memory counts as used page by page, as far as blocks and members go.
    fileprivate init(_ coding: any BlockCoding) {
      block = .allocate(byteCount: coding.blockSize, alignment: 64)
      room = .allocate(byteCount: coding.memberCapacity, alignment: 64)
    }

    deinit {
      block.deallocate()
      room.deallocate()
    }

    var isFull: Bool { blockSize == block.count }

    /// Adds as many bytes to the block as fit into it; returns how many.
    func append(_ bytes: UnsafeRawBufferPointer) -> Int {
      let piece = UnsafeRawBufferPointer(rebasing: bytes.prefix(block.count - blockSize))
      UnsafeMutableRawBufferPointer(rebasing: block[blockSize...]).copyMemory(from: piece)
      blockSize += piece.count
      return piece.count
    }

    fileprivate func encode(with encoder: any BlockEncoder) {
      let bytes = UnsafeRawBufferPointer(rebasing: block[..<blockSize])
      do throws(ArchiveError) {
        let place = try encoder.encode(bytes, in: room)
        member = .success(UnsafeRawBufferPointer(rebasing: room[place]))
      } catch {
        member = .failure(error)
      }
    }
  }

  let slots: [Slot]
  private let coding: any BlockCoding
  private let monitor = Monitor()
  /// The number of the first block that no worker has taken.
  private var next = 0
  private var submitted = 0
  private var isClosed = false

  init(_ coding: any BlockCoding, slots count: Int) {
    self.coding = coding
    slots = (0..<count).map { _ in Slot(coding) }
  }

  /// The slot of block `number`, to be filled once it is free.
  func slot(of number: Int) -> Slot { slots[number % slots.count] }

  /// Hands block `number` to the workers, as its slot has it.
  func submit(_ number: Int) {
    monitor.withLock {
      slot(of: number).stage = .filled
      submitted = number + 1
      monitor.signalAll()
    }
  }

  /// The slot of block `number`, once its member is there.
  func waitForMember(_ number: Int) -> Slot {
    let slot = slot(of: number)
    monitor.withLock { monitor.wait { slot.stage == .done } }
    return slot
  }

  /// Makes the slot of block `number` free again.
  func release(_ number: Int) {
    let slot = slot(of: number)
    slot.blockSize = 0
    monitor.withLock { slot.stage = .free }
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
    let encoder = coding.makeEncoder()
    while let slot = take(orWait: true) { encode(slot, with: encoder) }
  }

  /// Compresses the next block, if one is waiting, on the calling thread.
  func encodeNext(with encoder: any BlockEncoder) {
    if let slot = take(orWait: false) { encode(slot, with: encoder) }
  }

  private func take(orWait mayWait: Bool) -> Slot? {
    monitor.withLock {
      if mayWait { monitor.wait { next < submitted || isClosed } }
      guard next < submitted, !(mayWait && isClosed) else { return nil }
      let slot = slot(of: next)
      slot.stage = .taken
      next += 1
      return slot
    }
  }

  private func encode(_ slot: Slot, with encoder: any BlockEncoder) {
    slot.encode(with: encoder)
    monitor.withLock {
      slot.stage = .done
      monitor.signalAll()
    }
  }
}
