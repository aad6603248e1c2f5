import AppcEngine
import ArgumentParser
import SystemPackage

/// `appc cat-manifest`.
struct CatManifest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cat-manifest",
    abstract: "Print the manifest in a file, byte for byte.",
    usage: "appc cat-manifest [OPTIONS] FILE",
    discussion: """
      FILE is an image, a directory with manifest and rootfs, or a manifest; - is a manifest on standard input. \
      For an image of the store there is appc image cat-manifest. An image is read no further than its manifest; \
      appc validate tells whether the rest is good.
      Exit status: 0, 1 if what was printed is no valid manifest or the image is broken, 254 if there was nothing \
      to print.
      """)

  @Flag(name: .long, help: "Indent it; members keep their order, unknown ones too.")
  var prettyPrint = false

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Argument(help: ArgumentHelp("The file.", valueName: "FILE"))
  var file: String

  func run() throws {
    let manifest =
      file == "-"
      ? try Engine.rawManifest(of: .standardInput, name: file) : try Engine.rawManifest(of: FilePath(file))
    Console.write(prettyPrint ? manifest.indented : manifest.bytes)
    if let problem = manifest.problem {
      Console.error("appc: \(problem)")
      throw ExitCode(Validate.invalidStatus)
    }
  }
}
