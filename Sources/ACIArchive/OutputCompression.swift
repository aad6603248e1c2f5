/// How a written image is compressed.
///
/// All but `none` compress blocks on all processors and join the results in order: the output does not depend
/// on the number of threads. bzip2, xz and zstd need libarchive at run time.
public enum OutputCompression: Hashable, Sendable {
  /// Not at all.
  case none
  /// gzip at level 1 (fast) ... 12 (small), as libdeflate counts: members of 1 MiB each.
  case gzip(level: Int = 6)
  /// bzip2 at level 1 ... 9, which is the size of its blocks in units of 100 kB: a stream of its own for each.
  ///
  /// A thread takes about 10 MB.
  case bzip2(level: Int = 9)
  /// xz at level 0 (fast) ... 9 (small): one stream of blocks that can be decompressed side by side.
  ///
  /// Blocks hold 2.5 MiB up to level 3 and 8 MiB from there on. A thread takes about 25 MB at level 2 and
  /// 130 MB at level 6; a reader takes no more than a block.
  case xz(level: Int = 2)
  /// Zstandard at level 1 (fast) ... 19 (small): frames of 4 MiB each, with checksums.
  ///
  /// The specification does not name it, so other implementations may refuse it. A thread takes about 15 MB at
  /// level 3, 100 MB at level 19.
  case zstd(level: Int = 3)
}

extension OutputCompression {
  /// The way to write again what was read in a compression, at its usual level.
  public init(_ compression: Compression) {
    switch compression {
    case .none: self = .none
    case .gzip: self = .gzip()
    case .bzip2: self = .bzip2()
    case .xz: self = .xz()
    case .zstd: self = .zstd()
    }
  }

  /// What a reader will find.
  public var compression: Compression {
    switch self {
    case .none: .none
    case .gzip: .gzip
    case .bzip2: .bzip2
    case .xz: .xz
    case .zstd: .zstd
    }
  }

  /// How hard it tries; nil for `none`.
  public var level: Int? {
    switch self {
    case .none: nil
    case .gzip(let level), .bzip2(let level), .xz(let level), .zstd(let level): level
    }
  }
}

/// As people write it: a name, and a level after a colon where it is not the usual one.
extension OutputCompression: LosslessStringConvertible {
  /// Takes `gzip`, `bzip2`, `xz`, `zstd` or `none`, all but the last with a level if need be: `xz:6`.
  ///
  /// Nil for anything else; whether the level exists is told by the writer.
  public init?(_ description: String) {
    let parts = description.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let names = Compression.allCases.map { (String(describing: $0), $0) }
    guard let name = parts.first, let (_, compression) = names.first(where: { $0.0 == name }) else {
      return nil
    }
    self.init(compression)
    guard parts.count > 1 else { return }
    guard let level = Int(parts[1]) else { return nil }
    switch compression {
    case .none: return nil
    case .gzip: self = .gzip(level: level)
    case .bzip2: self = .bzip2(level: level)
    case .xz: self = .xz(level: level)
    case .zstd: self = .zstd(level: level)
    }
  }

  /// The name, and the level where it is not the usual one.
  public var description: String {
    guard let level, self != OutputCompression(compression) else { return compression.description }
    return "\(compression):\(level)"
  }
}

extension OutputCompression {
  /// Finds out whether images can be written so here.
  ///
  /// Loads libarchive if the compression needs it; nothing is written.
  ///
  /// - Throws: `unsupported` for a level that does not exist, `missingLibrary` without libarchive or where it
  ///   lacks the compression.
  public func check() throws(ArchiveError) {
    _ = try coding()
  }

  /// The levels that exist; nil for `none`.
  var levels: ClosedRange<Int>? {
    switch self {
    case .none: nil
    case .gzip: 1...12
    case .bzip2: 1...9
    case .xz: 0...9
    // From 20 on a thread takes a gigabyte, and so does a reader.
    case .zstd: 1...19
    }
  }

  /// How blocks are compressed; nil for `none`.
  ///
  /// - Throws: as `check()` does.
  func coding() throws(ArchiveError) -> (any BlockCoding)? {
    guard let level, let levels else { return nil }
    guard levels.contains(level) else {
      let range = "\(levels.lowerBound) (fast) to \(levels.upperBound) (small)"
      throw ArchiveError(
        .unsupported, operation: "write image", subject: "",
        detail: "\(compression) has no level \(level); use \(range)")
    }
    switch self {
    case .none: return nil
    case .gzip: return GzipCoding(level: CInt(level))
    case .bzip2: return try Bzip2Coding(level: level)
    case .xz: return try XZCoding(level: level)
    case .zstd: return try ZstdCoding(level: level)
    }
  }
}
