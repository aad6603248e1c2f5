import ACIArchive
import AppcSchema
import SystemPackage

/// Writes the listing of a tree while the tree is made, by any number of threads at once.
///
/// Keeps one buffer, however large the tree is.
final class TreeListingWriter: @unchecked Sendable {
  // Unchecked: `state` is touched under the monitor's lock only.

  private static let bufferBytes = 1 << 16

  private struct State: ~Copyable {
    let file: OwnedDescriptor
    /// Nil after the end.
    var digest: ImageDigest?
    var buffer = TreeListing.header
    var entries = 0

    /// Writes what has gathered and takes it into the digest.
    mutating func flush() throws(ArchiveError) {
      do throws(Errno) {
        try Kernel.writeAll(file.raw, buffer)
      } catch {
        throw TreeListingWriter.failure(error)
      }
      try buffer.withUnsafeBufferPointer { (bytes) throws(ArchiveError) in
        try digest?.update(UnsafeRawBufferPointer(bytes))
      }
      buffer.removeAll(keepingCapacity: true)
    }
  }

  private let monitor = Monitor()
  private var state: State

  /// Starts a listing in an empty file.
  init(in file: consuming OwnedDescriptor) throws(ArchiveError) {
    state = State(file: file, digest: try ImageDigest())
  }

  /// Adds files, in any order.
  func append(_ files: some Sequence<ListedFile>) throws(ArchiveError) {
    var lines: [UInt8] = []
    var count = 0
    for file in files {
      TreeListing.append(file, to: &lines)
      count += 1
    }
    try monitor.withLock { () throws(ArchiveError) in
      state.buffer += lines
      state.entries += count
      if state.buffer.count >= Self.bufferBytes { try state.flush() }
    }
  }

  /// Writes the rest and tells what the listing is.
  ///
  /// To be called once, when nobody adds any more.
  func finish() throws(ArchiveError) -> TreeDigest.Listing {
    try monitor.withLock { () throws(ArchiveError) in
      try state.flush()
      guard let digest = state.digest.take() else { throw TreeListingWriter.failure(.badFileDescriptor) }
      return TreeDigest.Listing(sha512: try digest.finish().hex, entries: state.entries)
    }
  }

  private static func failure(_ errno: Errno) -> ArchiveError {
    ArchiveError(
      .io, operation: "write", subject: "listing of a tree", errno: errno, detail: "it cannot be written")
  }
}

extension TreeListingWriter {
  /// Starts the listing of a tree that is made in `tree`, for an operation that is named in errors.
  convenience init(for operation: String, _ subject: String, in tree: CInt) throws(StoreError) {
    let file = try attempting(operation, subject) { () throws(Errno) in
      try Kernel.createFile(tree, StoreLayout.treeListingName)
    }
    do {
      try self.init(in: file)
    } catch {
      throw StoreError(error, operation: operation, subject: subject)
    }
  }

  /// As `finish()`, for an operation that is named in errors.
  func finish(for operation: String, _ subject: String) throws(StoreError) -> TreeDigest.Listing {
    do {
      return try finish()
    } catch {
      throw StoreError(error, operation: operation, subject: subject)
    }
  }
}
