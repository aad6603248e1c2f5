/// Turns the stored bytes of an image into the tar stream.
protocol Decompressor: AnyObject {
  /// Fills the front of the buffer, as much as is convenient.
  ///
  /// - Returns: the number of bytes, 0 only when the stream has ended as its format says and nothing follows
  ///   it.
  /// - Throws: `damaged` for a wrong checksum, invalid data or trailing bytes, `truncated` for an early end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int

  /// How many stored bytes have been used.
  var consumed: Int64 { get }

  /// Leaves out the next bytes of a stream that is not compressed.
  func skip(_ count: Int64) throws(ArchiveError)
}

extension Decompressor {
  func skip(_ count: Int64) throws(ArchiveError) {
    throw .reading(.unsupported, "nothing can be left out of a compressed stream")
  }
}

/// The decompressor for each compression.
func makeDecompressor(
  _ compression: Compression, of input: CompressedInput, limits: ArchiveLimits
) throws(ArchiveError) -> any Decompressor {
  switch compression {
  case .none: PlainDecompressor(input)
  case .gzip: try GzipDecompressor(input)
  case .bzip2, .xz, .zstd: try FilterDecompressor(compression, input, limits: limits)
  }
}

/// For images that are not compressed.
final class PlainDecompressor: Decompressor {
  private let input: CompressedInput

  init(_ input: CompressedInput) {
    self.input = input
  }

  var consumed: Int64 { input.consumed }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
    try input.read(into: buffer)
  }

  func skip(_ count: Int64) throws(ArchiveError) {
    try input.skip(count)
  }
}
