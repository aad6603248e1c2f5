import AppcSchema

/// The uncompressed stream in a window that moves forward.
///
/// Every byte that passes is counted, hashed and shown to the sink, once and in order, whether somebody looks
/// at it or not (C2).
final class TarStream {
  private static let bufferSize = 256 << 10
  /// Buffers in turn, so that one can be filled while others are still being hashed.
  private static let bufferCount = 4

  /// How the image is compressed.
  let compression: Compression
  /// What messages call the source.
  let name: String
  private let decompressor: any Decompressor
  private let limits: ArchiveLimits
  private let sink: ArchiveReader.Sink?
  private let progress: (@Sendable (ArchiveProgress) throws -> Void)?
  private let totalStoredBytes: Int64?
  private let digest: DigestWorker?
  private var buffers: [UnsafeMutableRawBufferPointer] = []
  /// How often a buffer was filled; each fill is one piece for the digest.
  private var fills = 0
  private var buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var isAtEnd = false

  /// How many uncompressed bytes have come out so far.
  private(set) var expanded: Int64 = 0
  /// Takes what is consumed, where the image is being copied.
  var copy: BlockCopy?
  /// How many stored bytes have been used.
  var compressed: Int64 { decompressor.consumed }
  /// What is there without further reading.
  var window: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[start..<end]) }

  init(_ source: consuming ByteSource, options: ArchiveReader.Options) throws(ArchiveError) {
    let input = CompressedInput(source)
    name = input.name
    limits = options.limits
    sink = options.sink
    progress = options.progress
    totalStoredBytes = input.totalBytes
    buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    do throws(ArchiveError) {
      try input.fill(atLeast: TarHeader.blockSize)
      compression = try Compression.sniff(input.window)
      decompressor = try makeDecompressor(compression, of: input, limits: options.limits)
      digest = options.hashing ? try DigestWorker() : nil
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
    for buffer in buffers { buffer.deallocate() }
  }

  /// Makes at least `count` bytes (no more than a buffer) visible in the window, or all there are.
  func fill(atLeast count: Int) throws(ArchiveError) {
    guard end - start < count, !isAtEnd else { return }
    let rest = window
    buffer = nextBuffer()
    buffer.copyMemory(from: rest)
    (start, end) = (0, rest.count)
    // Whole buffers, not whole requests: the digest and the sink like large pieces.
    while end < buffer.count {
      let free = UnsafeMutableRawBufferPointer(rebasing: buffer[end...])
      let count = try decompressor.read(into: free)
      guard count > 0 else {
        isAtEnd = true
        break
      }
      end += count
      expanded += Int64(count)
      try limits.checkExpansion(expanded: expanded, compressed: decompressor.consumed)
    }
    try pass(UnsafeRawBufferPointer(rebasing: buffer[rest.count..<end]))
  }

  /// Takes bytes that were visible in the window.
  func consume(_ count: Int) throws(ArchiveError) {
    let taken = start..<start + min(count, end - start)
    start = taken.upperBound
    try copy?.take(UnsafeRawBufferPointer(rebasing: buffer[taken]))
  }

  /// The image ID of the stream; to be asked once, at the end.
  func finishDigest() throws(ArchiveError) -> ImageID {
    guard let digest else { throw .reading(.unsupported, "hashing was off, so there is no image ID") }
    return try digest.finish()
  }

  /// The buffer that was filled longest ago, once it is hashed, or a new one while there are few.
  private func nextBuffer() -> UnsafeMutableRawBufferPointer {
    defer { fills += 1 }
    guard buffers.count == TarStream.bufferCount else {
      let fresh = UnsafeMutableRawBufferPointer.allocate(byteCount: TarStream.bufferSize, alignment: 4096)
      buffers.append(fresh)
      return fresh
    }
    digest?.wait(for: fills - TarStream.bufferCount + 1)
    return buffers[fills % TarStream.bufferCount]
  }

  private func pass(_ piece: UnsafeRawBufferPointer) throws(ArchiveError) {
    try digest?.submit(piece)
    guard !piece.isEmpty else { return }
    do {
      try sink?(piece)
      try progress?(
        ArchiveProgress(
          storedBytes: compressed, totalStoredBytes: totalStoredBytes, expandedBytes: expanded))
    } catch {
      throw .reading(.stopped, "the reading was stopped", cause: error)
    }
  }

  /// What is inside of the compression must be the tar: libarchive and others unwrap any number of layers, so
  /// tools would disagree on the image ID.
  private func refuseDoubleCompression() throws(ArchiveError) {
    guard compression != .none, let inner = Compression.byMagic(window) else { return }
    throw .reading(
      .notAnImage, "it is compressed twice, with \(compression) over \(inner); take off the outer one")
  }
}
