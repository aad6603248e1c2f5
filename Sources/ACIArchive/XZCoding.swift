/// xz by libarchive: one stream of many blocks.
///
/// libarchive makes a stream of each block. Their blocks are taken out and put into one stream, whose headers
/// tell the blocks' sizes: only then can a decoder work on several of them at once.
struct XZCoding: BlockCoding, BlockEncoder {
  /// Room before the stream for a block's header that became longer.
  private static let margin = 64

  let blockSize: Int
  private let encoder: FilterEncoder

  init(level: Int) throws(ArchiveError) {
    // More than the dictionary of level 2 (2 MiB), as much as that of level 6. Larger blocks gain little and
    // take memory, which for two threads at level 2 is to stay below 64 MiB.
    blockSize = level < 4 ? 5 << 19 : 8 << 20
    encoder = try FilterEncoder(.xz, level: level)
  }

  var memberCapacity: Int { XZCoding.margin + FilterEncoder.capacity(for: blockSize) }

  func makeFraming() -> any StreamFraming { Framing() }

  func encode(
    _ block: UnsafeRawBufferPointer, in room: UnsafeMutableRawBufferPointer
  ) throws(ArchiveError) -> Range<Int> {
    let target = UnsafeMutableRawBufferPointer(rebasing: room[XZCoding.margin...])
    let length = try encoder.encode(block, in: target)
    let stream = UnsafeRawBufferPointer(rebasing: target[..<length])
    guard !block.isEmpty else { return 0..<0 }
    guard let found = XZSingleBlock(of: stream, blockSize: block.count) else {
      throw FilterEncoder.surprise(.xz)
    }
    let header = found.header.serialized()
    let start = XZCoding.margin + found.dataStart - header.count
    UnsafeMutableRawBufferPointer(rebasing: room[start..<start + header.count]).copyBytes(from: header)
    return start..<(XZCoding.margin + found.end)
  }

  private struct Framing: StreamFraming {
    private var records: [UInt8] = []
    private var count: UInt64 = 0

    let beginning = XZFormat.headerMagic + XZFormat.sealed([0, XZFormat.ownCheck])

    mutating func add(_ member: UnsafeRawBufferPointer, blockSize: Int) throws(ArchiveError) {
      guard let first = member.first else { return }
      let header = XZBlockHeader(Array(member.prefix(XZBlockHeader.size(first))))
      guard let header, let compressed = header.compressedSize else { throw FilterEncoder.surprise(.xz) }
      let unpadded = UInt64(header.size) + compressed + UInt64(XZFormat.checkSize(XZFormat.ownCheck))
      records += XZFormat.bytes(of: unpadded) + XZFormat.bytes(of: UInt64(blockSize))
      count += 1
    }

    /// The index, and the footer that tells its size (2.1.2, 4).
    var end: [UInt8] {
      var index = [0] + XZFormat.bytes(of: count) + records
      index += [UInt8](repeating: 0, count: XZFormat.padding(after: UInt64(index.count)))
      index = XZFormat.sealed(index)
      let backwardSize = XZFormat.littleEndian(UInt32(clamping: index.count / 4 - 1))
      let footer = backwardSize + [0, XZFormat.ownCheck]
      let checksum = XZFormat.sealed(footer).suffix(4)
      return index + checksum + footer + XZFormat.footerMagic
    }
  }
}

/// Where the block is in an xz stream that has exactly one, with CRC-64.
private struct XZSingleBlock {
  /// The block's header, with both sizes.
  let header: XZBlockHeader
  /// Where the compressed data begins, after the header.
  let dataStart: Int
  /// Where the block ends, its check included.
  let end: Int

  init?(of stream: UnsafeRawBufferPointer, blockSize: Int) {
    let frame = XZFormat.headerSize
    guard stream.count > 2 * frame, stream[7] == XZFormat.ownCheck, stream[frame] != 0 else { return nil }
    let headerSize = XZBlockHeader.size(stream[frame])
    guard frame + headerSize < stream.count - frame,
      var header = XZBlockHeader(Array(stream[frame..<frame + headerSize]))
    else { return nil }
    // The footer tells where the index is, the index how long the block is.
    let footer = stream.count - frame
    let backwardSize = (0..<4).reversed().reduce(0) { $0 << 8 | Int(stream[footer + 4 + $1]) }
    let end = footer - (backwardSize + 1) * 4
    guard end > frame + headerSize else { return nil }
    var index = XZScanner(Array(stream[end..<footer]))
    guard index.byte() == 0, index.number() == 1, let unpadded = index.number(),
      index.number() == UInt64(blockSize)
    else { return nil }
    let extra = headerSize + XZFormat.checkSize(XZFormat.ownCheck)
    guard unpadded > UInt64(extra),
      UInt64(end - frame) == unpadded + UInt64(XZFormat.padding(after: unpadded))
    else { return nil }
    header.compressedSize = unpadded - UInt64(extra)
    header.uncompressedSize = UInt64(blockSize)
    self.header = header
    dataStart = frame + headerSize
    self.end = end
  }
}
