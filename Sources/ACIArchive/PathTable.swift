/// The paths of an image that have been seen, each with a mark.
///
/// A path is known by 124 bits of a keyed hash instead of by its bytes, so that a million paths take 32 MB however
/// long they are. The key is Swift's, made at random in each process: no image can be made for two of its paths to
/// meet, and by chance two of a million meet once in 10^25 images.
struct PathTable {
  /// What is known to be at a path.
  enum Mark: UInt64 {
    /// A directory that had no entry of its own so far.
    case impliedDirectory
    /// A directory.
    case directory
    /// Something that a hard link may name.
    case linkable
    /// Anything else that is not a directory.
    case other
  }

  /// 64 bits of hash, and 60 more above the mark and a bit that says that the slot is taken.
  private struct Slot {
    static let taken: UInt64 = 1 << 3
    static let hashBits = ~UInt64(0) << 4

    var first: UInt64 = 0
    var second: UInt64 = 0

    var mark: Mark? { Mark(rawValue: second & 0b111) }
    var isFree: Bool { second & Slot.taken == 0 }

    func isSame(as key: Slot) -> Bool {
      first == key.first && (second ^ key.second) & Slot.hashBits == 0
    }
  }

  /// At the place of their hash or the next free one.
  private var slots = [Slot](repeating: Slot(), count: 1024)
  private var count = 0
  /// How many bytes all paths have together.
  private(set) var byteCount = 0

  /// The mark of a path, or nil when it has not been seen.
  subscript(path: ArraySlice<UInt8>) -> Mark? {
    let slot = slots[place(of: key(path))]
    return slot.isFree ? nil : slot.mark
  }

  /// Sets the mark of a path, seen or not.
  mutating func mark(_ path: ArraySlice<UInt8>, _ mark: Mark) {
    var key = key(path)
    let place = place(of: key)
    key.second = key.second & Slot.hashBits | Slot.taken | mark.rawValue
    let isNew = slots[place].isFree
    slots[place] = key
    guard isNew else { return }
    count += 1
    byteCount += path.count
    if count * 4 > slots.count * 3 { grow() }
  }

  /// Where a path is, or else where it belongs.
  private func place(of key: Slot) -> Int {
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: key.first) & mask
    while !slots[place].isFree, !slots[place].isSame(as: key) { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    let old = slots
    slots = [Slot](repeating: Slot(), count: old.count * 2)
    for slot in old where !slot.isFree { slots[place(of: slot)] = slot }
  }

  private func key(_ path: ArraySlice<UInt8>) -> Slot {
    path.withUnsafeBytes { bytes in
      var first = Hasher()
      first.combine(bytes: bytes)
      var second = Hasher()
      second.combine(1 as UInt8)
      second.combine(bytes: bytes)
      return Slot(
        first: UInt64(truncatingIfNeeded: first.finalize()),
        second: UInt64(truncatingIfNeeded: second.finalize()) & Slot.hashBits)
    }
  }
}
