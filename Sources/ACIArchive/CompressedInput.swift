/// The image's bytes as they are stored, in a window that moves forward.
final class CompressedInput {
  private let source: ByteSource
  private let buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var received: Int64 = 0
  private var isAtEnd = false

  /// What messages call the source.
  var name: String { source.name }
  /// How many bytes there are in all from where the source stood, if that is known.
  let totalBytes: Int64?
  /// How many bytes have been taken.
  var consumed: Int64 { received - Int64(end - start) }
  /// What is there without another read.
  var window: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[start..<end]) }

  init(_ source: consuming ByteSource, capacity: Int = 256 << 10) {
    totalBytes = source.remainingBytes
    self.source = source
    buffer = .allocate(byteCount: capacity, alignment: 64)
  }

  deinit {
    buffer.deallocate()
  }

  /// Makes at least `count` bytes (no more than the capacity) visible in the window, or all there are.
  func fill(atLeast count: Int = 1) throws(ArchiveError) {
    guard end - start < count, !isAtEnd else { return }
    if start > 0 {
      buffer.copyMemory(from: window)
      end -= start
      start = 0
    }
    while end < min(count, buffer.count) {
      let free = UnsafeMutableRawBufferPointer(rebasing: buffer[end...])
      let got = try source.read(into: free, at: received)
      guard got > 0 else {
        isAtEnd = true
        return
      }
      end += got
      received += Int64(got)
    }
  }

  /// Takes bytes that were visible in the window.
  func consume(_ count: Int) {
    start += min(count, end - start)
  }

  /// Goes past bytes without reading them, which only files can; beyond their end nothing is found.
  func skip(_ count: Int64) throws(ArchiveError) {
    let visible = min(count, Int64(end - start))
    start += Int(visible)
    guard count > visible else { return }
    try source.skip(count - visible)
    received += count - visible
  }

  /// Whether reading comes back without anybody's help, as it does from files.
  var neverBlocks: Bool { totalBytes != nil }

  /// The source as a file for reading anywhere, if it is one; to be asked before anything is read.
  func directFile() -> DirectFile? { source.directFile() }

  /// Takes the next byte, or nil at the end.
  func takeByte() throws(ArchiveError) -> UInt8? {
    try fill()
    guard let byte = window.first else { return nil }
    consume(1)
    return byte
  }

  /// Moves bytes out: what is in the window, or else straight from the source.
  func read(into target: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
    guard start == end else {
      let count = min(end - start, target.count)
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<start + count]))
      consume(count)
      return count
    }
    guard !isAtEnd else { return 0 }
    let count = try source.read(into: target, at: received)
    received += Int64(count)
    isAtEnd = count == 0
    return count
  }
}
