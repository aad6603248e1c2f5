import ACIArchive
import AppcSchema

/// Where the images of a rendering come from.
protocol RenderSource {
  /// What an image asks for, its dependencies found.
  func node(of image: ImageID) throws(StoreError) -> RenderGraph.Node

  /// The manifest as it stands in the image.
  func manifestBytes(of image: ImageID) throws(StoreError) -> [UInt8]

  /// How much there is to read, stored and expanded: for progress.
  func size(of image: ImageID) throws(StoreError) -> RenderSize

  /// The entries of images that were read before.
  var catalogue: EntryCatalogue { get }

  /// Reads an image while nothing can take it away.
  ///
  /// `body` need not read to the end. With hashing, what was read is proven to be this image.
  func read(
    _ image: ImageID, _ options: ArchiveReader.Options,
    _ body: (inout ArchiveReader) throws(ArchiveError) -> Void
  ) throws(StoreError)
}

/// How many bytes an image takes.
struct RenderSize: Hashable, Sendable {
  var stored: Int64
  var expanded: Int64

  static func + (left: Self, right: Self) -> Self {
    Self(stored: left.stored + right.stored, expanded: left.expanded + right.expanded)
  }
}

extension ArchiveReader {
  /// Reads `source` with `body` and then to its end; gives the image's ID if that is computed.
  static func readThrough(
    _ source: consuming ByteSource, _ options: Options,
    _ body: (inout ArchiveReader) throws(ArchiveError) -> Void
  ) throws(ArchiveError) -> ArchiveSummary? {
    var reader = try ArchiveReader(source, options: options)
    try body(&reader)
    if options.hashing { return try reader.finish() }
    try reader.drain()
    return nil
  }
}
