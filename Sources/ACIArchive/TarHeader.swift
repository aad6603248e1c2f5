/// One 512-byte header block as it stands in the archive: fields cut out and numbers read, nothing decided.
struct TarHeader {
  /// Every header and all content is padded to this.
  static let blockSize = 512

  /// Which tar wrote it.
  enum Format {
    /// POSIX 1003.1: the last field is a prefix of the name.
    case ustar
    /// GNU tar before PAX: the last field is times and a sparse map.
    case gnu
  }

  var format: Format
  var name: [UInt8]
  var linkName: [UInt8]
  var type: UInt8
  var mode: Int64
  var uid: Int64
  var gid: Int64
  var size: Int64
  var modified: Int64
  var deviceMajor: Int64
  var deviceMinor: Int64

  /// Reads a block.
  ///
  /// - Throws: `invalidHeader` when the checksum, the magic or a number is wrong.
  init(_ block: UnsafeRawBufferPointer) throws(ArchiveError) {
    precondition(block.count == TarHeader.blockSize)
    format = try TarHeader.format(of: block)
    guard TarHeader.hasValidChecksum(block) else {
      throw .reading(.invalidHeader, "a header's checksum is wrong; the image is damaged or is not a tar")
    }
    name = TarHeader.text(block[0..<100])
    if format == .ustar {
      // star keeps times in the last bytes of the prefix, and says so at the very end.
      let isStar = block[508..<512].elementsEqual("tar\0".utf8)
      let prefix = TarHeader.text(block[345..<(isStar ? 476 : 500)])
      if !prefix.isEmpty { name = prefix + [slash] + name }
    }
    linkName = TarHeader.text(block[157..<257])
    type = block[156]
    mode = try TarHeader.number(block[100..<108], "mode", of: name)
    uid = try TarHeader.number(block[108..<116], "uid", of: name)
    gid = try TarHeader.number(block[116..<124], "gid", of: name)
    size = try TarHeader.number(block[124..<136], "size", of: name)
    modified = try TarHeader.number(block[136..<148], "mtime", of: name)
    let isDevice = type == UInt8(ascii: "3") || type == UInt8(ascii: "4")
    deviceMajor = isDevice ? try TarHeader.number(block[329..<337], "devmajor", of: name) : 0
    deviceMinor = isDevice ? try TarHeader.number(block[337..<345], "devminor", of: name) : 0
    guard size >= 0 else {
      throw .reading(.invalidHeader, "the size of \"\(excerpt(name))\" is negative")
    }
  }

  /// Whether every byte is zero, as in the blocks that end an archive.
  static func isZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let words = bytes.count / 8
    for index in 0..<words where bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self) != 0 {
      return false
    }
    return bytes[(words * 8)...].allSatisfy { $0 == 0 }
  }

  /// Whether bytes look like the first header of an archive (B7): the magic that every format but v7 has.
  static func hasMagic(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 263 && bytes[257..<262].elementsEqual("ustar".utf8)
  }

  private static func format(of block: UnsafeRawBufferPointer) throws(ArchiveError) -> Format {
    let magic = block[257..<265]
    if magic.elementsEqual("ustar\u{0}00".utf8) { return .ustar }
    if magic.elementsEqual("ustar  \0".utf8) { return .gnu }
    throw .reading(
      .invalidHeader, "a header is neither POSIX nor GNU tar; write the image with a tar made since 1990 (B7)"
    )
  }

  /// The sum of all bytes with the checksum's own taken as blanks; historic tars added signed bytes.
  private static func hasValidChecksum(_ block: UnsafeRawBufferPointer) -> Bool {
    let field = block[148..<156]
    guard field.contains(where: { $0 != 0 && $0 != UInt8(ascii: " ") }),
      let expected = TarNumber.parse(field)
    else { return false }
    var unsigned: Int64 = 0
    var highBytes: Int64 = 0
    for byte in block {
      unsigned += Int64(byte)
      highBytes += Int64(byte >> 7)
    }
    for byte in field {
      unsigned += Int64(UInt8(ascii: " ")) - Int64(byte)
      highBytes -= Int64(byte >> 7)
    }
    return expected == unsigned || expected == unsigned - 256 * highBytes
  }

  /// A text field: up to the first NUL or its whole width.
  static func text(_ field: Slice<UnsafeRawBufferPointer>) -> [UInt8] {
    Array(field.prefix { $0 != 0 })
  }

  private static func number(
    _ field: Slice<UnsafeRawBufferPointer>, _ what: String, of name: [UInt8]
  ) throws(ArchiveError) -> Int64 {
    guard let value = TarNumber.parse(field) else {
      throw .reading(.invalidHeader, "the \(what) of \"\(excerpt(name))\" is not a number")
    }
    return value
  }
}
