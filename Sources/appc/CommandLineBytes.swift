import Glibc

/// The arguments as the kernel gave them.
///
/// `CommandLine.arguments` repairs what is not UTF-8, which would run something else than was asked for.
enum CommandLineBytes {
  /// The arguments after the program's name; nil when one of them is not valid UTF-8.
  static func arguments() -> [String]? {
    var arguments: [String] = []
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let pointer = CommandLine.unsafeArgv[index], let text = String(validatingCString: pointer) else {
        return nil
      }
      arguments.append(text)
    }
    return arguments
  }
}
