import ACIArchive
import ArgumentParser
import SystemPackage

/// Prints the image ID of a file as it is, as sha512sum would.
struct HashFile: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hash-file", abstract: "Hash a file as images are.", shouldDisplay: false)

  @Argument(help: "The file.")
  var file: String

  func run() throws {
    let descriptor = try FileDescriptor.open(FilePath(file), .readOnly)
    defer { try? descriptor.close() }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
    defer { buffer.deallocate() }
    var digest = try ImageDigest()
    while case let count = try descriptor.read(into: buffer), count > 0 {
      try digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    print(try digest.finish())
  }
}
