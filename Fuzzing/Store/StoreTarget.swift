import FuzzSupport

/// What an input is taken for.
enum StoreTarget: Character, FuzzTarget {
  case imageRecord = "r"
  case remoteRecord = "m"
  case treeDigest = "d"
  /// Lines of `tree.mtree`.
  case treeListing = "l"
  /// What is made for a listing, and read again.
  case listedFile = "w"

  case fileNames = "f"
  case treeID = "t"
  case lockNames = "k"
  case nameIndex = "n"
  case whitelist = "p"
  case prefix = "i"

  func check(_ bytes: [UInt8]) {
    switch self {
    case .imageRecord: checkImageRecord(bytes)
    case .remoteRecord: checkRemoteRecord(bytes)
    case .treeDigest: checkTreeDigest(bytes)
    case .treeListing: checkTreeListing(bytes)
    case .listedFile: checkListedFile(bytes)
    default: checkName(bytes)
    }
  }

  private func checkName(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    switch self {
    case .fileNames: checkFileNames(text)
    case .treeID: checkTreeID(text)
    case .lockNames: checkLockNames(bytes)
    case .nameIndex: checkNameIndex(text)
    case .whitelist: checkWhitelist(text)
    default: checkPrefix(text)
    }
  }
}
