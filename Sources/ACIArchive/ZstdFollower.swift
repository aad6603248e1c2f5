/// Finds every frame of a Zstandard file (RFC 8878, 3.1).
struct ZstdFollower: StreamFollower {
  private enum Stage {
    /// The magic number that begins a frame.
    case magic
    /// The length of a frame that is skipped.
    case skippableSize
    /// The byte that begins a frame's header.
    case descriptor
    /// The rest of a frame's header, which began with this byte.
    case header(UInt8)
    /// The header of a block.
    case block
  }

  private let limit: DictionaryLimit
  private var parts = StreamParts(first: 4)
  private var stage = Stage.magic
  private var hasChecksum = false

  init(allowed: Int64) {
    limit = DictionaryLimit(allowed: allowed, library: 128 << 20)
  }

  mutating func follow(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    var rest = bytes[...]
    while let part = parts.next(&rest) { try take(part) }
  }

  func finish() throws(ArchiveError) {
    guard case .magic = stage, parts.isAtBorder else {
      throw .reading(.truncated, "the zstd data ends in the middle; get the image again")
    }
  }

  private mutating func take(_ part: [UInt8]) throws(ArchiveError) {
    switch stage {
    case .magic: try beginFrame(part)
    case .skippableSize: want(.magic, 4, after: littleEndian(part))
    case .descriptor: want(.header(part[0]), ZstdFrameHeader.size(after: part[0]))
    case .header(let descriptor): try takeHeader([descriptor] + part)
    case .block: try takeBlock(littleEndian(part))
    }
  }

  private mutating func want(_ stage: Stage, _ count: Int, after distance: UInt64 = 0) {
    self.stage = stage
    parts.want(count, after: distance)
  }

  /// Frames of the formats before 1.0, which some libraries still read, are not Zstandard as the RFC has it.
  private mutating func beginFrame(_ magic: [UInt8]) throws(ArchiveError) {
    if magic == ZstdFrameHeader.magic { return want(.descriptor, 1) }
    guard magic[0] & 0xF0 == 0x50, magic[1...] == [0x2A, 0x4D, 0x18] else {
      throw .reading(.damaged, "bytes follow the end of the zstd stream; cut them off or get the image again")
    }
    want(.skippableSize, 4)
  }

  private mutating func takeHeader(_ bytes: [UInt8]) throws(ArchiveError) {
    guard let header = ZstdFrameHeader(bytes) else { throw damaged("a frame's header is wrong") }
    try limit.check(header.windowSize)
    hasChecksum = header.hasChecksum
    want(.block, 3)
  }

  /// A block's header: whether it is the last one, its type, its size.
  private mutating func takeBlock(_ header: UInt64) throws(ArchiveError) {
    let type = header >> 1 & 3
    guard type != 3 else { throw damaged("a block's type is wrong") }
    // A block that repeats one byte holds just that.
    let size = type == 1 ? 1 : header >> 3
    guard header & 1 != 0 else { return want(.block, 3, after: size) }
    want(.magic, 4, after: size + (hasChecksum ? 4 : 0))
  }

  private func littleEndian(_ bytes: [UInt8]) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func damaged(_ what: String) -> ArchiveError {
    .reading(.damaged, "the zstd data is invalid (\(what)); get the image again")
  }
}
