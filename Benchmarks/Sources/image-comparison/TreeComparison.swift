import Measuring
import SystemPackage

/// Holds trees against the first one, by what find and sha256sum say of them: type, mode, owner, times, number and
/// target of links, and content.
struct TreeComparison {
  /// Who makes the first.
  static let reference = "GNU tar"

  private let workspace: Workspace
  private var hasFirst = false
  private var first: FilePath { workspace.path("tree.first") }
  private var other: FilePath { workspace.path("tree.other") }

  init(workspace: Workspace) { self.workspace = workspace }

  /// Nil for the first tree, and for those that are like it; otherwise some lines of the difference.
  mutating func difference(of tree: FilePath) throws -> String? {
    try list(tree, to: hasFirst ? other : first)
    guard hasFirst else {
      hasFirst = true
      return nil
    }
    let compare = MeasuredCommand([
      "/bin/sh", "-c", #"diff "$1" "$2" | head -6"#, "sh", first.string, other.string,
    ])
    let lines = try compare.output(workspace)
    return lines.isEmpty ? nil : lines.split(separator: "\n").joined(separator: " ")
  }

  private func list(_ tree: FilePath, to file: FilePath) throws {
    let script = #"""
      cd "$1"
      { find . -mindepth 1 -printf '%P %y %m %U %G %T@ %n %l\n'
        find . -type f -print0 | sort -z | xargs -0 sha256sum
      } | sort >"$2"
      """#
    _ = try MeasuredCommand(["/bin/sh", "-c", script, "sh", tree.string, file.string]).run(workspace)
  }
}
