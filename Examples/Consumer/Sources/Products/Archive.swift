import ACIArchive
import SystemPackage

/// Checks an image from its first byte to its last, and extracts it to a new directory.
func unpack(_ image: FilePath, into directory: FilePath) throws -> String {
  let (summary, report) = try Archive.extract(ByteSource(opening: image), into: directory)
  // There is a summary unless hashing was turned off, which saves its time.
  let id = summary.map { "\($0.imageID)" } ?? "not hashed"
  return "\(id): \(report.created) files, \(report.writtenBytes) bytes"
}
