import ACIArchive
import SystemPackage

extension TreeVerification {
  /// Names what is in a listed directory without being listed itself.
  ///
  /// Two more passes over the listing, the first to remember a number for each path: of a tree that is damaged
  /// anyway, and so rarely. That two paths have one number would hide an addition from the report, not the
  /// damage.
  mutating func findUnlisted() throws(TreeListingReader.Failure) {
    var listed: Set<Int> = []
    var reader = try openListing()
    while let file = try reader.next() { listed.insert(file.path.hashValue) }
    reader = try openListing()
    let known = result.differenceCount
    while let file = try reader.next() {
      guard file.kind == .directory else { continue }
      do throws(Errno) {
        try findUnlisted(in: file.path, listed)
      } catch .noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels, .improperLink {
        // Told of already, as missing or of another kind.
      } catch {
        throw .unreadable(
          StoreError(system: error, operation: "verify", subject: FilePath(bytes: file.path).shown))
      }
    }
    // The tree is not whole, whatever changed since its names were counted.
    if result.differenceCount == known, known == 0 { note(.unlisted, []) }
  }

  private mutating func findUnlisted(in path: [UInt8], _ listed: Set<Int>) throws(Errno) {
    let (parent, name) = try place.locate(path)
    var stream = try DirectoryStream(adopting: try Kernel.openDirectory(parent, name))
    while let name = try stream.next() {
      let bytes = name.withPlatformString { Array(UnsafeRawBufferPointer(start: $0, count: name.length)) }
      let full = path.isEmpty ? bytes : path + [UInt8(ascii: "/")] + bytes
      if !listed.contains(full.hashValue) { note(.unlisted, full) }
    }
  }
}
