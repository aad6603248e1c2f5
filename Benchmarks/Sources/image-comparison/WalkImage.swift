import ACIArchive
import ArgumentParser
import SystemPackage

/// Reads an image to its end and checks it, without hashing it.
struct WalkImage: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "walk-image", abstract: "Read an image without hashing it.", shouldDisplay: false)

  @Argument(help: "The image.")
  var file: String

  func run() throws {
    var reader = try ArchiveReader(ByteSource(opening: FilePath(file)), options: .init(hashing: false))
    try reader.drain()
  }
}
