/// What an input is taken for.
///
/// The raw value is the input's first byte, so that seeds and findings can be read and written by hand.
enum StoreTarget: Character, CaseIterable {
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

  private static let all = allCases

  /// The target of this letter; any other byte means some target too, so that no input is wasted.
  init(selector: UInt8) {
    let named = Self.all.first { $0.rawValue.asciiValue == selector }
    self = named ?? Self.all[Int(selector) % Self.all.count]
  }

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
