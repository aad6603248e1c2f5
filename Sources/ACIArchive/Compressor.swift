import Glibc

/// Turns the tar stream into the stored bytes of an image.
protocol Compressor: AnyObject {
  /// Takes the next block; the bytes are valid during the call only.
  func write(_ block: UnsafeRawBufferPointer) throws(ArchiveError)
  /// Whether what was written so far expands too much for a reader.
  var exceedsRatio: Bool { get }
  /// Writes out what is waiting. Returns what was written in all: the number of bytes, and the bytes if they
  /// are in memory.
  func finish() throws(ArchiveError) -> (count: Int64, bytes: [UInt8])
}

/// For images that are not compressed.
final class PlainCompressor: Compressor {
  private let sink: ByteSink
  let exceedsRatio = false

  init(_ sink: ByteSink) {
    self.sink = sink
  }

  func write(_ block: UnsafeRawBufferPointer) throws(ArchiveError) {
    try sink.write(block)
  }

  func finish() throws(ArchiveError) -> (count: Int64, bytes: [UInt8]) {
    (sink.count, sink.bytes)
  }
}

/// Where a written image goes.
final class ByteSink {
  enum Target {
    case descriptor(CInt)
    case memory
  }

  private let target: Target
  /// Bytes written so far.
  private(set) var count: Int64 = 0
  /// The bytes, if they go to memory.
  private(set) var bytes: [UInt8] = []

  init(_ target: Target) {
    self.target = target
  }

  /// Writes all bytes.
  func write(_ block: UnsafeRawBufferPointer) throws(ArchiveError) {
    switch target {
    case .memory: bytes.append(contentsOf: block)
    case .descriptor(let raw):
      var done = 0
      while done < block.count {
        let rest = UnsafeRawBufferPointer(rebasing: block[done...])
        let written = retryingInterrupts(moving: rest.count) { Glibc.write(raw, rest.baseAddress, $0) }
        guard written > 0 else {
          throw .system(written == 0 ? EIO : errno, "write image", "", "the output cannot be written")
        }
        done += written
      }
    }
    count += Int64(block.count)
  }
}
