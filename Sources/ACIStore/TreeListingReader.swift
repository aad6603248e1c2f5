import ACIArchive
import AppcSchema
import SystemPackage

/// Reads the listing of a tree line by line and computes its digest.
///
/// Keeps one buffer, however long the listing is.
struct TreeListingReader: ~Copyable {
  /// Why the listing could not be read on.
  enum Failure: Error {
    /// It is not what `TreeListingWriter` wrote.
    case malformed
    /// The kernel or libcrypto refused.
    case unreadable(StoreError)
  }

  private static let chunkBytes = 1 << 16

  private let file: OwnedDescriptor
  private var digest: ImageDigest
  private var buffer: [UInt8] = []
  /// How much of the buffer has been used.
  private var position = 0
  private var isAtEnd = false

  /// Stands before the first file.
  init(_ file: consuming OwnedDescriptor) throws(Failure) {
    self.file = file
    do {
      digest = try ImageDigest()
    } catch {
      throw .digesting(error)
    }
  }

  /// The next file; nil at the end.
  mutating func next() throws(Failure) -> ListedFile? {
    var target: [UInt8]?
    while let line = try nextLine() {
      if line.first != UInt8(ascii: "#") {
        guard let file = TreeListing.parse(line, hardLinkTo: target) else { throw .malformed }
        return file
      }
      target = TreeListing.hardLinkTarget(line)
    }
    guard target == nil else { throw .malformed }
    return nil
  }

  /// Reads what is left and gives the SHA-512 of all of it, in hexadecimal digits.
  consuming func finish() throws(Failure) -> String {
    repeat { position = buffer.count } while try fill()
    do {
      return try digest.finish().hex
    } catch {
      throw .digesting(error)
    }
  }

  /// The next line without its end; nil when there is none.
  private mutating func nextLine() throws(Failure) -> ArraySlice<UInt8>? {
    var searched = position
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { position = end + 1 }
        return buffer[position..<end]
      }
      let unfinished = buffer.count - position
      guard unfinished <= TreeListing.maxLineBytes else { throw .malformed }
      guard try fill() else {
        guard unfinished == 0 else { throw .malformed }
        return nil
      }
      searched = unfinished
    }
  }

  /// Drops what has been used and reads more; false at the end of the file.
  private mutating func fill() throws(Failure) -> Bool {
    guard !isAtEnd else { return false }
    buffer.removeFirst(position)
    position = 0
    let old = buffer.count
    buffer += repeatElement(0, count: Self.chunkBytes)
    let count = try read(at: old)
    buffer.removeLast(Self.chunkBytes - count)
    do throws(ArchiveError) {
      try buffer.withUnsafeBufferPointer { (bytes) throws(ArchiveError) in
        try digest.update(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[old...])))
      }
    } catch {
      throw .digesting(error)
    }
    isAtEnd = count == 0
    return count > 0
  }

  private mutating func read(at start: Int) throws(Failure) -> Int {
    let raw = file.raw
    do throws(Errno) {
      return try buffer.withUnsafeMutableBufferPointer { (bytes) throws(Errno) in
        try Kernel.read(
          raw, into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: bytes[start...])))
      }
    } catch {
      throw .unreadable(StoreError(system: error, operation: "verify", subject: "listing of a tree"))
    }
  }
}

extension TreeListingReader.Failure {
  fileprivate static func digesting(_ error: ArchiveError) -> Self {
    .unreadable(StoreError(error, operation: "verify", subject: "listing of a tree"))
  }
}
