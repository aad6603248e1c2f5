import Glibc
import SystemPackage

/// Others that extract tar archives, with modes and owners as root.
struct TarCandidates {
  let fixture: Fixture
  let image: String

  /// GNU tar, whose tree is what all others' must be.
  func gnu(_ options: String) -> Candidate {
    candidate(
      TreeComparison.reference, "tar \(options)",
      MeasuredCommand(["/bin/tar", "--numeric-owner", options, image, "-C"]))
  }

  func pigz() -> Candidate? {
    guard MeasuredCommand.find("pigz") != nil else { return nil }
    return candidate(
      "GNU tar, pigz", "tar -I pigz -xpf: pigz writes and checks on other threads",
      MeasuredCommand(["/bin/tar", "--numeric-owner", "-I", "pigz", "-xpf", image, "-C"]))
  }

  func bsd() -> Candidate? {
    fixture.peer("bsdtar", "--numeric-owner", "-xpf", image, "-C").map {
      candidate("bsdtar", "libarchive", $0)
    }
  }

  private func candidate(_ name: String, _ note: String, _ command: MeasuredCommand) -> Candidate {
    Candidate(
      name: name, note: note, command: { command.appending($0.appending("tree").string) },
      prepare: { mkdir($0.appending("tree").string, 0o700) }, tree: Candidate.rootfs)
  }
}
