import ACIArchive
import SystemPackage

/// Finds where the data of a sparse file lies.
///
/// The map depends on the content alone, not on how a file system has laid it out: the same files give the same
/// image wherever they are. Holes are runs of at least 64 KiB of zeros, at multiples of 64 KiB; what the
/// file system knows of its holes only saves reading them.
struct SparseScan {
  private static let granule: Int64 = 65536

  private var segments: [SparseMap.Segment] = []

  /// Nil when the file has no holes, or more runs than an image may have.
  static func map(
    of file: borrowing OwnedDescriptor, bytes: Int64, maxSegments: Int
  ) throws(Errno) -> [SparseMap.Segment]? {
    var scan = SparseScan()
    var offset: Int64 = 0
    while offset < bytes, let data = try Kernel.nextData(file, from: offset) {
      offset = data - data % granule
      let hole = min(try Kernel.nextHole(file, from: data), bytes)
      while offset < hole {
        let length = min(granule, bytes - offset)
        if try !Kernel.isZero(file, at: offset, length: Int(length)) { scan.add(offset, length) }
        offset += length
      }
      if scan.segments.count > maxSegments { return nil }
    }
    return scan.dataBytes == bytes ? nil : scan.segments
  }

  private var dataBytes: Int64 { segments.reduce(0) { $0 + $1.length } }

  private mutating func add(_ offset: Int64, _ length: Int64) {
    if let last = segments.last, last.offset + last.length == offset {
      segments[segments.count - 1] = SparseMap.Segment(offset: last.offset, length: last.length + length)
    } else {
      segments.append(SparseMap.Segment(offset: offset, length: length))
    }
  }
}
