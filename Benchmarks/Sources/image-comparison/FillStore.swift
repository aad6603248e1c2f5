import ACIArchive
import ACIStore
import AppcSchema
import ArgumentParser
import Glibc
import Measuring
import SystemPackage

/// Makes a store of many images without importing them all: one is imported, the others are made like it.
///
/// Their blobs are holes of the same size, their records the same with another ID and name.
struct FillStore: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fill-store", abstract: "Make a store of many images.", shouldDisplay: false)

  @Argument(help: "The store.")
  var store: String

  @Argument(help: "An image to make them like.")
  var image: String

  @Argument(help: "How many images.")
  var count: Int

  func run() throws {
    let path = FilePath(store)
    let store = try ImageStore.open(at: path)
    let model = try store.importImage(from: FilePath(image)).record
    let text = try SmallText.read(path.appending("images/\(model.id).json"))
    for number in 0..<count {
      let id = try Self.id(number)
      let blob = path.appending("blobs/sha512/\(id.hex.prefix(2))/\(id)")
      try makeFile(blob, mode: 0o400) { _ = ftruncate($0.rawValue, off_t(model.tarBytes)) }
      let record = text.replacing("\(model.id)", with: "\(id)")
        .replacing("\"\(model.name)\"", with: "\"\(model.name)/\(number)\"")
      try makeFile(path.appending("images/\(id).json"), mode: 0o600) {
        _ = try $0.writeAll(Array(record.utf8))
      }
      try makeFile(path.appending("used/\(id)"), mode: 0o600) { _ in }
    }
    try store.remove(model.id)
  }

  /// The ID of the image of a number.
  static func id(_ number: Int) throws -> ImageID {
    var digest = try ImageDigest()
    try withUnsafeBytes(of: number) { try digest.update($0) }
    return try digest.finish()
  }

  private func makeFile(
    _ path: FilePath, mode: CInterop.Mode, _ body: (FileDescriptor) throws -> Void
  ) throws {
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .exclusiveCreate], permissions: FilePermissions(rawValue: mode))
    try file.closeAfter { try body(file) }
  }
}
