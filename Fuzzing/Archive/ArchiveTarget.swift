import FuzzSupport

/// What an input is taken for.
enum ArchiveTarget: Character, FuzzTarget {
  /// A recipe, of which `TarRecipe` makes an archive.
  case recipe = "a"
  /// The blocks of a tar; the checksums are put right, which no mutation would find.
  case tar = "t"
  /// A file as it is, in whatever compression.
  case file = "f"
  /// Entries for the writer.
  case entries = "w"

  case gzip = "g"
  case xz = "x"
  case zstd = "z"
  case header = "h"
  case numbers = "n"
  case times = "d"
  case records = "p"
  case sparseMap = "s"
  case path = "q"

  func check(_ bytes: [UInt8]) {
    switch self {
    case .recipe: checkImage(TarRecipe.archive(from: bytes))
    case .tar: checkImage(withRightChecksums(bytes))
    case .file: checkImage(bytes)
    case .entries: checkWriting(of: bytes)
    case .gzip: checkGzip(bytes)
    case .xz: checkXZ(bytes)
    case .zstd: checkZstd(bytes)
    case .header: checkHeader(bytes)
    case .numbers: checkNumbers(bytes)
    case .times: checkTime(bytes)
    case .records: checkRecords(bytes)
    case .sparseMap: checkSparseMap(bytes)
    case .path: checkPaths(bytes)
    }
  }
}
