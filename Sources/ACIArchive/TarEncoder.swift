/// Turns entries into header blocks: POSIX ustar, with a PAX header before it for what ustar cannot say.
enum TarEncoder {
  /// The blocks before an entry's content; for a sparse file its map, too.
  static func header(of entry: ArchiveEntry) throws(ArchiveError) -> [UInt8] {
    var records = PAXEncoder()
    var header = HeaderFields()
    var name = entry.path.bytes
    if entry.kind == .directory { name.append(slash) }
    let map = entry.sparseMap.map { sparseMap($0, size: entry.size) } ?? []
    let stored = Int64(map.count) + entry.storedSize
    if entry.sparseMap != nil {
      records.add("GNU.sparse.major", "1")
      records.add("GNU.sparse.minor", "0")
      records.add("GNU.sparse.name", name)
      records.add("GNU.sparse.realsize", "\(entry.size)")
      // What a reader without sparse files makes of it gets a name that says so.
      name = Array("GNUSparseFile/".utf8) + entry.path.lastComponent
    }
    if !header.setName(name), entry.sparseMap == nil { records.add("path", name) }
    if !header.setLink(entry.linkTarget) { records.add("linkpath", entry.linkTarget) }
    if !header.setSize(stored) { records.add("size", "\(stored)") }
    if !header.setOwner(entry.uid, at: HeaderFields.uid) { records.add("uid", "\(entry.uid)") }
    if !header.setOwner(entry.gid, at: HeaderFields.gid) { records.add("gid", "\(entry.gid)") }
    if !header.setTime(entry.modified) { records.add("mtime", entry.modified.paxText) }
    for attribute in entry.xattrs.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
      try records.add(attribute, of: entry.path)
    }
    header.setMode(entry.mode)
    header.setDevice(entry.deviceMajor, entry.deviceMinor)
    header.setType(entry.kind.typeFlag)
    return records.blocks(before: entry.path) + header.sealed() + map
  }

  /// The map as GNU's version 1.0 has it, padded to whole blocks.
  private static func sparseMap(_ map: SparseMap, size: Int64) -> [UInt8] {
    // GNU tar takes the end of the last run for the end of the file: an empty one says where that is.
    let segments = map.segments + [SparseMap.Segment(offset: size, length: 0)]
    var text = "\(segments.count)\n"
    for segment in segments { text += "\(segment.offset)\n\(segment.length)\n" }
    return padded(Array(text.utf8))
  }

  /// Bytes filled up with zeros to whole blocks.
  static func padded(_ bytes: [UInt8]) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: ContentCursor.padding(after: Int64(bytes.count)))
  }
}

/// One header block in the making.
struct HeaderFields {
  static let uid = 108
  static let gid = 116
  private var block = [UInt8](repeating: 0, count: TarHeader.blockSize)

  init() {
    put("ustar\u{0}00".utf8, at: 257)
  }

  /// Sets the name, split over two fields if need be.
  ///
  /// False when it does not fit; then its beginning is there for readers without PAX.
  mutating func setName(_ name: [UInt8]) -> Bool {
    if name.count <= 100 {
      put(name, at: 0)
      return true
    }
    // The latest slash that leaves a prefix of at most 155 bytes, and not the one that ends a directory's
    // name.
    let end = min(156, name.count - 1)
    if let split = name[..<end].lastIndex(of: slash), split > 0, name.count - split - 1 <= 100 {
      put(name[(split + 1)...], at: 0)
      put(name[..<split], at: 345)
      return true
    }
    put(name.prefix(100), at: 0)
    return false
  }

  mutating func setLink(_ target: [UInt8]) -> Bool {
    put(target.prefix(100), at: 157)
    return target.count <= 100
  }

  mutating func setSize(_ size: Int64) -> Bool {
    putOctal(UInt64(clamping: size), at: 124, digits: 11)
  }

  mutating func setOwner(_ number: UInt32, at offset: Int) -> Bool {
    putOctal(UInt64(number), at: offset, digits: 7)
  }

  /// False when there are nanoseconds or the time does not fit; whole seconds are there for readers without
  /// PAX.
  mutating func setTime(_ time: FileTime) -> Bool {
    let fits = putOctal(UInt64(clamping: time.seconds), at: 136, digits: 11)
    return fits && time.seconds >= 0 && time.nanoseconds == 0
  }

  mutating func setMode(_ mode: UInt16) {
    _ = putOctal(UInt64(mode), at: 100, digits: 7)
  }

  mutating func setDevice(_ major: UInt32, _ minor: UInt32) {
    _ = putOctal(UInt64(major), at: 329, digits: 7)
    _ = putOctal(UInt64(minor), at: 337, digits: 7)
  }

  mutating func setType(_ type: UInt8) {
    block[156] = type
  }

  /// The block with its checksum.
  consuming func sealed() -> [UInt8] {
    put([UInt8](repeating: UInt8(ascii: " "), count: 8), at: 148)
    let sum = block.reduce(0) { $0 + UInt64($1) }
    _ = putOctal(sum, at: 148, digits: 6)
    return block
  }

  private mutating func put(_ bytes: some Collection<UInt8>, at offset: Int) {
    block.replaceSubrange(offset..<offset + bytes.count, with: bytes)
  }

  /// Writes leading zeros, digits and a NUL.
  ///
  /// False, and zero written, when the number has more digits.
  private mutating func putOctal(_ number: UInt64, at offset: Int, digits: Int) -> Bool {
    let fits = number >> UInt64(digits * 3) == 0
    for place in 0..<digits {
      let digit = fits ? UInt8(number >> UInt64((digits - 1 - place) * 3) & 7) : 0
      block[offset + place] = UInt8(ascii: "0") + digit
    }
    block[offset + digits] = 0
    return fits
  }
}

extension EntryKind {
  fileprivate var typeFlag: UInt8 {
    switch self {
    case .regular: UInt8(ascii: "0")
    case .hardLink: UInt8(ascii: "1")
    case .symbolicLink: UInt8(ascii: "2")
    case .characterDevice: UInt8(ascii: "3")
    case .blockDevice: UInt8(ascii: "4")
    case .directory: UInt8(ascii: "5")
    case .fifo: UInt8(ascii: "6")
    }
  }
}
