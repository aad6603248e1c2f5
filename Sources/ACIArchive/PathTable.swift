/// The paths of an image that have been seen, each with a mark.
///
/// Exact, by bytes, and without an allocation a path: all bytes lie in one array.
struct PathTable {
  /// What is known to be at a path.
  enum Mark: UInt8 {
    /// A directory that had no entry of its own so far.
    case impliedDirectory
    /// A directory.
    case directory
    /// Something that a hard link may name.
    case linkable
    /// Anything else that is not a directory.
    case other
  }

  private struct Record {
    let hash: UInt32
    let offset: UInt32
    let length: UInt32
    var mark: Mark
  }

  private var bytes: [UInt8] = []
  private var records: [Record] = []
  /// Indices of records plus one, at the place of their hash or the next free one; 0 is free.
  private var slots = [UInt32](repeating: 0, count: 1024)

  /// How many bytes all paths have together.
  var byteCount: Int { bytes.count }

  /// The mark of a path, or nil when it has not been seen.
  subscript(path: ArraySlice<UInt8>) -> Mark? {
    let (_, index) = locate(path, hash(path))
    return index.map { records[$0].mark }
  }

  /// Sets the mark of a path, seen or not.
  ///
  /// All paths together must stay below 4 GiB.
  mutating func mark(_ path: ArraySlice<UInt8>, _ mark: Mark) {
    let hash = hash(path)
    let (slot, index) = locate(path, hash)
    if let index {
      records[index].mark = mark
      return
    }
    records.append(
      Record(
        hash: hash, offset: UInt32(truncatingIfNeeded: bytes.count),
        length: UInt32(truncatingIfNeeded: path.count), mark: mark))
    bytes.append(contentsOf: path)
    slots[slot] = UInt32(truncatingIfNeeded: records.count)
    if records.count * 2 > slots.count { grow() }
  }

  /// The record of a path, or else the slot where it belongs.
  private func locate(_ path: ArraySlice<UInt8>, _ hash: UInt32) -> (slot: Int, record: Int?) {
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if records[index].hash == hash, isSame(records[index], path) { return (slot, index) }
      slot = (slot + 1) & mask
    }
    return (slot, nil)
  }

  private func isSame(_ record: Record, _ path: ArraySlice<UInt8>) -> Bool {
    guard Int(record.length) == path.count else { return false }
    return bytes[Int(record.offset)..<Int(record.offset) + path.count].elementsEqual(path)
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    let mask = slots.count - 1
    for (index, record) in records.enumerated() {
      var slot = Int(record.hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(truncatingIfNeeded: index + 1)
    }
  }

  /// Seeded at random by Swift in each process, so that no image can aim at one slot.
  private func hash(_ path: ArraySlice<UInt8>) -> UInt32 {
    var hasher = Hasher()
    path.withUnsafeBytes { hasher.combine(bytes: $0) }
    return UInt32(truncatingIfNeeded: hasher.finalize())
  }
}
