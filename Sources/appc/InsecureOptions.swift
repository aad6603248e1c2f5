import AppcSchema

/// What `--insecure-options` turns off, in rkt's words.
struct InsecureOptions {
  static let names = [
    "none", "image", "tls", "ondisk", "http", "pubkey", "capabilities", "paths", "seccomp", "all-fetch",
    "all-run", "all",
  ]

  private let chosen: Set<String>

  init(_ lists: [String]) throws {
    var chosen: Set<String> = []
    for word in lists.flatMap({ $0.split(separator: ",").map(String.init) }) {
      guard Self.names.contains(word) else {
        throw CommandError(
          "--insecure-options: there is no \"\(word)\"; use \(Self.names.joined(separator: ", "))")
      }
      chosen.insert(word)
    }
    self.chosen = chosen
  }

  var leavesOutCapabilities: Bool { !chosen.isDisjoint(with: ["capabilities", "all-run", "all"]) }
  var leavesOutPaths: Bool { !chosen.isDisjoint(with: ["paths", "all-run", "all"]) }
}
