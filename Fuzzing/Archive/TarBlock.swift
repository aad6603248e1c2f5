/// One header block in the making, right or wrong as a recipe wants it, but with a checksum that is right.
struct TarBlock {
  var name: [UInt8]
  var type: Character = "0"
  var mode: Int64 = 0o644
  var uid: Int64 = 0
  var gid: Int64 = 0
  var size: Int64 = 0
  var modified: Int64 = 0
  var link: [UInt8] = []
  var device: (major: Int64, minor: Int64) = (0, 0)
  var magic = Array("ustar\u{0}00".utf8)
  /// Numbers are written in base 256, as GNU does with those that are too large.
  var isBase256 = false
  /// The map of an old GNU sparse file, and its real size.
  var sparse: (numbers: [Int64], size: Int64)?
  /// Bytes to put anywhere.
  var overlay: (offset: Int, bytes: [UInt8])?

  var bytes: [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    block.put(name, at: 0, width: 100)
    for (number, offset, width) in [
      (mode, 100, 8), (uid, 108, 8), (gid, 116, 8), (size, 124, 12), (modified, 136, 12),
      (device.major, 329, 8),
      (device.minor, 337, 8),
    ] {
      block.put(TarBlock.field(number, width, isBase256: isBase256), at: offset, width: width)
    }
    block[156] = type.asciiValue ?? 0
    block.put(link, at: 157, width: 100)
    block.put(magic, at: 257, width: 8)
    if name.count > 100, magic.last == UInt8(ascii: "0") {
      // A name in two fields, cut where it happens to be.
      block.put(name.suffix(100), at: 0, width: 100)
      block.put(name.dropLast(101), at: 345, width: 155)
    }
    if let sparse {
      for (index, number) in sparse.numbers.prefix(8).enumerated() {
        block.put(TarBlock.field(number, 12, isBase256: true), at: 386 + index * 12, width: 12)
      }
      block[482] = sparse.numbers.count > 8 ? 1 : 0
      block.put(TarBlock.field(sparse.size, 12, isBase256: true), at: 483, width: 12)
    }
    if let overlay { block.put(overlay.bytes, at: overlay.offset, width: overlay.bytes.count) }
    block.seal()
    return block
  }

  /// The blocks that carry on an old GNU sparse file's map.
  static func continuation(of numbers: [Int64]) -> [UInt8] {
    let rest = Array(numbers.dropFirst(8))
    return stride(from: 0, to: rest.count, by: 42).flatMap { start in
      var block = [UInt8](repeating: 0, count: 512)
      for (index, number) in rest[start...].prefix(42).enumerated() {
        block.put(field(number, 12, isBase256: true), at: index * 12, width: 12)
      }
      block[504] = rest.count > start + 42 ? 1 : 0
      return block
    }
  }

  /// A number as a field has it: octal where it fits and unless something else is asked for.
  static func field(_ number: Int64, _ width: Int, isBase256: Bool = false) -> [UInt8] {
    let octal = String(UInt64(bitPattern: number), radix: 8)
    if !isBase256, octal.utf8.count < width {
      return Array((String(repeating: "0", count: width - 1 - octal.utf8.count) + octal + "\0").utf8)
    }
    var bytes = [UInt8](repeating: number < 0 ? 0xFF : 0, count: width)
    for index in 0..<min(width, 8) {
      bytes[width - 1 - index] = UInt8(truncatingIfNeeded: number >> (8 * index))
    }
    bytes[0] = bytes[0] & 0x7F | 0x80
    return bytes
  }
}

extension [UInt8] {
  fileprivate mutating func put(_ bytes: some Collection<UInt8>, at offset: Int, width: Int) {
    for (index, byte) in bytes.prefix(width).enumerated() where offset + index < count {
      self[offset + index] = byte
    }
  }

  /// Puts the checksum of the first block of these bytes right.
  fileprivate mutating func seal() {
    put(Array("        ".utf8), at: 148, width: 8)
    let sum = self[..<512].reduce(0) { $0 + Int64($1) }
    put(TarBlock.field(sum, 7), at: 148, width: 7)
  }
}

/// A tar with the right checksum in every block that has a tar's magic.
func withRightChecksums(_ tar: [UInt8]) -> [UInt8] {
  var tar = tar
  for start in stride(from: 0, to: tar.count - 511, by: 512) {
    guard tar[(start + 257)...].prefix(5).elementsEqual("ustar".utf8) else { continue }
    var block = Array(tar[start..<start + 512])
    block.seal()
    tar.replaceSubrange(start..<start + 512, with: block)
  }
  return tar
}
