import AppcSchema

/// An app's environment: what rule I1 demands, under and over what the app asks for.
struct AppEnvironment {
  /// What a program is looked up in when the app sets nothing else.
  static let defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  private var variables: [(name: String, value: String)] = []

  init(app: App, name: ACName, metadataURL: String) {
    set("PATH", Self.defaultPath)
    for variable in app.environment { set(variable.name.description, variable.value) }
    // Facts about the pod, which an image cannot change.
    set("AC_APP_NAME", name.description)
    set("AC_METADATA_URL", metadataURL)
    set("container", "appc")
  }

  private mutating func set(_ name: String, _ value: String) {
    if let index = variables.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
      variables[index].value = value
    } else {
      variables.append((name, value))
    }
  }

  /// Each as `name=value`.
  var entries: [[UInt8]] { variables.map { Array("\($0.name)=\($0.value)".utf8) } }

  /// The paths that exec tries for a program (E1): itself if it holds a slash, or one in each directory of PATH.
  func candidates(for program: String) -> [[UInt8]] {
    let name = Array(program.utf8)
    if name.contains(UInt8(ascii: "/")) { return [name] }
    let path = variables.first { $0.name == "PATH" }?.value ?? Self.defaultPath
    return path.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map { directory in
      directory.isEmpty ? Array("./".utf8) + name : Array(directory) + [UInt8(ascii: "/")] + name
    }
  }
}
