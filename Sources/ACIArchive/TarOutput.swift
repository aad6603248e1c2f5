import AppcSchema
import CAppcLinux
import Glibc

/// The uncompressed stream of an image being written: gathered into blocks that are hashed and handed to the
/// compressor.
final class TarOutput {
  /// Bytes hashed at a time.
  private static let blockSize = 1 << 20

  private let compressor: any Compressor
  private let buffer: UnsafeMutableRawBufferPointer
  private var used = 0
  private var written: Int64 = 0
  private var digest: ImageDigest?

  init(_ target: ByteSink.Target, _ options: ArchiveWriter.Options) throws(ArchiveError) {
    let sink = ByteSink(target)
    if let coding = try options.compression.coding() {
      let threads = options.threads ?? Int(min(appc_processor_count(), 8))
      compressor = BlockCompressor(sink, coding, threads: threads, limits: options.limits)
    } else {
      compressor = PlainCompressor(sink)
    }
    digest = try ImageDigest()
    buffer = .allocate(byteCount: TarOutput.blockSize, alignment: 4096)
  }

  deinit {
    buffer.deallocate()
  }

  /// Adds bytes.
  func append(_ bytes: ArraySlice<UInt8>) throws(ArchiveError) {
    try bytes.withUnsafeBufferPointer { bytes throws(ArchiveError) in
      try append(UnsafeRawBufferPointer(bytes))
    }
  }

  /// Adds bytes, which are valid during the call only.
  func append(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    var rest = bytes
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(buffer.count - used))
      UnsafeMutableRawBufferPointer(rebasing: buffer[used...]).copyMemory(from: piece)
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
      try advance(by: piece.count)
    }
  }

  /// Adds up to `count` bytes of a file, from `offset` or from where it stands.
  ///
  /// - Returns: how many there were.
  func append(_ count: Int64, of file: CInt, at offset: Int64?) throws(ArchiveError) -> Int64 {
    var done: Int64 = 0
    while done < count {
      let free = UnsafeMutableRawBufferPointer(rebasing: buffer[used...].prefix(Int(clamping: count - done)))
      let got = retryingInterrupts(moving: free.count) { count in
        if let offset { return pread(file, free.baseAddress, count, Int(clamping: offset + done)) }
        return read(file, free.baseAddress, count)
      }
      guard got >= 0 else { throw .system(errno, "write image", "", "a file cannot be read") }
      guard got > 0 else { break }
      done += Int64(got)
      try advance(by: got)
    }
    return done
  }

  /// Whether a file has another byte where it stands.
  func hasMore(_ file: CInt) throws(ArchiveError) -> Bool {
    var byte: UInt8 = 0
    let got = retryingInterrupts { read(file, &byte, 1) }
    guard got >= 0 else { throw .system(errno, "write image", "", "a file cannot be read") }
    return got > 0
  }

  /// Fills up the last block of 512 bytes with zeros.
  func pad() throws(ArchiveError) {
    let count = ContentCursor.padding(after: written + Int64(used))
    try append([UInt8](repeating: 0, count: count)[...])
  }

  /// Ends the archive with two blocks of zeros.
  func finish(entryCount: Int) throws(ArchiveError) -> WrittenArchive {
    try append([UInt8](repeating: 0, count: 2 * TarHeader.blockSize)[...])
    try flush()
    let output = try compressor.finish()
    guard let digest = digest.take() else {
      throw ArchiveError(
        .unsupported, operation: "write image", subject: "", detail: "it was finished already")
    }
    return WrittenArchive(
      imageID: try digest.finish(), tarBytes: written, compressedBytes: output.count,
      exceedsRatio: compressor.exceedsRatio, entryCount: entryCount, bytes: output.bytes)
  }

  private func advance(by count: Int) throws(ArchiveError) {
    used += count
    if used == buffer.count { try flush() }
  }

  private func flush() throws(ArchiveError) {
    guard used > 0 else { return }
    let block = UnsafeRawBufferPointer(rebasing: buffer[..<used])
    try digest?.update(block)
    try compressor.write(block)
    written += Int64(used)
    used = 0
  }
}
