import Glibc

/// Compiles StageInit with the toolchain's own compilers and fixed flags, and writes it as Swift source.
///
/// usage: stageinit-builder SWIFTC CLANG HEADERS SCRATCH OUTPUT SOURCE...
@main
struct StageInitBuilder {
  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count > 6 else { stop("usage: SWIFTC CLANG HEADERS SCRATCH OUTPUT SOURCE...") }
    do throws(BuilderError) {
      let compilation = Compilation(
        swiftc: arguments[1], clang: arguments[2], headers: arguments[3], scratch: arguments[4],
        sources: Array(arguments[6...]))
      for command in compilation.commands { try run(command) }
      let image = try readFile(compilation.executable)
      guard image.count <= Compilation.sizeLimit else {
        throw BuilderError("StageInit has \(image.count) bytes; the limit is \(Compilation.sizeLimit)")
      }
      try writeFile(arguments[5], EmbeddedSource(image: image).text)
    } catch {
      stop(error.message)
    }
  }

  private static func stop(_ message: String) -> Never {
    fputs("stageinit-builder: error: \(message)\n", stderrStream())
    exit(1)
  }

  // Glibc's `stderr` is a mutable global, which Swift 6 mode does not allow to be read.
  private static func stderrStream() -> UnsafeMutablePointer<FILE>? { fdopen(2, "w") }
}

/// What went wrong, for the build log.
struct BuilderError: Error {
  let message: String

  init(_ message: String) { self.message = message }
}
