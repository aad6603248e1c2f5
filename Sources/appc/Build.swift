import AppcEngine
import ArgumentParser
import Glibc
import SystemPackage

/// `appc build`.
struct Build: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Build an image from a directory.",
    discussion: """
      DIR holds a file manifest and a directory rootfs. The same tree gives the same image ID, whoever builds it \
      and however it is compressed. SOURCE_DATE_EPOCH, if set, is the latest time that a file may have.
      """)

  @Flag(name: .long, help: "Replace OUT.aci if it exists.")
  var overwrite = false

  @OptionGroup
  var compression: CompressionOptions

  @Flag(name: .long, help: "Make everything in the image belong to root.")
  var ownerRoot = false

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Argument(help: ArgumentHelp("The directory with manifest and rootfs.", valueName: "DIR"))
  var directory: String

  @Argument(help: ArgumentHelp("The image to make.", valueName: "OUT.aci"))
  var output: String

  func run() throws {
    let built = try Engine.build(
      FilePath(directory), to: FilePath(output),
      options: .init(
        compression: try compression.chosen() ?? .gzip(), overwrite: overwrite, ownerRoot: ownerRoot,
        sourceDateEpoch: try Self.sourceDateEpoch()))
    for diagnostic in built.diagnostics { Console.error("appc: \(diagnostic)") }
    Console.write("\(built.imageID)\n")
  }

  private static func sourceDateEpoch() throws -> Int64? {
    guard let value = getenv("SOURCE_DATE_EPOCH") else { return nil }
    guard let seconds = Int64(String(cString: value)), seconds >= 0 else {
      throw CommandError("SOURCE_DATE_EPOCH is not a number of seconds")
    }
    return seconds
  }
}
