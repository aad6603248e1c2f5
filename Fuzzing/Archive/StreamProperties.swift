@testable import ACIArchive
import FuzzSupport

/// A stream is followed the same however its bytes arrive.
func checkXZ(_ bytes: [UInt8]) {
  checkFollowing(bytes) { XZFollower(allowed: 1 << 20) }
  guard let header = XZBlockHeader(bytes) else { return }
  hold(header.size == bytes.count && header.dictionaryBytes >= 4096, "a header is what it says: \(header)")
  let written = header.serialized()
  guard let again = XZBlockHeader(written) else {
    return hold(false, "what is written can be read: \(header)")
  }
  hold(
    again.compressedSize == header.compressedSize && again.uncompressedSize == header.uncompressedSize
      && again.dictionaryBytes == header.dictionaryBytes, "what is written reads as what it was: \(header)")
}

/// As for xz.
func checkZstd(_ bytes: [UInt8]) {
  checkFollowing(bytes) { ZstdFollower(allowed: 1 << 20) }
  guard let header = ZstdFrameHeader(bytes) else { return }
  guard let again = ZstdFrameHeader(header.serialized()) else {
    return hold(false, "what is written can be read: \(header)")
  }
  hold(
    again.contentSize == header.contentSize && again.windowSize == header.windowSize
      && again.hasChecksum == header.hasChecksum, "what is written reads as what it was: \(header)")
}

private func checkFollowing(_ bytes: [UInt8], _ make: () -> some StreamFollower) {
  let whole = outcome(of: bytes, in: bytes.count, make())
  // A prime, so that pieces end everywhere.
  for size in [1, 7] {
    hold(
      outcome(of: bytes, in: size, make()) == whole, "pieces of \(size) bytes make no difference: \(bytes)")
  }
}

/// What a follower says in the end; nil when it has nothing to say.
private func outcome(
  of bytes: [UInt8], in size: Int, _ follower: some StreamFollower
) -> ArchiveError.Code? {
  var follower = follower
  do throws(ArchiveError) {
    for start in stride(from: 0, to: bytes.count, by: max(size, 1)) {
      try Array(bytes[start...].prefix(size)).withUnsafeBufferPointer { piece throws(ArchiveError) in
        try follower.follow(UnsafeRawBufferPointer(piece))
      }
    }
    try follower.finish()
    return nil
  } catch {
    holdMessage(error.description)
    return error.code
  }
}
