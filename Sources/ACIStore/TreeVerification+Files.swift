import ACIArchive
import SystemPackage

extension TreeVerification {
  /// How a file differs from its line, or nil.
  ///
  /// The time comes last, as most changes change it too. Throws the kernel's reason, with its number.
  mutating func difference(of file: ListedFile) throws(StoreError) -> TreeDifference.Kind? {
    let found: Kernel.Status
    do throws(Errno) {
      let (directory, name) = try place.locate(file.path)
      found = try Kernel.status(directory, name)
      if case .hardLink(let target) = file.kind { return try linkDifference(found, target) }
      guard found.kind == file.kind.entryKind else { return .anotherKind }
      if let difference = file.permissionDifference(from: found) { return difference }
      switch file.kind {
      case .regular(let size, _) where size != found.bytes: return .size(found: found.bytes, listed: size)
      case .symbolicLink(let text) where try Kernel.linkText(directory, name) != text: return .linkText
      case .directory: names += try countNames(directory, name)
      default: break
      }
    } catch {
      throw StoreError(system: error, operation: "verify", subject: FilePath(bytes: file.path).shown)
    }
    if case .regular(let size, let digest) = file.kind,
      try contentDigest(of: file.path, bytes: size) != digest
    {
      return .content
    }
    return file.metadata.modified.isKept(as: found.modified) ? nil : .time
  }

  private mutating func linkDifference(
    _ found: Kernel.Status, _ target: [UInt8]
  ) throws(Errno) -> TreeDifference.Kind? {
    let (directory, name) = try place.locate(target)
    return try Kernel.status(directory, name).isSameFile(as: found) ? nil : .notLinked
  }

  private func countNames(_ directory: CInt, _ name: FilePath) throws(Errno) -> Int {
    var stream = try DirectoryStream(adopting: try Kernel.openDirectory(directory, name))
    var count = 0
    while try stream.next() != nil { count += 1 }
    return count
  }

  /// The SHA-256 of a file of known length.
  private mutating func contentDigest(of path: [UInt8], bytes size: Int64) throws(StoreError) -> [UInt8] {
    let subject = FilePath(bytes: path).shown
    let file = try attempting("verify", subject) { () throws(Errno) in
      let (directory, name) = try place.locate(path)
      return try Kernel.openToRead(directory, name)
    }
    var left = size
    while left > 0 {
      let count = try attempting("verify", subject) { () throws(Errno) in
        try buffer.withUnsafeMutableBufferPointer { (bytes) throws(Errno) in
          try Kernel.read(file.raw, into: UnsafeMutableRawBufferPointer(bytes))
        }
      }
      // It became shorter just now, and the digest will be another one.
      if count == 0 { break }
      do throws(ArchiveError) {
        try buffer.withUnsafeBufferPointer { (bytes) throws(ArchiveError) in
          try digest.update(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[..<count])))
        }
      } catch {
        throw StoreError(error, operation: "verify", subject: subject)
      }
      left -= Int64(count)
      result.bytes += Int64(count)
      try progress(result.bytes)
    }
    do {
      return try digest.finish()
    } catch {
      throw StoreError(error, operation: "verify", subject: subject)
    }
  }
}

extension ListedFile {
  /// The mode or the owner, if it is not as listed.
  fileprivate func permissionDifference(from found: Kernel.Status) -> TreeDifference.Kind? {
    let mode = found.mode & 0o7777
    // A symbolic link has no permissions of its own.
    if kind.entryKind != .symbolicLink, mode != metadata.mode {
      return .mode(found: mode, listed: metadata.mode)
    }
    return found.owner == metadata.uid && found.group == metadata.gid ? nil : .owner
  }
}

extension FileTime {
  /// Whether a file system may make `found` of this time when it is set.
  ///
  /// Some keep no fractions of a second or coarse ones, and some no times beyond 32 bits, which they move to
  /// the next one that they can keep.
  func isKept(as found: FileTime) -> Bool {
    if found.seconds == seconds {
      return [1, 100, 1000, 1_000_000_000].contains { nanoseconds / $0 * $0 == found.nanoseconds }
    }
    let earliest = Int64(Int32.min)
    let latest = Int64(Int32.max)
    if seconds > latest { return (latest...seconds).contains(found.seconds) }
    return seconds < earliest && (seconds...earliest).contains(found.seconds)
  }
}
