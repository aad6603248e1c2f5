import AppcEngine
import AppcSchema
import ArgumentParser

/// How a new image is compressed.
struct CompressionOptions: ParsableArguments {
  @Flag(name: .long, help: "Do not compress; the same as --compression none.")
  var noCompression = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      """
      gzip, bzip2, xz, zstd or none, with a level if need be (xz:6); without it gzip, or as the image was. All \
      but gzip need libarchive, and zstd is beyond the specification.
      """, valueName: "KIND[:LEVEL]"))
  var compression: String?

  /// What was chosen, nil for nothing.
  func chosen() throws -> OutputCompression? {
    guard let compression else { return noCompression ? .some(.none) : nil }
    guard let chosen = OutputCompression(compression) else {
      throw CommandError(
        "--compression: there is no \"\(printable(compression.utf8))\"; use gzip, bzip2, xz, zstd or none, "
          + "with a level if need be (xz:6)")
    }
    guard !noCompression || chosen == .none else {
      throw CommandError("--no-compression and --compression exclude each other")
    }
    return chosen
  }
}
