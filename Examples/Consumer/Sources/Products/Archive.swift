import ACIArchive
import SystemPackage

/// Checks an image from its first byte to its last, and extracts it to a new directory.
func unpack(_ image: FilePath, into directory: FilePath) throws -> String {
  let (summary, _) = try Archive.extract(ByteSource(opening: image), into: directory)
  return "\(summary.imageID): \(summary.manifest.name), \(summary.entryCount) entries"
}
