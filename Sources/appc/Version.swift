import AppcSchema
import ArgumentParser

/// `appc version`.
struct Version: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the version of appc and of the specification.")

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  /// The version of this package; the CHANGELOG says what is in it.
  static let current = "0.1.0"

  func run() {
    Console.write("appc version \(Self.current)\nappc specification \(SemanticVersion.current)\n")
  }
}
