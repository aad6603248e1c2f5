import ACIArchive

/// The paths of all images of one rendering: each is kept once, is known by a number, and knows its parent.
///
/// A path costs some 35 bytes, whatever its depth and however many images have it; as values of their own the paths
/// of a million files would take several times the memory that rendering may use.
struct PathTree: Sendable {
  /// A path in the tree.
  typealias Number = UInt32

  /// How large a tree may be before the images are refused.
  struct Limits: Sendable {
    var paths = 8_000_000
    var nameBytes = 512 << 20
  }

  private struct Node {
    let parent: Number
    let nameEnd: UInt32
    let hash: UInt32
  }

  /// Above every top-level name; it is no path itself.
  private static let top: Number = 0

  private let limits: Limits
  private var nodes = [Node(parent: PathTree.top, nameEnd: 0, hash: 0)]
  /// The last components of the nodes, one after the other.
  private var names: [UInt8] = []
  /// Numbers at the place of their hash or the next free one; 0 is free.
  private var slots = [Number](repeating: 0, count: 1024)
  /// Where the last path that was looked for lies: entries mostly come directory by directory.
  private var lastParent: (path: [UInt8], number: Number) = ([], PathTree.top)

  init(limits: Limits = Limits()) {
    self.limits = limits
  }

  /// Every number is below this one.
  var endNumber: Int { nodes.count }

  /// The number of a path, which is added with all above it if it is new.
  mutating func insert(_ path: ArchivePath) throws(ArchiveError) -> Number {
    let bytes = path.bytes
    let nameStart = (bytes.lastIndex(of: slash) ?? -1) + 1
    let parentEnd = max(0, nameStart - 1)
    if !bytes[..<parentEnd].elementsEqual(lastParent.path) {
      var number = Self.top
      for component in bytes[..<parentEnd].split(separator: slash) {
        number = try insert(component, in: number)
      }
      lastParent = (Array(bytes[..<parentEnd]), number)
    }
    return try insert(bytes[nameStart...], in: lastParent.number)
  }

  /// The number of a path, or nil if no image has it.
  func find(_ path: ArchivePath) -> Number? {
    var number = Self.top
    for component in path.components {
      guard let next = locate(component, number, hash(component, number)).number else { return nil }
      number = next
    }
    return number
  }

  /// The path above, or nil for a top-level name.
  func parent(of number: Number) -> Number? {
    let parent = nodes[Int(number)].parent
    return parent == Self.top ? nil : parent
  }

  /// The path that has a number.
  func path(_ number: Number) -> ArchivePath {
    var way = [number]
    while let parent = parent(of: way[way.count - 1]) { way.append(parent) }
    var bytes: [UInt8] = []
    for step in way.reversed() {
      if !bytes.isEmpty { bytes.append(slash) }
      bytes += name(of: step)
    }
    return ArchivePath(canonical: bytes)
  }
}

extension PathTree {
  private mutating func insert(_ name: ArraySlice<UInt8>, in parent: Number) throws(ArchiveError) -> Number {
    let hash = hash(name, parent)
    let (slot, known) = locate(name, parent, hash)
    if let known { return known }
    guard nodes.count <= limits.paths, names.count + name.count <= limits.nameBytes else {
      throw ArchiveError(
        .limitExceeded, operation: "render", subject: "",
        detail: "the images have more than \(limits.paths) paths, or \(limits.nameBytes) bytes of names")
    }
    let number = Number(truncatingIfNeeded: nodes.count)
    names += name
    nodes.append(Node(parent: parent, nameEnd: UInt32(truncatingIfNeeded: names.count), hash: hash))
    slots[slot] = number
    if nodes.count * 4 > slots.count * 3 { grow() }
    return number
  }

  /// The node of a name in a directory, or else the slot where it belongs.
  private func locate(
    _ name: ArraySlice<UInt8>, _ parent: Number, _ hash: UInt32
  ) -> (slot: Int, number: Number?) {
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      let node = nodes[Int(slots[slot])]
      if node.hash == hash, node.parent == parent, self.name(of: slots[slot]).elementsEqual(name) {
        return (slot, slots[slot])
      }
      slot = (slot + 1) & mask
    }
    return (slot, nil)
  }

  private func name(of number: Number) -> ArraySlice<UInt8> {
    names[Int(nodes[Int(number) - 1].nameEnd)..<Int(nodes[Int(number)].nameEnd)]
  }

  private mutating func grow() {
    slots = [Number](repeating: 0, count: slots.count * 2)
    let mask = slots.count - 1
    for number in 1..<nodes.count {
      var slot = Int(nodes[number].hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = Number(truncatingIfNeeded: number)
    }
  }

  /// Seeded at random by Swift in each process, so that no image can aim at one slot.
  private func hash(_ name: ArraySlice<UInt8>, _ parent: Number) -> UInt32 {
    var hasher = Hasher()
    hasher.combine(parent)
    name.withUnsafeBytes { hasher.combine(bytes: $0) }
    return UInt32(truncatingIfNeeded: hasher.finalize())
  }
}

private let slash = UInt8(ascii: "/")
