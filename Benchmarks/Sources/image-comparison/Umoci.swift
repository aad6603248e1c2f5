import SystemPackage

/// umoci, on an OCI image whose only layer has the same bytes as ours.
enum Umoci {
  static let name = "umoci raw unpack"

  /// Nil with a message when it is not installed.
  static func candidate(_ tree: Corpus.Tree, _ fixture: Fixture) -> Candidate? {
    fixture.peer("umoci", "raw", "unpack", "--image", fixture.corpus.layout(tree) + ":latest").map {
      command in
      Candidate(
        name: name, note: "extracts, and hashes the layer, as it always does",
        command: { command.appending($0.appending("tree").string) }, tree: Candidate.rootfs)
    }
  }
}
