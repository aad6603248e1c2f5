/// Follows a compressed stream from part to part, without decompressing it, ahead of the decoder.
///
/// A decoder takes the memory that a stream asks for, anew at each of its blocks, frames or concatenated
/// streams; so each of them is looked at before the decoder sees it.
protocol StreamFollower {
  /// Looks at the next bytes of the stream.
  ///
  /// - Throws: `limitExceeded` for what asks for too much memory, `damaged` for what no decoder takes.
  mutating func follow(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError)
  /// Looks at how the bytes have ended.
  ///
  /// - Throws: `truncated` when that was not between two streams or frames.
  func finish() throws(ArchiveError)
}

/// What decoders may take as the memory of what they refer back to.
struct DictionaryLimit {
  /// What the caller allows, in bytes.
  let allowed: Int64
  /// What libarchive lets its decoder take, in bytes.
  let library: Int64

  func check(_ size: UInt64) throws(ArchiveError) {
    guard size > UInt64(max(0, min(allowed, library))) else { return }
    let advice =
      size > UInt64(library)
      ? "libarchive allows no more than \(library): compress it with a smaller one"
      : "raise dictionaryBytes to allow it"
    throw .reading(.limitExceeded, "it asks for a dictionary of \(size) bytes to decompress; \(advice)")
  }
}

/// Cuts a stream that comes in pieces into the parts that are looked at, leaving out what lies between them.
struct StreamParts {
  private var skipped: UInt64 = 0
  private var wanted: Int
  private var part: [UInt8] = []

  /// Begins with a part of so many bytes, at least one.
  init(first count: Int) {
    wanted = count
  }

  /// Whether nothing of the next part, or of what lies before it, has been seen.
  var isAtBorder: Bool { skipped == 0 && part.isEmpty }

  /// Says what is wanted next: a part of `count` bytes, at least one, after `distance` bytes of no interest.
  mutating func want(_ count: Int, after distance: UInt64 = 0) {
    skipped = distance
    wanted = count
  }

  /// Counts bytes that were a part as the beginning of the next one, which is longer.
  mutating func putBack(_ bytes: [UInt8]) {
    part = bytes
  }

  /// The next part, if all of it is there; what has been used is taken off `bytes`.
  mutating func next(_ bytes: inout Slice<UnsafeRawBufferPointer>) -> [UInt8]? {
    let passed = Int(min(skipped, UInt64(bytes.count)))
    bytes = bytes.dropFirst(passed)
    skipped -= UInt64(passed)
    let taken = bytes.prefix(wanted - part.count)
    part += taken
    bytes = bytes.dropFirst(taken.count)
    guard part.count == wanted else { return nil }
    defer { part = [] }
    return part
  }
}
