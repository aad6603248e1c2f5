/// The positions of things of which no two should be the same, found by the hash of what stands there.
///
/// A set of the things would keep a reference to each, and take and drop these in the order of the hashes,
/// which no processor's cache follows; here a thing costs eight to sixteen bytes and is looked at only when
/// the hash says so. Hashes must come from `Hasher`, whose seed nobody outside can know.
struct HashedPositions {
  /// Half a hash above a position plus one; 0 where nothing is.
  private var slots: [UInt64]

  /// Room for so many positions, all below `UInt32.max`.
  init(count: Int) {
    var size = 32
    while size < count * 2 { size *= 2 }
    slots = [UInt64](repeating: 0, count: size)
  }

  /// Whether nothing the same stands at an earlier position; this one is then kept.
  mutating func insert(_ position: Int, hash: Int, isSame: (_ earlier: Int) -> Bool) -> Bool {
    let hash = UInt64(truncatingIfNeeded: hash)
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let earlier = Int(UInt32(truncatingIfNeeded: slots[slot])) - 1
      if slots[slot] >> 32 == hash >> 32, isSame(earlier) { return false }
      slot = (slot + 1) & mask
    }
    slots[slot] = (hash >> 32) << 32 | UInt64(position + 1)
    return true
  }
}
