import AppcEngine
import AppcSchema
import ArgumentParser

/// How a new image is compressed.
struct CompressionOptions: ParsableArguments {
  @Flag(name: .long, help: "Do not compress; the same as --compression none.")
  var noCompression = false

  @Option(name: .long, help: ArgumentHelp("gzip or none; without it as the image was.", valueName: "KIND"))
  var compression: String?

  /// What was chosen, nil for nothing.
  func chosen() throws -> OutputCompression? {
    switch (noCompression, compression) {
    case (true, nil), (_, "none"): return .some(.none)
    case (true, _): throw CommandError("--no-compression and --compression exclude each other")
    case (_, "gzip"): return .gzip()
    case (_, nil): return nil
    case (_, let other?):
      throw CommandError("--compression: there is no \"\(printable(other.utf8))\"; use gzip or none")
    }
  }
}
