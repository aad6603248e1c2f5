/// A compression that works on blocks: each becomes a member, compressed on its own, and the members in order
/// make the stream.
protocol BlockCoding: Sendable {
  /// Uncompressed bytes in a block; only the last one may be shorter.
  ///
  /// Fixed for each level, so that the output is the same on every machine.
  var blockSize: Int { get }
  /// Room that the member of a block needs.
  var memberCapacity: Int { get }
  /// What compresses blocks on one thread.
  func makeEncoder() -> any BlockEncoder
  /// What stands around the members of one stream.
  func makeFraming() -> any StreamFraming
}

/// A coding that keeps nothing from one block to the next is its own encoder, on any number of threads.
extension BlockCoding where Self: BlockEncoder {
  func makeEncoder() -> any BlockEncoder { self }
}

/// Compresses blocks, one after another, on one thread.
protocol BlockEncoder {
  /// Compresses a block.
  ///
  /// - Returns: where in `room` its member is.
  func encode(
    _ block: UnsafeRawBufferPointer, in room: UnsafeMutableRawBufferPointer
  ) throws(ArchiveError) -> Range<Int>
}

/// What a stream has besides its members.
protocol StreamFraming {
  /// The bytes before the first member.
  var beginning: [UInt8] { get }
  /// Takes note of the next member, made of a block of `blockSize` bytes.
  mutating func add(_ member: UnsafeRawBufferPointer, blockSize: Int) throws(ArchiveError)
  /// The bytes after the last member.
  var end: [UInt8] { get }
}

/// Members that are streams of their own, which readers join.
struct Concatenation: StreamFraming {
  let beginning: [UInt8] = []
  let end: [UInt8] = []

  mutating func add(_ member: UnsafeRawBufferPointer, blockSize: Int) {}
}
