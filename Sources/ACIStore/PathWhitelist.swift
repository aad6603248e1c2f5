import ACIArchive
import AppcSchema

/// The paths that an image, and everything it depends on, may have in a rendered tree (D9, G4).
///
/// A path stands for itself only: listing a directory does not list what is in it (G5). The directories above a
/// listed path are kept, for without them it could not be there.
struct PathWhitelist: Hashable, Sendable {
  /// Places in an image: `/etc` is `rootfs/etc`.
  private(set) var paths: Set<ArchivePath>

  /// Nil for an empty list, which means every path.
  ///
  /// A path that climbs out is refused: joined naively, `/../manifest` would mean the image's manifest.
  init?(_ list: [String], of image: String) throws(StoreError) {
    if list.isEmpty { return nil }
    paths = [.rootfs]
    for text in list {
      do {
        // A missing leading slash and a trailing one are tolerated, as older tools wrote them (G5, G6).
        paths.insert(try ArchivePath(Array("rootfs/".utf8) + Array(text.utf8)))
      } catch {
        throw StoreError(
          .refused, operation: "render", subject: image,
          detail: "its pathWhitelist has the path \"\(printable(text.utf8))\", which cannot be followed",
          cause: error)
      }
    }
  }

  private init(_ paths: Set<ArchivePath>) {
    self.paths = paths
  }

  /// Which of the paths of `tree` are listed.
  func numbers(in tree: PathTree) -> Set<PathTree.Number> { Set(paths.lazy.compactMap(tree.find)) }

  /// What both allow; nil allows everything (G4).
  static func intersection(_ outer: PathWhitelist?, _ inner: PathWhitelist?) -> PathWhitelist? {
    guard let outer else { return inner }
    guard let inner else { return outer }
    // A list that loses nothing is shared, not copied.
    if outer.paths.isSubset(of: inner.paths) { return outer }
    return PathWhitelist(outer.paths.intersection(inner.paths))
  }
}
