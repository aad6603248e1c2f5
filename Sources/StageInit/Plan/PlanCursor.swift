/// A bounds-checked reader of the plan's numbers and blobs.
///
/// The plan comes from the launcher, which is trusted, but a defect there must not become a wild read here:
/// every step is checked, and nil means that the bytes are no plan.
struct PlanCursor {
  let bytes: UnsafeRawBufferPointer
  private(set) var position: Int
  let end: Int

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    self.position = 0
    self.end = bytes.count
  }

  private init(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) {
    self.bytes = bytes
    self.position = start
    self.end = end
  }

  var isAtEnd: Bool { position == end }

  mutating func number() -> UInt32? {
    guard end - position >= 4 else { return nil }
    let value = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
    position += 4
    return value
  }

  /// A length-prefixed blob.
  ///
  /// The NUL behind it is checked, so its start is a C string for the kernel.
  mutating func blob() -> PlanBlob? {
    guard let length = number(), let count = Int(exactly: length), count < end - position,
      bytes[position + count] == 0
    else { return nil }
    let padded = (count + 4) & ~3
    guard padded <= end - position, let start = bytes.baseAddress else { return nil }
    let blob = PlanBlob(start: start.advanced(by: position), count: count)
    position += padded
    return blob
  }

  /// The next `length` bytes as a cursor of their own.
  mutating func slice(_ length: UInt32) -> PlanCursor? {
    guard let count = Int(exactly: length), count <= end - position, count % 4 == 0 else { return nil }
    let slice = PlanCursor(bytes, from: position, to: position + count)
    position += count
    return slice
  }
}

/// Bytes inside the mapped plan, followed by a NUL.
struct PlanBlob {
  let start: UnsafeRawPointer
  let count: Int

  var cString: UnsafePointer<UInt8> { start.assumingMemoryBound(to: UInt8.self) }
}
