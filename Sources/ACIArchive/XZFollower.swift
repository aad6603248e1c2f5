/// Finds every block of every stream of an xz file (The .xz File Format, 2 to 4).
///
/// A block's header need not tell where the block ends; but its data is LZMA2, whose chunks do.
struct XZFollower: StreamFollower {
  private enum Stage {
    /// A stream's header.
    case header
    /// Four bytes after a stream: padding, or the beginning of another.
    case betweenStreams
    /// The byte that begins a block or the index.
    case blockOrIndex
    /// The rest of a block's header, which began with this byte.
    case blockHeader(UInt8)
    /// The byte that begins a chunk of LZMA2.
    case chunk
    /// The sizes of a chunk that began with this byte.
    case chunkSize(UInt8)
    /// A byte of a number of the index.
    case index
  }

  private let limit: DictionaryLimit
  private var parts = StreamParts(first: XZFormat.headerSize)
  private var stage = Stage.header
  private var checkSize = 0
  /// Bytes of the block's data so far.
  private var dataSize: UInt64 = 0
  private var index = IndexNumbers()

  init(allowed: Int64) {
    limit = DictionaryLimit(allowed: allowed, library: 1 << 30)
  }

  mutating func follow(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    var rest = bytes[...]
    while let part = parts.next(&rest) { try take(part) }
  }

  func finish() throws(ArchiveError) {
    guard case .betweenStreams = stage, parts.isAtBorder else {
      throw .reading(.truncated, "the xz data ends in the middle; get the image again")
    }
  }

  private mutating func take(_ part: [UInt8]) throws(ArchiveError) {
    switch stage {
    case .header: try beginStream(part)
    case .betweenStreams: try takePadding(part)
    case .blockOrIndex: beginBlock(part[0])
    case .blockHeader(let first): try takeBlockHeader([first] + part)
    case .chunk: try beginChunk(part[0])
    case .chunkSize(let control): takeChunkSize(control, part)
    case .index: try takeIndexByte(part[0])
    }
  }

  private mutating func want(_ stage: Stage, _ count: Int, after distance: UInt64 = 0) {
    self.stage = stage
    parts.want(count, after: distance)
  }

  private mutating func beginStream(_ header: [UInt8]) throws(ArchiveError) {
    guard header.starts(with: XZFormat.headerMagic) else { throw damaged("a stream's header is wrong") }
    checkSize = XZFormat.checkSize(header[7])
    want(.blockOrIndex, 1)
  }

  /// Between streams there may be zeros, four at a time (2.2).
  private mutating func takePadding(_ part: [UInt8]) throws(ArchiveError) {
    if part.allSatisfy({ $0 == 0 }) { return want(.betweenStreams, 4) }
    guard XZFormat.headerMagic.starts(with: part) else {
      throw .reading(.damaged, "bytes follow the end of the xz stream; cut them off or get the image again")
    }
    // The rest of the header; its flags end with the type of the check.
    want(.header, XZFormat.headerSize)
    parts.putBack(part)
  }

  private mutating func beginBlock(_ first: UInt8) {
    guard first == 0 else { return want(.blockHeader(first), XZBlockHeader.size(first) - 1) }
    index = IndexNumbers()
    want(.index, 1)
  }

  private mutating func takeBlockHeader(_ bytes: [UInt8]) throws(ArchiveError) {
    guard let header = XZBlockHeader(bytes) else { throw damaged("a block's header is wrong") }
    try limit.check(UInt64(header.dictionaryBytes))
    dataSize = 0
    want(.chunk, 1)
  }

  /// What a chunk is, its first byte says (LZMA2 has no other description than liblzma's source).
  private mutating func beginChunk(_ control: UInt8) throws(ArchiveError) {
    dataSize += 1
    switch control {
    case 0:
      // The end of the data: after it come padding and check.
      let rest = XZFormat.padding(after: dataSize) + checkSize
      want(.blockOrIndex, 1, after: UInt64(rest))
    case 1, 2: want(.chunkSize(control), 2)
    case 0x80...: want(.chunkSize(control), 4)
    default: throw damaged("a chunk's type is wrong")
    }
  }

  private mutating func takeChunkSize(_ control: UInt8, _ part: [UInt8]) {
    var size = UInt64(part[part.count - 2]) << 8 + UInt64(part[part.count - 1]) + 1
    // New properties are one byte more.
    if control >= 0xC0 { size += 1 }
    dataSize += UInt64(part.count) + size
    want(.chunk, 1, after: size)
  }

  private mutating func takeIndexByte(_ byte: UInt8) throws(ArchiveError) {
    guard index.take(byte) else { throw damaged("its index is wrong") }
    guard index.isComplete else { return want(.index, 1) }
    let checksum = 4
    let rest = XZFormat.padding(after: index.length) + checksum + XZFormat.headerSize
    want(.betweenStreams, 4, after: UInt64(rest))
  }

  private func damaged(_ what: String) -> ArchiveError {
    .reading(.damaged, "the xz data is invalid (\(what)); get the image again")
  }
}

/// Counts the numbers of an index: how many blocks there are, and two for each (4).
private struct IndexNumbers {
  /// Bytes of the index so far, with the zero that begins it.
  private(set) var length: UInt64 = 1
  private var value: UInt64 = 0
  private var shift: UInt64 = 0
  /// Numbers that are to come; nil as long as the count of blocks is.
  private var remaining: UInt64?

  var isComplete: Bool { remaining == 0 }

  /// False when a number is too large.
  mutating func take(_ byte: UInt8) -> Bool {
    length += 1
    guard shift < 63 else { return false }
    value |= UInt64(byte & 0x7F) << shift
    shift += 7
    guard byte & 0x80 == 0 else { return true }
    if let remaining {
      self.remaining = remaining - 1
    } else {
      guard value < UInt64.max >> 2 else { return false }
      remaining = value * 2
    }
    (value, shift) = (0, 0)
    return true
  }
}
