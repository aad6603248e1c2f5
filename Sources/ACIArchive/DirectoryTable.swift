/// The directories that an extraction has made, and what each is to become in the end.
///
/// Compact, for an image may consist of directories: a record of fixed size and the bytes of the path for each.
struct DirectoryTable {
  private struct Record {
    let offset: Int
    let length: UInt32
    var mode: UInt16
    var uid: UInt32
    var gid: UInt32
    var modified: FileTime
    let inode: UInt64
  }

  private var bytes: [UInt8] = []
  private var records: [Record] = []
  /// Rare, so kept apart.
  private var attributes: [Int: [ExtendedAttribute]] = [:]
  /// Bytes of all attributes that were ever added.
  private(set) var attributeBytes = 0
  /// Indices of records plus one, at the place of their hash or the next free one; 0 is free.
  private var slots = [UInt32](repeating: 0, count: 256)

  var count: Int { records.count }

  /// The number of the directory at a path, or nil when it has not been made.
  func index(of path: ArraySlice<UInt8>) -> Int? { locate(path).record }

  /// Adds a directory that was just made; its path is not in the table yet.
  mutating func add(_ entry: ArchiveEntry, inode: UInt64) {
    let slot = locate(entry.path.bytes[...]).slot
    records.append(
      Record(
        offset: bytes.count, length: UInt32(truncatingIfNeeded: entry.path.bytes.count), mode: entry.mode,
        uid: entry.uid, gid: entry.gid, modified: entry.modified, inode: inode))
    bytes.append(contentsOf: entry.path.bytes)
    slots[slot] = UInt32(truncatingIfNeeded: records.count)
    if !entry.xattrs.isEmpty { attributes[records.count - 1] = entry.xattrs }
    attributeBytes += entry.attributeBytes
    if records.count * 2 > slots.count { grow() }
  }

  /// Gives a directory, made for what is in it, the metadata of its own entry.
  mutating func update(_ index: Int, to entry: ArchiveEntry) {
    records[index].mode = entry.mode
    records[index].uid = entry.uid
    records[index].gid = entry.gid
    records[index].modified = entry.modified
    attributes[index] = entry.xattrs.isEmpty ? nil : entry.xattrs
    attributeBytes += entry.attributeBytes
  }

  /// What a directory is to become, and the file that it is.
  subscript(index: Int) -> (entry: ArchiveEntry, inode: UInt64) {
    let record = records[index]
    let entry = ArchiveEntry(
      path: ArchivePath(canonical: Array(path(of: record))), kind: .directory, mode: record.mode,
      uid: record.uid, gid: record.gid, modified: record.modified, xattrs: attributes[index] ?? [])
    return (entry, record.inode)
  }

  private func path(of record: Record) -> ArraySlice<UInt8> {
    bytes[record.offset..<record.offset + Int(record.length)]
  }

  /// The record of a path, or else the slot where it belongs.
  private func locate(_ path: ArraySlice<UInt8>) -> (slot: Int, record: Int?) {
    let mask = slots.count - 1
    var slot = hash(path) & mask
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if self.path(of: records[index]).elementsEqual(path) { return (slot, index) }
      slot = (slot + 1) & mask
    }
    return (slot, nil)
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    let mask = slots.count - 1
    for (index, record) in records.enumerated() {
      var slot = hash(path(of: record)) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(truncatingIfNeeded: index + 1)
    }
  }

  /// Seeded at random by Swift in each process, so that no image can aim at one slot.
  private func hash(_ path: ArraySlice<UInt8>) -> Int {
    var hasher = Hasher()
    path.withUnsafeBytes { hasher.combine(bytes: $0) }
    return hasher.finalize()
  }
}

extension ArchiveEntry {
  /// Memory that its extended attributes take, in bytes.
  var attributeBytes: Int { xattrs.reduce(0) { $0 + $1.name.count + $1.value.count + 64 } }
}
