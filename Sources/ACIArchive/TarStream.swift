import AppcSchema

/// The uncompressed stream in a window that moves forward.
///
/// Every byte that passes is counted, hashed and shown to the sink, once and in order, whether somebody looks
/// at it or not (C2); only where nobody hashes or watches, content of an uncompressed file may be left out.
final class TarStream {
  /// How the image is compressed.
  let compression: Compression
  /// What messages call the source.
  let name: String
  /// The image's file, where content can be left out and read from elsewhere.
  let directFile: DirectFile?
  private let filler: BlockFiller
  private let sink: ArchiveReader.Sink?
  private let progress: (@Sendable (ArchiveProgress) throws -> Void)?
  private let totalStoredBytes: Int64?
  private let digest: DigestWorker?
  private var block: StreamBlock?
  private var start = 0
  private var end = 0
  private var isAtEnd = false

  /// How many uncompressed bytes have come out so far.
  private(set) var expanded: Int64 = 0
  /// How many stored bytes have been used.
  private(set) var compressed: Int64 = 0
  /// Takes what is consumed, where the image is being copied.
  var copy: BlockCopy?

  /// What is there without further reading.
  var window: UnsafeRawBufferPointer {
    block.map { UnsafeRawBufferPointer(rebasing: $0.bytes[start..<end]) }
      ?? UnsafeRawBufferPointer(start: nil, count: 0)
  }

  /// Where the window begins in the stream.
  var position: Int64 { expanded - Int64(end - start) }

  init(_ source: consuming ByteSource, options: ArchiveReader.Options) throws(ArchiveError) {
    let input = CompressedInput(source)
    name = input.name
    sink = options.sink
    progress = options.progress
    totalStoredBytes = input.totalBytes
    do throws(ArchiveError) {
      // Before anything is read from it: its position is where the stream begins.
      let directFile = options.hashing || options.sink != nil ? nil : input.directFile()
      try input.fill(atLeast: TarHeader.blockSize)
      compression = try Compression.sniff(input.window)
      self.directFile = compression == .none ? directFile : nil
      let decompressor = try makeDecompressor(compression, of: input, limits: options.limits)
      digest = options.hashing ? try DigestWorker() : nil
      filler = BlockFiller(
        decompressor, limits: options.limits, mayUseThread: compression != .none && input.neverBlocks,
        skips: self.directFile != nil)
    } catch {
      throw error.inside(input.name)
    }
    do throws(ArchiveError) {
      try fill(atLeast: TarHeader.blockSize)
      try refuseDoubleCompression()
    } catch {
      throw error.inside(name)
    }
  }

  deinit {
    digest?.stop()
    filler.stop()
  }

  /// Makes at least `count` bytes (no more than a tar block) visible in the window, or all there are.
  func fill(atLeast count: Int) throws(ArchiveError) {
    guard end - start < count, !isAtEnd else { return }
    guard start == end else {
      // Blocks are full but the last, and hold whole tar blocks: what is left here is the end of a damaged image.
      isAtEnd = true
      return
    }
    block = nil
    (start, end) = (0, 0)
    guard let next = try filler.next(storedBytes: &compressed) else {
      isAtEnd = true
      return
    }
    block = next
    end = next.count
    expanded += Int64(next.count)
    try pass(next)
  }

  /// Takes bytes that were visible in the window.
  func consume(_ count: Int) throws(ArchiveError) {
    let taken = start..<start + min(count, end - start)
    start = taken.upperBound
    if let copy, let block { try copy.take(UnsafeRawBufferPointer(rebasing: block.bytes[taken])) }
  }

  /// Takes bytes that were visible in the window, for use after it has moved on.
  func takeSlice(_ count: Int) throws(ArchiveError) -> BlockSlice? {
    guard let block else { return nil }
    let slice = BlockSlice(block, start..<start + min(count, end - start))
    try consume(slice.count)
    return slice
  }

  /// Whether `skip` may be asked for.
  var canSkip: Bool { directFile != nil && copy == nil }

  /// Goes past bytes that nobody wants to see.
  func skip(_ count: Int64) throws(ArchiveError) {
    let visible = min(count, Int64(end - start))
    start += Int(visible)
    guard count > visible else { return }
    try filler.skip(count - visible)
    expanded += count - visible
  }

  /// The image ID of the stream; to be asked once, at the end.
  func finishDigest() throws(ArchiveError) -> ImageID {
    guard let digest else { throw .reading(.unsupported, "hashing was off, so there is no image ID") }
    return try digest.finish()
  }

  private func pass(_ block: StreamBlock) throws(ArchiveError) {
    try digest?.submit(block)
    try asking { try sink?(block.bytes) }
    try reportProgress()
  }

  /// Lets whoever watches stop the reading.
  ///
  /// Every block does this; work that goes on for long without reading one does it as well.
  func reportProgress() throws(ArchiveError) {
    try asking {
      try progress?(
        ArchiveProgress(
          storedBytes: compressed, totalStoredBytes: totalStoredBytes, expandedBytes: expanded))
    }
  }

  private func asking(_ caller: () throws -> Void) throws(ArchiveError) {
    do {
      try caller()
    } catch {
      throw .reading(.stopped, "the reading was stopped", cause: error)
    }
  }

  /// What is inside of the compression must be the tar: libarchive and others unwrap any number of layers, so
  /// tools would disagree on the image ID.
  private func refuseDoubleCompression() throws(ArchiveError) {
    guard compression != .none, !TarHeader.hasMagic(window) else { return }
    if let inner = Compression.byMagic(window) {
      throw .reading(
        .notAnImage, "it is compressed twice, with \(compression) over \(inner); take off the outer one")
    }
    try Compression.refuseForeign(window)
  }
}
