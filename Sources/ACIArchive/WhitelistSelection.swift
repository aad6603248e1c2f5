/// What a whitelist leaves of one image, decided entry by entry in the order of the archive (G4, G5).
///
/// A path stands for itself only: listing a directory does not list what is in it. The directories above what
/// is left are kept, for without them it could not be there. A hard link has its content even where the file
/// that it names is not on the list: the first such name becomes the file.
struct WhitelistSelection {
  /// What becomes of an entry.
  enum Outcome: Equatable {
    /// The file, at its own path.
    case make
    /// Nothing, unless it is a directory that turns out to be above something.
    case leaveOut
    /// Another name of the file at this path, which is made already.
    case link(to: ArchivePath)
    /// This path is where a file that was left out earlier goes: see `moves`.
    case takeContent
    /// Another name of the file at this path, which is made of what was left out earlier.
    case linkLater(to: ArchivePath)
  }

  private let listed: Set<ArchivePath>
  /// The directories above what is listed: no others can turn out to be needed.
  private let above: Set<ArchivePath>
  /// The entry with the content behind each hard link so far.
  private var contents: [ArchivePath: ArchivePath] = [:]
  /// Directories that hold something that is made.
  private var occupied: Set<ArchivePath> = []
  /// Where files go that are not on the list, by their paths in the archive.
  private(set) var moves: [ArchivePath: ArchivePath] = [:]

  /// An image has a manifest and a rootfs, whatever the list says.
  init(_ whitelist: Set<ArchivePath>) {
    listed = whitelist.union([.manifest, .rootfs])
    var above: Set<ArchivePath> = []
    for path in listed { WhitelistSelection.insertParents(of: path, into: &above) }
    self.above = above
  }

  /// Decides over the next entry.
  mutating func decide(_ entry: ArchiveEntry) -> Outcome {
    let content = content(of: entry)
    guard listed.contains(entry.path) else { return .leaveOut }
    WhitelistSelection.insertParents(of: entry.path, into: &occupied)
    guard let content else { return .make }
    if listed.contains(content) { return .link(to: content) }
    if let place = moves[content] { return .linkLater(to: place) }
    moves[content] = entry.path
    return .takeContent
  }

  /// Whether a directory that is left out may turn out to be needed.
  func mayBeNeeded(_ directory: ArchivePath) -> Bool { above.contains(directory) }

  /// Whether a directory holds something that is made; to be asked at the end.
  func isNeeded(_ directory: ArchivePath) -> Bool { occupied.contains(directory) }

  /// Nil for what is no hard link; a link may name another one.
  private mutating func content(of entry: ArchiveEntry) -> ArchivePath? {
    guard entry.kind == .hardLink else { return nil }
    let target = ArchivePath(canonical: entry.linkTarget)
    let content = contents[target] ?? target
    contents[entry.path] = content
    return content
  }

  private static func insertParents(of path: ArchivePath, into directories: inout Set<ArchivePath>) {
    var above = path.parent
    while let directory = above, directories.insert(directory).inserted { above = directory.parent }
  }
}
