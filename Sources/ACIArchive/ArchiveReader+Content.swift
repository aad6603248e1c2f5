extension ArchiveReader {
  /// Hands the stored content of the current entry to `body`, piece by piece with its offset in the file.
  ///
  /// What lies between pieces, and after the last up to the entry's size, are holes. Pieces are valid during
  /// the call only.
  ///
  /// The content of the manifest's entry is handed out too. A second call finds nothing.
  public mutating func readContent(
    _ body: (_ offset: Int64, _ bytes: UnsafeRawBufferPointer) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    if let bytes = pendingManifest {
      pendingManifest = nil
      try bytes.withUnsafeBufferPointer { buffer throws(ArchiveError) in
        try body(0, UnsafeRawBufferPointer(buffer))
      }
      return
    }
    while let piece = try nextPiece() {
      try body(content.offset, piece)
      try stream.consume(piece.count)
      content.advance(by: piece.count)
    }
  }

  /// The whole content of the current entry with holes as zeros.
  ///
  /// `entry` must be what `next()` returned last.
  ///
  /// - Throws: `limitExceeded` when the entry is larger than `limit` bytes.
  public mutating func content(of entry: ArchiveEntry, limit: Int) throws(ArchiveError) -> [UInt8] {
    guard entry.size <= limit else {
      throw .reading(
        .limitExceeded, "it is \(entry.size) bytes long, more than the \(limit) asked for", of: entry.path)
    }
    if let bytes = pendingManifest {
      pendingManifest = nil
      return bytes
    }
    return try readAll(entry.size)
  }

  /// The content of the current entry for use while the reader goes on, as far as that is possible.
  ///
  /// After `.streamed` it is still to be read.
  mutating func takeContent() throws(ArchiveError) -> EntryContent {
    guard pendingManifest == nil, !content.isSparse else { return .streamed }
    let directFile = stream.canSkip ? stream.directFile : nil
    if content.stored <= (directFile == nil ? EntryContent.sliceLimit : EntryContent.directSliceLimit) {
      var slices: [BlockSlice] = []
      while let piece = try nextPiece() {
        guard let slice = try stream.takeSlice(piece.count) else { throw truncated }
        content.advance(by: slice.count)
        slices.append(slice)
      }
      return .slices(slices)
    }
    guard let directFile else { return .streamed }
    let place = EntryContent.Place(file: directFile, offset: stream.position, count: content.stored)
    try skipStored()
    return .place(place)
  }

  /// What is left of the content goes by unread, with its padding: blocks begin with whole tar blocks.
  private mutating func skipStored() throws(ArchiveError) {
    let (count, overflow) = content.stored.addingReportingOverflow(Int64(content.padding))
    guard !overflow else { throw truncated }
    try stream.skip(count)
    content = ContentCursor()
  }

  /// The content of the current entry, no more than `size` bytes, which the caller knows to be few.
  mutating func readAll(_ size: Int64) throws(ArchiveError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(clamping: size))
    while let piece = try nextPiece() {
      let offset = Int(clamping: content.offset)
      bytes.withUnsafeMutableBytes { target in
        guard offset <= target.count, piece.count <= target.count - offset else { return }
        target[offset...].copyBytes(from: piece)
      }
      try stream.consume(piece.count)
      content.advance(by: piece.count)
    }
    return bytes
  }

  /// What is left of the current entry goes by unseen; so does the padding.
  mutating func skipContent() throws(ArchiveError) {
    pendingManifest = nil
    if stream.canSkip { try skipStored() }
    while let piece = try nextPiece() {
      try stream.consume(piece.count)
      content.advance(by: piece.count)
    }
    if content.padding > 0 {
      try stream.fill(atLeast: content.padding)
      guard stream.window.count >= content.padding else { throw truncated }
      try stream.consume(content.padding)
    }
    content = ContentCursor()
  }

  /// The next bytes of the content that lie together in the file, or nil at its end.
  private func nextPiece() throws(ArchiveError) -> UnsafeRawBufferPointer? {
    guard content.stored > 0 else { return nil }
    try stream.fill(atLeast: 1)
    let window = stream.window
    guard !window.isEmpty else { throw truncated }
    return UnsafeRawBufferPointer(rebasing: window.prefix(Int(clamping: min(content.run, content.stored))))
  }

  private var truncated: ArchiveError {
    .reading(.truncated, "it ends inside of an entry; get the image again", of: current)
  }
}

extension ArchiveReader {
  /// The content of an extended header.
  ///
  /// Read piece by piece: the declared size is not believed.
  mutating func readExtension(_ header: TarHeader) throws(ArchiveError) -> [UInt8] {
    guard header.size <= options.limits.extendedHeaderBytes else {
      throw .reading(
        .limitExceeded,
        "an extended header is \(header.size) bytes long, more than \(options.limits.extendedHeaderBytes)"
      )
    }
    current = nil
    content = ContentCursor(stored: header.size)
    let bytes = try readAll(header.size)
    try skipContent()
    return bytes
  }

  /// The map of the current entry and its apparent size, or nil when it is not sparse.
  mutating func readSparseMap(
    _ header: TarHeader, _ block: UnsafeRawBufferPointer, _ pax: PAXRecords?
  ) throws(ArchiveError) -> (map: SparseMap, size: Int64)? {
    let records = pax?.sparse
    if header.type == UInt8(ascii: "S") {
      guard header.format == .gnu, records?.isPresent != true else {
        throw .reading(.invalidHeader, "it is sparse in two ways", of: current)
      }
      return try readOldSparseMap(block)
    }
    guard let records, records.isPresent else { return nil }
    guard header.type != UInt8(ascii: "5"), let size = records.realSize else {
      throw .reading(.invalidHeader, "a sparse file's size is missing", of: current)
    }
    if let map = try SparseMap(records, limits: options.limits) { return (map, size) }
    return (try SparseMap(numbers: readMapInContent(), size: size, limits: options.limits), size)
  }

  /// GNU before PAX: four runs in the header, then blocks of 21 while each says that another follows.
  ///
  /// They lie before the content and are not counted in its size.
  private mutating func readOldSparseMap(
    _ header: UnsafeRawBufferPointer
  ) throws(ArchiveError) -> (map: SparseMap, size: Int64) {
    var numbers: [Int64] = []
    guard let size = TarNumber.parse(header[483..<495]), size >= 0 else {
      throw .reading(.invalidHeader, "its real size is not a number", of: current)
    }
    try SparseMap.appendRuns(from: header, at: 386, count: 4, to: &numbers)
    var isContinued = header[482] != 0
    var announced = 4
    while isContinued {
      announced += 21  // counted even if blank, else a chain of empty blocks has no end
      guard announced <= options.limits.sparseSegments else { throw SparseMap.tooLong(options.limits) }
      let block = try readBlock()
      try SparseMap.appendRuns(from: block, at: 0, count: 21, to: &numbers)
      isContinued = block[504] != 0
    }
    return (try SparseMap(numbers: numbers, size: size, limits: options.limits), size)
  }

  /// GNU's version 1.0: the map fills the first blocks of the content.
  private mutating func readMapInContent() throws(ArchiveError) -> [Int64] {
    var map = SparseMapReader(limits: options.limits)
    while content.stored >= TarHeader.blockSize {
      let block = try readBlock()
      content.advance(by: TarHeader.blockSize)
      if let numbers = try map.add(block) { return numbers }
    }
    throw .reading(.invalidHeader, "its sparse map is longer than its content", of: current)
  }
}
