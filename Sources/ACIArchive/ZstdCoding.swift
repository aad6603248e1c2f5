/// Zstandard by libarchive: each block becomes a frame of its own, which readers join.
///
/// libarchive's frames tell neither length nor checksum of their content; ours do, so that damage is found by
/// every reader.
struct ZstdCoding: BlockCoding {
  let blockSize = 4 << 20
  private let encoder: FilterEncoder

  init(level: Int) throws(ArchiveError) {
    encoder = try FilterEncoder(.zstd, level: level)
  }

  var memberCapacity: Int { 2 * Encoder.margin + FilterEncoder.capacity(for: blockSize) }

  func makeEncoder() -> any BlockEncoder { Encoder(encoder) }
  func makeFraming() -> any StreamFraming { Concatenation() }

  private final class Encoder: BlockEncoder {
    /// Room for a header that became longer, and for a checksum.
    static let margin = 16
    private let encoder: FilterEncoder

    init(_ encoder: FilterEncoder) {
      self.encoder = encoder
    }

    func encode(
      _ block: UnsafeRawBufferPointer, in room: UnsafeMutableRawBufferPointer
    ) throws(ArchiveError) -> Range<Int> {
      let target = UnsafeMutableRawBufferPointer(rebasing: room[Encoder.margin..<room.count - Encoder.margin])
      var end = Encoder.margin + (try encoder.encode(block, in: target))
      let descriptor = Encoder.margin + ZstdFrameHeader.magic.count
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
}
