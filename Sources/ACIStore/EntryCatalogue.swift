import ACIArchive
import AppcSchema

/// The entries of the images of one rendering, as much of each as planning needs.
struct EntryCatalogue: Sendable {
  /// What an entry is, as far as planning asks.
  enum Kind: Hashable, Sendable {
    case directory
    /// Another name of the file at a path.
    case hardLink(to: PathTree.Number)
    case other
  }

  /// An entry of an image; those outside of `rootfs` have no path.
  struct Entry: Hashable, Sendable {
    let path: PathTree.Number?
    let kind: Kind
  }

  private(set) var paths: PathTree
  private var lists: [ImageID: [Entry]] = [:]

  init(limits: PathTree.Limits = .init()) {
    paths = PathTree(limits: limits)
  }

  /// The entries of an image in the order of its archive; nil if it was not read.
  subscript(image: ImageID) -> [Entry]? { lists[image] }

  /// Files a list of entries under the image that they are of, which is known when all of it was read.
  mutating func add(_ list: [Entry], of image: ImageID) {
    lists[image] = list
  }

  /// Makes a list of what is left of an image.
  mutating func list(_ reader: inout ArchiveReader) throws(ArchiveError) -> [Entry] {
    var list: [Entry] = []
    while let entry = try reader.next() { list.append(try self.entry(entry)) }
    return list
  }

  /// What planning needs of an entry, its paths filed.
  mutating func entry(_ entry: ArchiveEntry) throws(ArchiveError) -> Entry {
    guard entry.path.starts(with: .rootfs) else { return Entry(path: nil, kind: .other) }
    let path = try paths.insert(entry.path)
    switch entry.kind {
    case .directory: return Entry(path: path, kind: .directory)
    case .hardLink:
      let target = try paths.insert(ArchivePath(canonical: entry.linkTarget))
      return Entry(path: path, kind: .hardLink(to: target))
    default: return Entry(path: path, kind: .other)
    }
  }
}
