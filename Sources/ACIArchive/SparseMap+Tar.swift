/// The four ways in which a tar says where a sparse file's data lies.
extension SparseMap {
  /// Reads the map out of PAX records, versions 0.0 and 0.1.
  ///
  /// Nil when the entry is not sparse, or has its map in its content (version 1.0, see `SparseMapReader`).
  init?(_ records: PAXRecords.SparseRecords, limits: ArchiveLimits) throws(ArchiveError) {
    guard records.isPresent, !records.isVersion1 else { return nil }
    guard records.major ?? 0 == 0, records.minor ?? 0 <= 1, let size = records.realSize else {
      throw .reading(.unsupported, "a sparse file's version is not known, or its size is missing")
    }
    var numbers = records.runs
    if let map = records.map {
      guard numbers.isEmpty else { throw .reading(.invalidHeader, "a sparse file has two maps") }
      let most = limits.sparseNumbers
      // No need to cut up more than may be.
      let texts = map.split(separator: UInt8(ascii: ","), maxSplits: most, omittingEmptySubsequences: false)
      guard texts.count <= most else { throw SparseMap.tooLong(limits) }
      for text in texts {
        guard let number = TarNumber.decimal(text) else {
          throw .reading(.invalidHeader, "a sparse map holds something that is not a number")
        }
        numbers.append(number)
      }
    }
    try self.init(numbers: numbers, size: size, limits: limits)
  }

  /// Pairs up offsets and lengths.
  init(numbers: [Int64], size: Int64, limits: ArchiveLimits) throws(ArchiveError) {
    guard numbers.count.isMultiple(of: 2) else {
      throw .reading(.invalidHeader, "a sparse map has an offset without a length")
    }
    guard numbers.count / 2 <= limits.sparseSegments else { throw SparseMap.tooLong(limits) }
    let segments = stride(from: 0, to: numbers.count, by: 2).map {
      Segment(offset: numbers[$0], length: numbers[$0 + 1])
    }
    try self.init(segments, size: size)
  }

  /// Appends the runs of a block of an old GNU sparse file: `count` times two 12-byte numbers from `offset`,
  /// of which the first blank one is the last.
  static func appendRuns(
    from block: UnsafeRawBufferPointer, at offset: Int, count: Int, to numbers: inout [Int64]
  ) throws(ArchiveError) {
    for index in 0..<count {
      let field = block[(offset + index * 24)..<(offset + index * 24 + 24)]
      guard field.contains(where: { $0 != 0 }) else { return }
      guard let start = TarNumber.parse(field.prefix(12)), let length = TarNumber.parse(field.suffix(12)),
        start >= 0
      else { throw .reading(.invalidHeader, "a sparse map holds something that is not a number") }
      numbers.append(start)
      numbers.append(length)
    }
  }

  static func tooLong(_ limits: ArchiveLimits) -> ArchiveError {
    .reading(
      .limitExceeded,
      "a sparse map has more than \(limits.sparseSegments) runs; raise sparseSegments to allow it")
  }
}

extension ArchiveLimits {
  /// Numbers in a sparse map, two for each run; whoever wants no limit says `Int.max`.
  fileprivate var sparseNumbers: Int {
    let (count, overflow) = max(0, sparseSegments).multipliedReportingOverflow(by: 2)
    return overflow ? .max : count
  }
}

extension PAXRecords.SparseRecords {
  /// Version 1.0 has its map in the content.
  var isVersion1: Bool { major == 1 && minor == 0 }
}

/// Reads the map that stands before the data of a sparse file of version 1.0: the number of runs, then offset
/// and length of each, every number in decimal and on a line of its own, padded to a block.
struct SparseMapReader {
  /// A number has no more digits, and a line that does not end must not fill the memory.
  private static let longestLine = 20

  private let limits: ArchiveLimits
  private var numbers: [Int64] = []
  private var expected: Int?
  private var line: [UInt8] = []

  init(limits: ArchiveLimits) {
    self.limits = limits
  }

  /// Takes a block of content.
  ///
  /// Returns the numbers when they are complete.
  mutating func add(_ block: UnsafeRawBufferPointer) throws(ArchiveError) -> [Int64]? {
    for byte in block {
      if let expected, numbers.count == expected {
        guard byte == 0 else { throw .reading(.invalidHeader, "a sparse map is not padded with zeros") }
      } else if byte == UInt8(ascii: "\n") {
        try endLine()
      } else {
        guard line.count < SparseMapReader.longestLine else { throw SparseMapReader.noNumber }
        line.append(byte)
      }
    }
    return numbers.count == expected ? numbers : nil
  }

  private mutating func endLine() throws(ArchiveError) {
    guard let number = TarNumber.decimal(line) else { throw SparseMapReader.noNumber }
    line = []
    if expected == nil {
      let (count, overflow) = Int(clamping: number).multipliedReportingOverflow(by: 2)
      guard number <= limits.sparseSegments, !overflow else { throw SparseMap.tooLong(limits) }
      expected = count
    } else {
      numbers.append(number)
    }
  }

  private static var noNumber: ArchiveError {
    .reading(.invalidHeader, "a sparse map holds something that is not a number")
  }
}
