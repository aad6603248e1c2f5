import ACIArchive
import AppcSchema
import SystemPackage

/// A file with an image in it, open: another file that takes its name meanwhile changes nothing.
final class OpenImageFile: Sendable {
  let path: FilePath
  let storedBytes: Int64
  private let file: OwnedDescriptor

  /// Opens a regular file; anything else is refused, and a pipe does not block.
  init(_ path: FilePath) throws(StoreError) {
    let status: Kernel.Status
    do throws(Errno) {
      file = try Kernel.openFile(following: path)
      status = try Kernel.status(file.raw)
    } catch .noSuchFileOrDirectory {
      throw StoreError(
        .notFound, operation: "render", subject: path.shown, detail: "there is no such file",
        errno: .noSuchFileOrDirectory)
    } catch {
      throw StoreError(system: error, operation: "render", subject: path.shown)
    }
    guard status.isRegular else {
      throw StoreError(
        .refused, operation: "render", subject: path.shown,
        detail: "it is not a regular file; give an .aci file")
    }
    self.path = path
    storedBytes = status.bytes
  }

  /// Reads all of the file from its start.
  func read(
    _ options: ArchiveReader.Options, _ body: (inout ArchiveReader) throws(ArchiveError) -> Void
  ) throws(StoreError) -> ArchiveSummary? {
    let raw = file.raw
    try attempting("render", path.shown) { () throws(Errno) in try Kernel.rewind(raw) }
    do {
      return try ArchiveReader.readThrough(ByteSource(file.descriptor, name: path.shown), options, body)
    } catch {
      throw StoreError(error, operation: "render", subject: path.shown)
    }
  }
}
