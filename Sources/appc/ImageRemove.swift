import AppcEngine
import ArgumentParser

/// `appc image rm`.
struct ImageRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm",
    abstract: "Remove images from the store and print their IDs.",
    usage: "appc image rm [OPTIONS] IMAGE...",
    discussion: """
      Needs no free disk space. Pods that run keep their files; trees rendered of the images go with appc image gc. \
      One that cannot be removed does not keep the others.
      Exit status: 0, 254 if an IMAGE was not there or could not be removed.

      Example: appc image rm example.com/web:1.1 sha512-0a1b2c
      """)

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Argument(help: ArgumentHelp("The images.", valueName: "IMAGE"))
  var images: [String]

  func run() throws {
    let engine = try global.engine()
    var failed = false
    for image in images {
      do {
        Console.write("\(try engine.removeImage(try ImageArgument(image)))\n")
      } catch {
        Console.error("appc: " + ErrorText.line(error))
        failed = true
      }
    }
    if failed { throw ExitCode(Appc.failureStatus) }
  }
}
