@testable import ACIArchive
import FuzzSupport

/// What a reader finds in an image: its entries in their order, each with its whole content.
struct ImageWalk: Equatable {
  struct Member: Equatable {
    var entry: ArchiveEntry
    /// Holes are zeros.
    var content: [UInt8]
  }

  var members: [Member] = []

  /// Limits within which all content of an image fits into memory several times.
  static let smallLimits = {
    var limits = ArchiveLimits.default
    limits.expandedBytes = 1 << 20
    limits.manifestBytes = 64 << 10
    return limits
  }()

  /// Reads an image to its end.
  static func read(_ bytes: [UInt8]) throws(ArchiveError) -> ImageWalk {
    var reader = try ArchiveReader(ByteSource(bytes), options: .init(limits: smallLimits, hashing: false))
    var walk = ImageWalk()
    while let entry = try reader.next() {
      var content = [UInt8](repeating: 0, count: Int(entry.size))
      try reader.readContent { offset, piece throws(ArchiveError) in
        content.replaceSubrange(Int(offset)..<Int(offset) + piece.count, with: piece)
      }
      walk.members.append(Member(entry: entry, content: content))
    }
    return walk
  }

  /// Reads an image within the usual limits, keeps nothing and checks what is handed out; the entries, or nil when
  /// the image is refused.
  static func entries(of bytes: [UInt8]) -> [ArchiveEntry]? {
    accepted { () throws(ArchiveError) in
      var reader = try ArchiveReader(ByteSource(bytes), options: .init(hashing: false))
      var entries: [ArchiveEntry] = []
      while let entry = try reader.next() {
        try checkPieces(of: entry, &reader)
        entries.append(entry)
      }
      return entries
    }
  }

  /// Pieces come in order, lie in runs of the file, and are all that is stored.
  private static func checkPieces(
    of entry: ArchiveEntry, _ reader: inout ArchiveReader
  ) throws(ArchiveError) {
    let runs = entry.sparseMap?.segments ?? [.init(offset: 0, length: entry.size)]
    var end: Int64 = 0
    var stored: Int64 = 0
    try reader.readContent { offset, piece throws(ArchiveError) in
      let next = offset + Int64(piece.count)
      hold(offset >= end && !piece.isEmpty, "pieces come in order: \(entry)")
      hold(
        runs.contains { $0.offset <= offset && next <= $0.offset + $0.length }, "pieces lie in runs: \(entry)"
      )
      end = next
      stored += Int64(piece.count)
    }
    hold(stored == entry.storedSize, "all that is stored is handed out: \(entry)")
  }

  /// Goes on after errors where the reader says that one may, as a validator does; whether there were any.
  static func findsFaults(in bytes: [UInt8]) -> Bool {
    guard
      let box = accepted({ () throws(ArchiveError) in
        ReaderBox(try ArchiveReader(ByteSource(bytes), options: .init(hashing: false)))
      })
    else { return true }
    var faults = 0
    while faults < 1000 {
      do throws(ArchiveError) {
        guard try box.reader.next() != nil else { break }
      } catch {
        holdMessage(error.description)
        faults += 1
        guard box.reader.canContinue else { break }
      }
    }
    return faults > 0
  }

  /// `accepted` returns a copyable value only.
  private final class ReaderBox {
    var reader: ArchiveReader

    init(_ reader: consuming ArchiveReader) {
      self.reader = reader
    }
  }
}
