import ACIArchive
import SystemPackage

/// Compares a rendered tree with the listing that was written when it was made.
///
/// One pass over the listing: each file is looked up beneath the root file system by descriptor, no link
/// followed and nothing but regular files and directories opened. What is not listed shows by the number of
/// names in the listed directories, and is searched for only then. So memory does not grow with the tree,
/// unless it is damaged.
struct TreeVerification: ~Copyable {
  /// What was found.
  struct Result: Equatable {
    /// Files, directories and links that were compared.
    var files = 0
    /// Files and directories that their own modes keep from being read, by anybody but root.
    var unreadable = 0
    /// Bytes of content that were read.
    var bytes: Int64 = 0
    /// The first differences.
    var differences: [TreeDifference] = []
    /// All differences.
    var differenceCount = 0
  }

  /// Told how many bytes have been read so far; what it throws ends the comparison.
  typealias Progress = (Int64) throws(StoreError) -> Void

  static let maxDifferences = 16

  private let tree: CInt
  let progress: Progress
  var place: TreePlace
  var digest: ContentDigest
  var buffer = [UInt8](repeating: 0, count: 1 << 18)
  var result = Result()
  /// Names found in the listed directories.
  var names = 0
  private var missing = 0

  /// Prepares to compare what is in the directory `tree`, which stays open until the end.
  init(of tree: CInt, progress: @escaping Progress = { (_) throws(StoreError) in }) throws(StoreError) {
    self.tree = tree
    self.progress = progress
    place = TreePlace(tree: tree)
    do {
      digest = try ContentDigest()
    } catch {
      throw StoreError(error, operation: "verify", subject: "tree")
    }
  }

  /// Compares everything with the listing, of which `expected` is known.
  ///
  /// Throws what keeps the tree from being read.
  consuming func run(expected: TreeDigest.Listing) throws(StoreError) -> Result {
    do throws(TreeListingReader.Failure) {
      var reader = try openListing()
      while let file = try reader.next() { try check(file) }
      let sha512 = try reader.finish()
      guard sha512 == expected.sha512, result.files == expected.entries else { throw .malformed }
      // The root itself is listed, but is in no directory.
      let isWhole = missing == 0 && names == expected.entries - 1
      if !isWhole, result.unreadable == 0 { try findUnlisted() }
    } catch {
      switch error {
      case .malformed: note(.listing, [])
      case .unreadable(let error): throw error
      }
    }
    return result
  }

  func openListing() throws(TreeListingReader.Failure) -> TreeListingReader {
    let file: OwnedDescriptor
    do throws(Errno) {
      file = try Kernel.openToRead(tree, StoreLayout.treeListingName)
    } catch .noSuchFileOrDirectory, .tooManySymbolicLinkLevels {
      throw .malformed
    } catch {
      throw .unreadable(StoreError(system: error, operation: "verify", subject: "listing of a tree"))
    }
    return try TreeListingReader(file)
  }

  mutating func note(_ kind: TreeDifference.Kind, _ path: [UInt8]) {
    result.differenceCount += 1
    guard result.differences.count < Self.maxDifferences else { return }
    result.differences.append(TreeDifference(path: path, kind: kind))
  }

  private mutating func check(_ file: ListedFile) throws(TreeListingReader.Failure) {
    result.files += 1
    do throws(StoreError) {
      if let difference = try difference(of: file) { note(difference, file.path) }
    } catch {
      switch error.errno {
      case .noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels, .improperLink:
        missing += 1
        note(.missing, file.path)
      case .permissionDenied: result.unreadable += 1
      default: throw .unreadable(error)
      }
    }
  }
}
