/// Extracts what a whitelist leaves of an image.
///
/// The image is read once, and once more when a hard link has turned up that names a file which had been left
/// out.
struct SelectiveExtraction {
  private var selection: WhitelistSelection
  /// Whether the image can be read once more.
  private let isRepeatable: Bool
  /// Directories that were left out so far, of those that may be needed: no more than the list has parents.
  private var directories: [ArchiveEntry] = []
  /// Links that wait for what is made when the image is read once more.
  private var links: [ArchiveEntry] = []
  /// Entries that became nothing.
  private(set) var leftOut = 0

  init(_ whitelist: Set<ArchivePath>, isRepeatable: Bool) {
    selection = WhitelistSelection(whitelist)
    self.isRepeatable = isRepeatable
  }

  /// Whether the image must be read once more, with `extractMoved`.
  var needsContent: Bool { !selection.moves.isEmpty }

  /// Reads the image to its end, and makes what is on the list.
  mutating func extract(
    from reader: inout ArchiveReader, with extractor: inout Extractor
  ) throws(ArchiveError) {
    while let entry = try reader.next() {
      switch selection.decide(entry) {
      case .make: try extractor.extract(entry, content: &reader)
      case .leaveOut:
        leftOut += 1
        if entry.kind == .directory, selection.mayBeNeeded(entry.path) { directories.append(entry) }
      case .link(let target): try extractor.extract(entry.linked(to: target), content: &reader)
      case .linkLater(let target): links.append(entry.linked(to: target))
      case .takeContent:
        guard isRepeatable else {
          throw ArchiveError(
            .unsupported, operation: "extract", subject: "entry \(excerpt(entry.path.bytes))",
            detail:
              "it is a hard link to a file that the whitelist leaves out, and a pipe cannot be read once "
              + "more; extract from a file")
        }
      }
    }
    for directory in directories where selection.isNeeded(directory.path) {
      leftOut -= 1
      try extractor.extract(directory, content: &reader)
    }
  }

  /// Makes what was left out but is needed, from the same image once more.
  mutating func extractMoved(
    from reader: inout ArchiveReader, with extractor: inout Extractor
  ) throws(ArchiveError) {
    var missing = selection.moves.count
    while let entry = try reader.next() {
      guard let place = selection.moves[entry.path] else { continue }
      missing -= 1
      try extractor.extract(entry, at: place, content: &reader)
    }
    guard missing == 0 else { throw .changedMeanwhile }
    for link in links { try extractor.extract(link, content: &reader) }
  }
}

extension ArchiveEntry {
  fileprivate func linked(to target: ArchivePath) -> ArchiveEntry {
    var entry = self
    entry.linkTarget = target.bytes
    return entry
  }
}

extension ArchiveError {
  /// The error for an image that is another one when it is read once more.
  static var changedMeanwhile: ArchiveError {
    .reading(.contentMismatch, "it changed while it was read; extract it again when nobody writes to it")
  }
}
