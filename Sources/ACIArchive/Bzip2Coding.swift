/// bzip2 by libarchive: each block becomes a stream of its own, which readers join.
struct Bzip2Coding: BlockCoding, BlockEncoder {
  let blockSize: Int
  private let encoder: FilterEncoder

  init(level: Int) throws(ArchiveError) {
    // What one of bzip2's blocks holds: a byte more would become a block of its own.
    blockSize = level * 100_000 - 19
    encoder = try FilterEncoder(.bzip2, level: level)
  }

  var memberCapacity: Int { FilterEncoder.capacity(for: blockSize) }

  func makeFraming() -> any StreamFraming { Concatenation() }

  func encode(
    _ block: UnsafeRawBufferPointer, in room: UnsafeMutableRawBufferPointer
  ) throws(ArchiveError) -> Range<Int> {
    0..<(try encoder.encode(block, in: room))
  }
}
