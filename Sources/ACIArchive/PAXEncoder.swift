/// The records of one PAX header in the making.
struct PAXEncoder {
  private var bytes: [UInt8] = []

  /// Adds a record.
  mutating func add(_ key: String, _ value: some Collection<UInt8>) {
    append(key: Array(key.utf8), value: value)
  }

  /// Adds a record.
  mutating func add(_ key: String, _ value: String) {
    append(key: Array(key.utf8), value: value.utf8)
  }

  /// Adds an extended attribute.
  ///
  /// - Throws: `attributeRefused` for a name with "=", which a record cannot hold.
  mutating func add(_ attribute: ExtendedAttribute, of path: ArchivePath) throws(ArchiveError) {
    guard !attribute.name.contains(UInt8(ascii: "=")) else {
      throw ArchiveError(
        .attributeRefused, operation: "write image", subject: "entry \(excerpt(path.bytes))",
        detail: "the name of the extended attribute \"\(excerpt(attribute.name))\" holds \"=\"; remove it")
    }
    append(key: PAXRecords.xattrPrefix + attribute.name, value: attribute.value)
  }

  /// The header and its content, or nothing when there are no records.
  func blocks(before path: ArchivePath) -> [UInt8] {
    guard !bytes.isEmpty else { return [] }
    var header = HeaderFields()
    _ = header.setName(Array("PaxHeaders/".utf8) + path.lastComponent.prefix(80))
    _ = header.setSize(Int64(bytes.count))
    _ = header.setOwner(0, at: HeaderFields.uid)
    _ = header.setOwner(0, at: HeaderFields.gid)
    _ = header.setTime(.epoch)
    header.setMode(0o644)
    header.setDevice(0, 0)
    header.setType(UInt8(ascii: "x"))
    return header.sealed() + TarEncoder.padded(bytes)
  }

  /// "length key=value\n", where the length counts its own digits.
  private mutating func append(key: [UInt8], value: some Collection<UInt8>) {
    let rest = key.count + value.count + 3
    var length = rest + 1
    while "\(length)".utf8.count + rest != length { length = "\(length)".utf8.count + rest }
    bytes += "\(length) ".utf8
    bytes += key
    bytes.append(UInt8(ascii: "="))
    bytes += value
    bytes.append(UInt8(ascii: "\n"))
  }
}

extension FileTime {
  /// Seconds with sign and, if there are any, nanoseconds without trailing zeros.
  var paxText: String {
    guard nanoseconds != 0 else { return "\(seconds)" }
    // -1.25 is stored as -2 s and 750 000 000 ns.
    let isNegative = seconds < 0
    let whole = isNegative ? (seconds + 1).magnitude : seconds.magnitude
    let part = isNegative ? 1_000_000_000 - nanoseconds : nanoseconds
    var digits = Array("\(part)".utf8)
    digits = [UInt8](repeating: UInt8(ascii: "0"), count: max(0, 9 - digits.count)) + digits
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    return "\(isNegative ? "-" : "")\(whole)." + String(decoding: digits, as: UTF8.self)
  }
}
