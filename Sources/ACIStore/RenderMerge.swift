import ACIArchive
import AppcSchema

/// The merged tree while images are laid below it, the winning one first (G2, G3, G7).
struct RenderMerge {
  private enum Claim { case directory, other }

  /// Who has which path, decided for good.
  private var claims: [ArchivePath: Claim] = [:]
  private var won: [ImageID: Set<ArchivePath>] = [:]
  /// Directories that claimed paths lie in.
  private var needed: Set<ArchivePath> = []
  /// For directories that no list has, but that may be needed: the topmost image that describes them.
  private var describedBy: [ArchivePath: ImageID] = [:]

  /// Lays an image below what is there.
  mutating func add(_ entries: [PlannedEntry], of image: ImageID, whitelist: PathWhitelist?) {
    for entry in entries where entry.path.starts(with: .rootfs) {
      if let whitelist, !whitelist.contains(entry.path) {
        if entry.isDirectory, describedBy[entry.path] == nil { describedBy[entry.path] = image }
      } else if canClaim(entry) {
        claim(entry, image)
      }
    }
  }

  /// What each image gives.
  ///
  /// Directories that hold something but are on no list are taken from the topmost image that has them, so
  /// that they keep their owner and mode; what is then still missing is nobody's.
  mutating func finish() -> [ImageID: Set<ArchivePath>] {
    for directory in needed where claims[directory] == nil {
      if let image = describedBy[directory] { won[image, default: []].insert(directory) }
    }
    return won
  }

  private func canClaim(_ entry: PlannedEntry) -> Bool {
    if claims[entry.path] != nil { return false }
    // Above, this is a directory with something in it: a link or file from below is replaced by it (G3).
    if !entry.isDirectory, needed.contains(entry.path) { return false }
    // Above, something on the way here is no directory: what lies in it is hidden (G7).
    var ancestor = entry.path.parent
    while let path = ancestor {
      if claims[path] == .other { return false }
      // Everything above a needed directory was looked at when it became one.
      if needed.contains(path) { return true }
      ancestor = path.parent
    }
    return true
  }

  private mutating func claim(_ entry: PlannedEntry, _ image: ImageID) {
    claims[entry.path] = entry.isDirectory ? .directory : .other
    won[image, default: []].insert(entry.path)
    var ancestor = entry.path.parent
    while let path = ancestor, needed.insert(path).inserted { ancestor = path.parent }
  }
}
