/// Zstandard by libarchive: each block becomes a frame of its own, which readers join.
///
/// libarchive's frames tell neither length nor checksum of their content; ours do, so that damage is found by
/// every reader.
struct ZstdCoding: BlockCoding, BlockEncoder {
  /// Room for a header that became longer, and for a checksum.
  private static let margin = 16

  let blockSize = 4 << 20
  private let encoder: FilterEncoder

  init(level: Int) throws(ArchiveError) {
    encoder = try FilterEncoder(.zstd, level: level)
  }

  var memberCapacity: Int { 2 * ZstdCoding.margin + FilterEncoder.capacity(for: blockSize) }

  func makeFraming() -> any StreamFraming { Concatenation() }

  func encode(
    _ block: UnsafeRawBufferPointer, in room: UnsafeMutableRawBufferPointer
  ) throws(ArchiveError) -> Range<Int> {
    let margin = ZstdCoding.margin
    let target = UnsafeMutableRawBufferPointer(rebasing: room[margin..<room.count - margin])
    var end = margin + (try encoder.encode(block, in: target))
    let descriptor = margin + ZstdFrameHeader.magic.count
    guard end > descriptor else { throw FilterEncoder.surprise(.zstd) }
    let dataStart = descriptor + 1 + ZstdFrameHeader.size(after: room[descriptor])
    guard end >= dataStart, var header = ZstdFrameHeader(Array(room[descriptor..<dataStart])) else {
      throw FilterEncoder.surprise(.zstd)
    }
    if !header.hasChecksum {
      let checksum = XZFormat.littleEndian(UInt32(truncatingIfNeeded: XXHash64.hash(block)))
      UnsafeMutableRawBufferPointer(rebasing: room[end..<end + checksum.count]).copyBytes(from: checksum)
      end += checksum.count
      header.hasChecksum = true
    }
    header.contentSize = UInt64(block.count)
    let beginning = ZstdFrameHeader.magic + header.serialized()
    let start = dataStart - beginning.count
    UnsafeMutableRawBufferPointer(rebasing: room[start..<dataStart]).copyBytes(from: beginning)
    return start..<end
  }
}
