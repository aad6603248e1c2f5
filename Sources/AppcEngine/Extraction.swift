import ACIArchive
import AppcSchema
import Glibc
import SystemPackage

/// Extracts an image to a directory: as a layout, or its root file system alone.
struct Extraction {
  let destination: FilePath
  let options: ImageExtractionOptions

  /// Reads the image to its end; `expectedID` is what it must be if the ID is computed.
  func extract(
    _ source: consuming ByteSource, expecting expectedID: ImageID? = nil
  ) throws(ArchiveError) -> ExtractedImage {
    var staging = try StagingDirectory(for: destination, overwriting: options.overwrite)
    do throws(ArchiveError) {
      let (summary, report) = try Archive.extract(
        // By descriptor: whoever owns the directory above may put something else under the hidden name.
        source, into: FilePath("/proc/self/fd/\(staging.descriptor.rawValue)/image"), options: readerOptions,
        extraction: extractionOptions)
      let id = summary?.imageID
      if let id, let expectedID { try check(id, is: expectedID) }
      try staging.publish(content: options.rootfsOnly ? "image/rootfs" : "image")
      return ExtractedImage(imageID: id, report: report)
    } catch {
      try? staging.discard()
      throw error
    }
  }

  private var readerOptions: ArchiveReader.Options {
    ArchiveReader.Options(limits: options.limits, hashing: options.verifies, progress: options.progress)
  }

  /// Only root may give files away, so for others, as with tar, what they extract is theirs.
  private var extractionOptions: ExtractionOptions {
    ExtractionOptions(
      ownership: options.ownership ?? (geteuid() == 0 ? .archive : .caller), devices: options.devices)
  }

  private func check(_ id: ImageID, is expected: ImageID) throws(ArchiveError) {
    guard id != expected else { return }
    throw ArchiveError(
      .damaged, operation: "extract", subject: expected.short,
      detail: "its blob was changed on the disk and is now \(id.short); see appc image verify --repair")
  }
}
